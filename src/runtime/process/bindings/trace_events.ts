import type { BindingFactory } from '../context.ts';

/** `internalBinding('trace_events')`: nothing is traced. */
export const traceEvents: BindingFactory = (context) => ({
  ...context.described('trace_events'),
  isTraceCategoryEnabled: () => false,
  getCategoryEnabledBuffer: () => new Uint8Array(1),
  setTraceCategoryStateUpdateHandler: () => undefined,
  getEnabledCategories: () => undefined,
  trace: () => undefined,
});
