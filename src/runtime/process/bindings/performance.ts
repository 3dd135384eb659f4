import type { BindingFactory } from '../context.ts';

const NANOSECONDS = 1e6;

/** `internalBinding('performance')`: the clock of perf_hooks and the milestones of the start. */
export const performanceBinding: BindingFactory = (context) => {
  const described = context.described('performance');
  const constants = described['constants'] as Record<string, number>;
  const { host } = context;
  const startedAt = host.now();
  const milestones = new Float64Array(Object.keys(constants).filter((key) => /MILESTONE/.test(key)).length + 1).fill(
    -1,
  );
  const set = (name: string, value: number) => {
    const index = constants[`NODE_PERFORMANCE_MILESTONE_${name}`];
    if (index !== undefined) milestones[index] = value;
  };
  set('TIME_ORIGIN_TIMESTAMP', (host.timeOrigin + startedAt) * 1000);
  set('TIME_ORIGIN', startedAt * NANOSECONDS);
  for (const name of ['ENVIRONMENT', 'NODE_START', 'V8_START', 'LOOP_START']) set(name, startedAt * NANOSECONDS);
  return {
    ...described,
    milestones,
    observerCounts: new Uint32Array(8),
    now: () => host.now() - startedAt,
    setupObservers: () => undefined,
    installGarbageCollectionTracking: () => undefined,
    removeGarbageCollectionTracking: () => undefined,
    notify: () => undefined,
    loopIdleTime: () => 0,
    markBootstrapComplete: () => set('BOOTSTRAP_COMPLETE', host.now() * NANOSECONDS),
    uvMetricsInfo: () => [0, 0, 0],
  };
};
