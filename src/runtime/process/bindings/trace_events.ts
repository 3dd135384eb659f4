import type { BindingFactory } from '../context.ts';

/** `internalBinding('trace_events')`: the module can be loaded, since tools import it for what they do only when asked; nothing is traced. */
export const traceEvents: BindingFactory = (context) => {
  class CategorySet {
    enable(): never {
      throw Object.assign(new Error('Trace events are not available: a browser gives a page no tracing.'), {
        code: 'ERR_TRACE_EVENTS_UNAVAILABLE',
      });
    }
    disable(): boolean {
      return false;
    }
  }
  return {
    ...context.described('trace_events'),
    CategorySet,
    isTraceCategoryEnabled: () => false,
    getCategoryEnabledBuffer: () => new Uint8Array(1),
    setTraceCategoryStateUpdateHandler: () => undefined,
    getEnabledCategories: () => undefined,
    trace: () => undefined,
  };
};
