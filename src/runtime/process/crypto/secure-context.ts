const TLS1_2_VERSION = 0x303;
const TLS1_3_VERSION = 0x304;

/** The settings that a program makes for TLS connections. They are taken as they are: the handshake fails in any case. */
const SETTINGS = [
  'addCACert',
  'addCRL',
  'addRootCerts',
  'close',
  'loadPKCS12',
  'setAllowPartialTrustChain',
  'setCert',
  'setCipherSuites',
  'setCiphers',
  'setClientCertEngine',
  'setDHParam',
  'setECDHCurve',
  'setEngineKey',
  'setKey',
  'setOptions',
  'setSessionIdContext',
  'setSessionTimeout',
  'setSigalgs',
  'setTicketKeys',
];

/** `SecureContext` of `internalBinding('crypto')`; see `tls_wrap.ts`. */
export function createSecureContextClass(): new () => object {
  class SecureContext {
    #least = TLS1_2_VERSION;
    #most = TLS1_3_VERSION;
    #ticketKeys = new Uint8Array(48);

    /** 0 leaves a version as it is by default. */
    init(_method: unknown, least: number, most: number): void {
      this.#least = least || TLS1_2_VERSION;
      this.#most = most || TLS1_3_VERSION;
    }
    getMinProto(): number {
      return this.#least;
    }
    getMaxProto(): number {
      return this.#most;
    }
    setMinProto(version: number): void {
      this.#least = version;
    }
    setMaxProto(version: number): void {
      this.#most = version;
    }
    getTicketKeys(): Uint8Array {
      return this.#ticketKeys;
    }
  }
  for (const name of SETTINGS) Reflect.set(SecureContext.prototype, name, () => undefined);
  return SecureContext;
}
