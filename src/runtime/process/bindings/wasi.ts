import type { BindingFactory } from '../context.ts';

/** `internalBinding('wasi')`: the class beneath `node:wasi`. Few programs use it: it is an optional part. */
export const wasi: BindingFactory = (context) => ({
  WASI: (context.loadPart('wasi') as typeof import('../wasi/part.ts')).wasiClass(context),
});
