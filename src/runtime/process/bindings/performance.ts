import type { BindingFactory } from '../context.ts';
import { histogramClasses } from '../performance/histograms.ts';

const NANOSECONDS = 1e6;
/** In nanoseconds. */
const MICROSECOND = 1000;

/** `internalBinding('performance')`: the clock of perf_hooks and the milestones of the start. */
export const performanceBinding: BindingFactory = (context) => {
  const described = context.described('performance');
  const constants = described['constants'] as Record<string, number>;
  const { host, loop } = context;
  const milestones = new Float64Array(Object.keys(constants).filter((key) => /MILESTONE/.test(key)).length + 1).fill(
    -1,
  );
  const set = (name: string, value: number) => {
    const index = constants[`NODE_PERFORMANCE_MILESTONE_${name}`];
    if (index !== undefined) milestones[index] = value;
  };
  let last = 0;
  // On the clock of `process.hrtime`, which Node's library compares them with.
  const nanoseconds = () => (host.timeOrigin + host.now()) * NANOSECONDS;
  context.whenLaunched(() => {
    // What was read before, in a rehearsal, is of another origin.
    last = 0;
    const origin = context.timeOrigin * NANOSECONDS;
    set('TIME_ORIGIN_TIMESTAMP', origin / 1000);
    set('TIME_ORIGIN', origin);
    // One moment here; in the order that programs expect.
    const start = nanoseconds();
    for (const [at, name] of ['NODE_START', 'V8_START', 'ENVIRONMENT'].entries()) set(name, start + at * MICROSECOND);
  });
  // A browser's clock stands still for microseconds; two readings still differ, as they do natively.
  const now = () => {
    last = Math.max(context.uptime(), last + 1 / NANOSECONDS);
    return last;
  };
  loop.whenStarted(() => set('LOOP_START', nanoseconds()));
  loop.whenDone(() => set('LOOP_EXIT', nanoseconds()));
  for (const name of Object.keys(constants)) {
    if (/_ENTRY_TYPE_|_MILESTONE_/.test(name)) Object.defineProperty(constants, name, { enumerable: false });
  }
  return {
    ...described,
    ...histogramClasses(context),
    milestones,
    observerCounts: new Uint32Array(8),
    now,
    setupObservers: () => undefined,
    installGarbageCollectionTracking: () => undefined,
    removeGarbageCollectionTracking: () => undefined,
    notify: () => undefined,
    loopIdleTime: () => loop.metrics.idle,
    markBootstrapComplete: () => set('BOOTSTRAP_COMPLETE', nanoseconds()),
    uvMetricsInfo: () => [loop.metrics.turns, loop.metrics.events, loop.metrics.eventsWaiting],
  };
};
