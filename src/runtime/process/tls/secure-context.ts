/** `SecureContext` of `internalBinding('crypto')`: what a program sets for its connections. */
import type { ProcessContext } from '../context.ts';
import { nativeError } from '../crypto/errors.ts';
import type { AsymmetricKey } from '../crypto/keys/asymmetric-key.ts';
import type { Certificate } from '../crypto/x509/certificate.ts';
import { bytesOf, copyOf, encodeUtf8 } from '../streams/text.ts';
import { readCipherList, readSecurityLevel, readSuiteList } from './cipher-list.ts';
import { GROUPS, groupNamed, type NamedGroup } from './engine/groups.ts';
import type { Identity } from './engine/settings.ts';
import { readSchemeList, SIGNATURE_SCHEMES, type SignatureScheme } from './engine/signature-schemes.ts';
import { SUITES, type Suite, TLS12, TLS13 } from './engine/suites.ts';
import { readMethod } from './methods.ts';
import type { RootStore } from './root-store.ts';
import type { TlsServices } from './tls-services.ts';

const SSL_OP_NO_TICKET = 0x4000;
const SSL_OP_SERVER_PREFERENCE = 0x400000;
const SSL_OP_NO_TLSV1_2 = 0x8000000;
const SSL_OP_NO_TLSV1_3 = 0x20000000;
/** Seconds. */
const SESSION_LIFETIME = 7200;
const TICKET_KEYS = 48;
const SECURITY_LEVEL = 2;
const WEAKNESSES: Readonly<Record<string, number>> = {
  'ca key too small': 0x18d,
  'ca md too weak': 0x18e,
  'ee key too small': 0x18f,
};
const LEAST_DH_BITS = 1024;
const GOOD_DH_BITS = 2048;

/** What the connections of a context go by. */
export interface ContextState {
  minVersion: number;
  maxVersion: number;
  /** Whether the method is of one side only. */
  side: 'client' | 'server' | null;
  suites13: readonly Suite[];
  suites12: readonly Suite[];
  prefersOwnSuites: boolean;
  groups: readonly NamedGroup[];
  schemes: readonly SignatureScheme[];
  identities: Identity[];
  /** Certificates with those above them, by the type of the key, which comes later. */
  chains: Map<AsymmetricKey['type'], readonly Certificate[]>;
  /** The last one that was set. */
  latest: readonly Certificate[];
  trusted: Certificate[];
  /** Named to clients that are asked for a certificate. */
  authorities: Certificate[];
  crls: Uint8Array[];
  /** OpenSSL's: how strong keys and signatures have to be. */
  securityLevel: number;
  allowsPartial: boolean;
  ticketKeys: Uint8Array | null;
  givesTickets: boolean;
  sessionContext: Uint8Array;
  sessionLifetime: number;
}

const states = new WeakMap<object, ContextState>();

/** What is behind a SecureContext; undefined for anything else. */
export const contextState = (context: unknown): ContextState | undefined =>
  typeof context === 'object' && context !== null ? states.get(context) : undefined;

export function defineSecureContext(context: ProcessContext, services: () => TlsServices, roots: RootStore) {
  const failed = (message: string) => nativeError(context, { message, code: 'ERR_CRYPTO_OPERATION_FAILED' });
  const sslError = (reason: string, number: number) =>
    nativeError(context, {
      message: `error:${(0x0a000000 | number).toString(16).toUpperCase().padStart(8, '0')}:SSL routines::${reason}`,
      library: 'SSL routines',
      reason,
      code: `ERR_SSL_${reason.replaceAll(' ', '_').toUpperCase()}`,
    });
  const toBuffer = (bytes: Uint8Array): unknown => {
    const { Buffer: GuestBuffer } = context.require('buffer') as { Buffer: typeof Buffer };
    return GuestBuffer.from(copyOf(bytes).buffer);
  };
  const sourceOf = (source: unknown): Uint8Array => (typeof source === 'string' ? encodeUtf8(source) : bytesOf(source));

  class SecureContext {
    readonly #state: ContextState = {
      minVersion: TLS12,
      maxVersion: TLS13,
      side: null,
      suites13: SUITES.filter(({ version }) => version === TLS13),
      suites12: SUITES.filter(({ version }) => version === TLS12),
      prefersOwnSuites: false,
      groups: GROUPS,
      schemes: SIGNATURE_SCHEMES,
      identities: [],
      chains: new Map(),
      latest: [],
      trusted: [],
      authorities: [],
      crls: [],
      securityLevel: SECURITY_LEVEL,
      allowsPartial: false,
      ticketKeys: null,
      givesTickets: true,
      sessionContext: new Uint8Array(0),
      sessionLifetime: SESSION_LIFETIME,
    };

    constructor() {
      states.set(this, this.#state);
    }

    /** 0 leaves a version as it is by default. */
    init(method: unknown, least: number, most: number): void {
      const found = typeof method === 'string' ? readMethod(method) : { least: 0, most: 0, side: null };
      if (typeof found === 'string') {
        throw nativeError(context, { kind: 'TypeError', message: found, code: 'ERR_TLS_INVALID_PROTOCOL_METHOD' });
      }
      this.#state.minVersion = least || found.least || TLS12;
      this.#state.maxVersion = most || found.most || TLS13;
      if (typeof method === 'string' && found.least !== 0) {
        this.#state.minVersion = found.least;
        this.#state.maxVersion = found.most;
      }
      this.#state.side = found.side;
    }
    getMinProto(): number {
      return this.#state.minVersion;
    }
    getMaxProto(): number {
      return this.#state.maxVersion;
    }
    setMinProto(version: number): void {
      this.#state.minVersion = version;
    }
    setMaxProto(version: number): void {
      this.#state.maxVersion = version;
    }
    setOptions(options: number): void {
      this.#state.prefersOwnSuites = (options & SSL_OP_SERVER_PREFERENCE) !== 0;
      this.#state.givesTickets = (options & SSL_OP_NO_TICKET) === 0;
      if ((options & SSL_OP_NO_TLSV1_3) !== 0) this.#state.maxVersion = Math.min(this.#state.maxVersion, TLS12);
      if ((options & SSL_OP_NO_TLSV1_2) !== 0) this.#state.minVersion = Math.max(this.#state.minVersion, TLS13);
    }

    setCiphers(list: string): void {
      const suites = readCipherList(list);
      if (suites.length === 0 && list !== '') throw sslError('no cipher match', 0xb9);
      this.#state.suites12 = suites;
      this.#state.securityLevel = readSecurityLevel(list) ?? this.#state.securityLevel;
    }
    setCipherSuites(list: string): void {
      const suites = readSuiteList(list);
      if (suites === null) throw sslError('no cipher match', 0xb9);
      this.#state.suites13 = suites;
    }
    setECDHCurve(list: string): void {
      if (list === 'auto') return;
      const groups = list.split(':').map(groupNamed);
      if (groups.includes(undefined)) throw failed('Failed to set ECDH curve');
      this.#state.groups = groups.filter((group): group is NamedGroup => group !== undefined);
    }
    setSigalgs(list: string): void {
      const schemes = readSchemeList(list);
      if (schemes === null) throw nativeError(context, { message: 'error:00000000:lib(0)::reason(0)' });
      this.#state.schemes = schemes;
    }
    /** There is no key agreement of that kind here: only whether the parameters are right is looked at. Answers a warning. */
    setDHParam(source: unknown): string | undefined {
      const bits = source === true ? null : services().dhParameterBits(sourceOf(source));
      if (bits !== null && bits < LEAST_DH_BITS) {
        const message = `DH parameter is less than ${LEAST_DH_BITS} bits`;
        throw nativeError(context, { kind: 'TypeError', message, code: 'ERR_INVALID_ARG_VALUE' });
      }
      return bits !== null && bits < GOOD_DH_BITS ? `DH parameter is less than ${GOOD_DH_BITS} bits` : undefined;
    }

    setCert(source: unknown): void {
      const chain = services().readCertificates(sourceOf(source));
      this.#refuseWeak(chain);
      const type = services().publicKeyOf(chain[0] as Certificate).type;
      this.#state.chains.set(type, chain);
      this.#state.latest = chain;
    }
    #refuseWeak(chain: readonly Certificate[]): void {
      const weakness = services().weaknessOf(chain, this.#state.securityLevel);
      if (weakness !== null) throw sslError(weakness, WEAKNESSES[weakness] ?? 0);
    }
    setKey(source: unknown, passphrase: unknown): void {
      const key = services().readPrivateKey(sourceOf(source), passphrase);
      const chain = this.#state.chains.get(key.type);
      if (chain === undefined) return;
      if (!services().belongs(key, chain[0] as Certificate)) {
        throw nativeError(context, {
          message: 'error:05800074:x509 certificate routines::key values mismatch',
          library: 'x509 certificate routines',
          reason: 'key values mismatch',
          code: 'ERR_OSSL_X509_KEY_VALUES_MISMATCH',
        });
      }
      this.#addIdentity({ chain, key });
    }
    /** One of each type of key; a later one takes the place of the earlier. */
    #addIdentity(identity: Identity): void {
      this.#state.identities = this.#state.identities.filter(({ key }) => key.type !== identity.key.type);
      this.#state.identities.push(identity);
    }
    loadPKCS12(source: unknown, passphrase?: unknown): void {
      const secret = passphrase === undefined ? null : bytesOf(passphrase);
      const { authorities, ...identity } = services().readPfx(bytesOf(source), secret);
      this.#refuseWeak(identity.chain);
      this.#addIdentity(identity);
      this.#state.chains.set(identity.key.type, identity.chain);
      this.#state.latest = identity.chain;
      this.#trust(authorities);
    }
    /** What is no certificate is passed over. */
    addCACert(source: unknown): void {
      const bytes = sourceOf(source);
      try {
        this.#trust(services().readCertificates(bytes));
      } catch {
        // OpenSSL reads as far as it can.
      }
    }
    #trust(certificates: readonly Certificate[]): void {
      this.#state.trusted.push(...certificates);
      this.#state.authorities.push(...certificates);
    }
    addRootCerts(): void {
      this.#state.trusted.push(...roots.current());
    }
    addCRL(source: unknown): void {
      const bytes = copyOf(sourceOf(source));
      try {
        services().checkCrl(bytes);
      } catch {
        // Whatever is wrong with it.
        throw failed('Failed to parse CRL');
      }
      this.#state.crls.push(bytes);
    }
    setAllowPartialTrustChain(): void {
      this.#state.allowsPartial = true;
    }

    setSessionIdContext(text: string): void {
      this.#state.sessionContext = encodeUtf8(text);
    }
    setSessionTimeout(seconds: number): void {
      this.#state.sessionLifetime = seconds;
    }
    setTicketKeys(keys: unknown): void {
      this.#state.ticketKeys = copyOf(keys);
    }
    getTicketKeys(): unknown {
      this.#state.ticketKeys ??= services().random(TICKET_KEYS);
      return toBuffer(this.#state.ticketKeys);
    }
    enableTicketKeyCallback(): void {
      // Node's own tests renew the keys of tickets so; here those of `setTicketKeys` stay.
    }
    getCertificate(): unknown {
      const own = this.#state.latest[0];
      return own === undefined ? null : toBuffer(own.raw);
    }
    getIssuer(): unknown {
      const [own, ...above] = this.#state.latest;
      const [, issuer] = own === undefined ? [] : services().chainOf(own, [...above, ...this.#state.trusted]);
      return issuer === undefined ? null : toBuffer(issuer.raw);
    }
    /** What other native code would be handed: here there is none. */
    get _external(): object {
      if (!(#state in this)) throw new TypeError('Illegal invocation');
      return Object.freeze(Object.create(null));
    }
    close(): void {
      // The garbage collector has the rest.
    }
  }
  for (const name of ['setClientCertEngine', 'setEngineKey']) {
    Reflect.set(SecureContext.prototype, name, () => {
      throw nativeError(context, {
        message: 'error:12800067:DSO support routines::could not load the shared library',
        opensslErrorStack: [
          'error:13000084:engine routines::dso not found',
          'error:13000074:engine routines::no such engine',
        ],
      });
    });
  }
  return SecureContext;
}
