import type { BindingFactory } from '../context.ts';

/** `internalBinding('inspector')`: the module can be loaded, since tools import it for what they do only when asked; it connects to nothing. */
export const inspector: BindingFactory = (context) => {
  const refuse = (): never => {
    throw Object.assign(new context.global.Error('Inspector is not available: a browser gives a page no debugger.'), {
      code: 'ERR_INSPECTOR_NOT_AVAILABLE',
    });
  };
  class Connection {
    constructor() {
      refuse();
    }
  }
  return {
    ...context.described('inspector'),
    Connection,
    MainThreadConnection: Connection,
    open: refuse,
    waitForDebugger: () => false,
    isEnabled: () => false,
    url: () => undefined,
    console: {},
    setConsoleExtensionInstaller: () => undefined,
    registerAsyncHook: () => undefined,
    emitProtocolEvent: () => undefined,
  };
};
