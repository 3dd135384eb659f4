import type { BindingFactory } from '../context.ts';

/** `internalBinding('http2')`: the module can be loaded (clients of http/1 do so in passing); a session cannot be made. */
export const http2: BindingFactory = (context) => ({
  ...context.described('http2'),
  setCallbackFunctions: () => undefined,
  Http2Session: class Http2Session {
    constructor() {
      throw Object.assign(new Error('HTTP/2 is not available in this sandbox: use http.'), {
        code: 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM',
      });
    }
  },
});
