import type { BindingFactory } from '../context.ts';

/** `internalBinding('profiler')`: a browser counts no calls, so there is never any coverage to write. */
export const profiler: BindingFactory = (context) => ({
  ...context.described('profiler'),
  setCoverageDirectory: () => undefined,
  setSourceMapCacheGetter: () => undefined,
  takeCoverage: () => undefined,
  stopCoverage: () => undefined,
});
