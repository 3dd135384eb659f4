import type { BindingFactory } from '../context.ts';

/** `internalBinding('worker')`: this is the main thread. Threads themselves are not there yet. */
export const worker: BindingFactory = (context) => ({
  ...context.described('worker'),
  isMainThread: true,
  isInternalThread: false,
  ownsProcessState: true,
  threadId: 0,
  getEnvMessagePort: () => undefined,
  resourceLimits: new Float64Array(4),
});
