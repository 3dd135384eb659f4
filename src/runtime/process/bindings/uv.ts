import type { CoreBindingFactory } from '../core.ts';
import { warnAhead } from '../options/pending-deprecations.ts';

const ERRNAME =
  "Directly calling process.binding('uv').errname(<val>) is being deprecated. Please make sure to use util.getSystemErrorName() instead.";

/** `internalBinding('uv')`: error numbers. */
export const uv: CoreBindingFactory = (core) => ({
  ...core.described('uv'),
  errname(errno: number) {
    warnAhead(core, ERRNAME, 'DEP0119');
    return core.errnoNameOf(errno) ?? `Unknown system error ${errno}`;
  },
  getErrorMap: () => new Map(core.library.facts.errorMap),
  getErrorMessage: (errno: number) => core.errnoMessageOf(errno) ?? `Unknown system error ${errno}`,
});
