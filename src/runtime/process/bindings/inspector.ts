import type { BindingFactory } from '../context.ts';

/** `internalBinding('inspector')`: there is no debugger. */
export const inspector: BindingFactory = (context) => ({
  ...context.described('inspector'),
  isEnabled: () => false,
  url: () => undefined,
  console: {},
  setConsoleExtensionInstaller: () => undefined,
  registerAsyncHook: () => undefined,
});
