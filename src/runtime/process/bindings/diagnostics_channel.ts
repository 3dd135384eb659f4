import type { BindingFactory } from '../context.ts';

/** `internalBinding('diagnostics_channel')`. */
export const diagnosticsChannel: BindingFactory = (context) => ({
  ...context.described('diagnostics_channel'),
  linkNativeChannel: () => undefined,
  subscribers: new Uint32Array(1024),
});
