import type { BindingFactory } from '../context.ts';
import { unsupported } from '../crypto/errors.ts';
import { guestMethod, handleClasses } from '../streams/handle-wrap.ts';
import { kLastWriteWasAsync, streamClasses } from '../streams/stream-wrap.ts';

/**
 * `internalBinding('tls_wrap')`: there is no TLS. A context can be made, a server listen and a client connect, so that programs
 * which only might need it run; the handshake is what fails, as an `error` of the socket.
 */
export const tlsWrap: BindingFactory = (context) => {
  const { loop, asyncContext } = context;
  const { AsyncWrap } = handleClasses(context);
  const { streamBaseState } = streamClasses(context);

  /** What is written waits for the handshake. */
  const hold = (): number => {
    streamBaseState[kLastWriteWasAsync] = 1;
    return 0;
  };

  class TLSWrap extends AsyncWrap {
    readonly isStreamBase = true;
    reading = false;
    bytesRead = 0;
    bytesWritten = 0;
    writeQueueSize = 0;
    #destroyed = false;

    constructor() {
      super('TLSWRAP');
    }

    /** The handshake. */
    start(): void {
      loop.ref();
      loop.enqueue(() => {
        loop.unref();
        const onerror = this.#destroyed ? undefined : guestMethod(this, 'onerror');
        if (onerror) asyncContext.runIn(this, () => onerror(unsupported(context, 'TLS')));
      });
    }
    destroySSL(): void {
      this.#destroyed = true;
    }

    readStart = () => 0;
    readStop = () => 0;
    shutdown = () => 0;
    writev = hold;
    writeBuffer = hold;
    writeUtf8String = hold;
    writeLatin1String = hold;
    writeAsciiString = hold;
    writeUcs2String = hold;
    getServername = () => undefined;
    getSession = () => undefined;
    getPeerCertificate = () => undefined;
    getCertificate = () => undefined;
    getALPNNegotiatedProtocol = () => false;
    getProtocol = () => null;
    getCipher = () => undefined;
    isSessionReused = () => false;
    verifyError = () => null;
  }
  for (const name of SETTINGS) Reflect.set(TLSWrap.prototype, name, () => undefined);

  return {
    ...context.described('tls_wrap'),
    TLSWrap,
    wrap: () => new TLSWrap(),
  };
};

/** What is asked of a connection before the handshake. */
const SETTINGS = [
  'enableALPNCb',
  'enableCertCb',
  'enableKeylogCallback',
  'enablePskCallback',
  'enableSessionCallbacks',
  'enableTrace',
  'requestOCSP',
  'setALPNProtocols',
  'setKeyCert',
  'setPskIdentityHint',
  'setServername',
  'setSession',
  'setVerifyMode',
  'useUserBuffer',
  'writesIssuedByPrevListenerDone',
];
