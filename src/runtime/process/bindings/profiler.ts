import type { CoreBindingFactory } from '../core.ts';

/** `internalBinding('profiler')`: see `../block-coverage/`. */
export const profiler: CoreBindingFactory = (core) => ({
  ...core.described('profiler'),
  setCoverageDirectory(folder: string) {
    core.coverageFiles.folder = folder;
  },
  setSourceMapCacheGetter(getter: () => unknown) {
    core.coverageFiles.sourceMaps = getter;
  },
  takeCoverage: () => core.coverageFiles.take(),
  stopCoverage: () => core.coverageFiles.stop(),
  endCoverage: () => core.coverageFiles.end(),
});
