import type { CoreBindingFactory } from '../core.ts';
import type { Resumable } from '../event-loop.ts';

/** `internalBinding('task_queue')`: ticks, microtasks and rejections. */
export const taskQueue: CoreBindingFactory = (core) => {
  let lastDomain: unknown;
  return {
    ...core.described('task_queue'),
    tickInfo: core.loop.tickInfo,
    // Nobody but a `finally` path of the library calls it: the loop yields to the browser instead.
    runMicrotasks: () => undefined,
    /** Of our patch. */
    tickScheduled: () => core.loop.tickScheduled(),
    setTickCallback(callback: Resumable) {
      core.loop.tickCallback = callback;
    },
    enqueueMicrotask(callback: () => void) {
      const snapshot = core.asyncState.capture();
      core.host.queueMicrotask(() => {
        if (core.loop.stopped) return;
        core.asyncState.restore(snapshot);
        try {
          callback();
        } catch (error) {
          core.reportFatal(error);
        }
      });
    },
    setPromiseRejectCallback(callback: NonNullable<typeof core.rejectionCallback>) {
      core.rejectionCallback = callback;
    },
    /** Of our patches: the domain that is entered now, if any. */
    noteDomain(domain: unknown) {
      lastDomain = domain ?? lastDomain;
    },
    /** The domain in which a promise was rejected: the one it was made in, where async_hooks saw that, else the last that was entered. */
    domainOf: (promise: object) => (Object.hasOwn(promise, 'domain') ? Reflect.get(promise, 'domain') : lastDomain),
  };
};
