import type { CoreBindingFactory } from '../core.ts';

/** `internalBinding('uv')`: error numbers. */
export const uv: CoreBindingFactory = (core) => ({
  ...core.described('uv'),
  errname: (errno: number) => core.errnoNameOf(errno) ?? `Unknown system error ${errno}`,
  getErrorMap: () => new Map(core.library.facts.errorMap),
  getErrorMessage: (errno: number) => core.errnoMessageOf(errno) ?? `Unknown system error ${errno}`,
});
