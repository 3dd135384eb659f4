/** `TLSWrap` of `internalBinding('tls_wrap')`: a connection, as the library sets it up and asks about it. */
import type { ProcessContext } from '../context.ts';
import { nativeError } from '../crypto/errors.ts';
import type { Certificate } from '../crypto/x509/certificate.ts';
import { guestMethod, symbolNamed } from '../streams/handle-wrap.ts';
import { bytesOf, copyOf, decodeLatin1, encodeLatin1, encodeUtf8 } from '../streams/text.ts';
import { Connection } from './engine/connection.ts';
import { splitProtocols } from './engine/extensions.ts';
import { TlsFailure } from './engine/failure.ts';
import { decodeSession, encodeSession, type Session } from './engine/session.ts';
import type { Hooks, Settings } from './engine/settings.ts';
import { TLS13 } from './engine/suites.ts';
import { WireReader } from './engine/wire.ts';
import { type ContextState, contextState } from './secure-context.ts';
import type { TlsServices } from './tls-services.ts';
import { defineTlsStream, type StreamBelow } from './tls-stream.ts';

/** OpenSSL's number for what lacks the certificate above it; also for a peer that has shown none. */
const UNABLE_TO_GET_ISSUER = 2;
const PSK_LENGTH = 512;
const IDENTITY_LENGTH = 256;
const HASH_NUMBERS = '0123456789abcdef';

export function defineTlsWrap(context: ProcessContext, services: () => TlsServices) {
  const toBuffer = (bytes: Uint8Array): unknown => {
    const { Buffer: GuestBuffer } = context.require('buffer') as { Buffer: typeof Buffer };
    return GuestBuffer.from(copyOf(bytes).buffer);
  };

  return class TLSWrap extends defineTlsStream(context) {
    readonly #isServer: boolean;
    #state: ContextState;
    #protocols: Uint8Array | null = null;
    #asksProgramForProtocol = false;
    #asksForCertificate = false;
    #tellsOfSessions = false;
    #tellsOfKeys = false;
    #isAsked = false;
    #isAsking = false;
    #ocsp: Uint8Array | null = null;
    #hasPsk = false;

    constructor(below: StreamBelow, secureContext: object, isServer: boolean, waitsForFormerOwner: boolean) {
      super();
      const state = contextState(secureContext);
      if (state === undefined) throw new TypeError('expected a SecureContext');
      this.#isServer = isServer;
      this.#state = state;
      const crypto = services();
      const connection = new Connection({
        crypto,
        settings: settingsOf(state, isServer, crypto),
        hooks: this.#hooks(),
      });
      this.begin(below, connection, waitsForFormerOwner);
    }

    // -- before the handshake ------------------------------------------------------------------------------------------

    setVerifyMode(requests: boolean, requires: boolean): void {
      this.#change({ requestsCertificate: requests, requiresCertificate: requests && requires });
    }
    setServername(name: string): void {
      this.#change({ servername: name });
    }
    setALPNProtocols(protocols: unknown): void {
      this.#protocols = copyOf(protocols);
      this.#change({ protocols: this.#protocols });
    }
    enableALPNCb(): void {
      this.#asksProgramForProtocol = true;
    }
    enableCertCb(): void {
      this.#asksForCertificate = true;
    }
    enableSessionCallbacks(): void {
      this.#tellsOfSessions = true;
    }
    enableKeylogCallback(): void {
      this.#tellsOfKeys = true;
    }
    enablePskCallback(): void {
      this.#hasPsk = true;
      this.#change({ hasPsk: true });
    }
    setPskIdentityHint(hint: string): void {
      const pskHint = encodeUtf8(hint);
      if (pskHint.length <= IDENTITY_LENGTH) this.#change({ pskHint });
      else {
        const message = 'Failed to set PSK identity hint';
        this.tell('onerror', nativeError(context, { message, code: 'ERR_TLS_PSK_SET_IDENTITY_HINT_FAILED' }));
      }
    }
    enableTrace(): void {
      // Node itself says that what is printed may change at any time.
    }
    requestOCSP(): void {
      this.#change({ wantsOcsp: true });
    }
    setOCSPResponse(response: unknown): void {
      this.#ocsp = copyOf(response);
      this.#change({ wantsOcsp: true });
    }
    setSession(session: unknown): void {
      this.#change({ session: decodeSession(bytesOf(session)) });
    }
    loadSession(session: unknown): void {
      if (session instanceof Uint8Array) this.#change({ session: decodeSession(session) });
    }
    setKeyCert(secureContext: unknown): void {
      const state = contextState(secureContext);
      if (state !== undefined) this.#use(state);
    }
    setMaxSendFragment(size: number): number {
      if (this.connection === null || size < 512 || size > 16_384) return 0;
      this.connection.records.maxFragment = size;
      return 1;
    }
    #change(settings: Partial<Settings>): void {
      this.connection?.change(settings);
    }
    /** The certificates of another context, and whom it trusts. */
    #use(state: ContextState): void {
      this.#state = state;
      const { identities, authorities } = settingsOf(state, this.#isServer, services());
      this.#change({ identities, authorities });
    }

    // -- the program's answers -----------------------------------------------------------------------------------------

    endParser(): void {
      this.#answered();
    }
    certCbDone(): void {
      const chosen: unknown = Reflect.get(this, 'sni_context');
      if (typeof chosen === 'object' && chosen !== null) {
        const state = contextState(chosen);
        if (state === undefined) {
          this.tell(
            'onerror',
            nativeError(context, {
              kind: 'TypeError',
              message: 'Invalid SNI context',
              code: 'ERR_TLS_INVALID_CONTEXT',
            }),
          );
          return;
        }
        this.#use(state);
      }
      this.#answered();
    }
    newSessionDone(): void {
      this.isSuspended = false;
      this.cycle();
    }
    #answered(): void {
      if (!this.#isAsked) return;
      this.#isAsked = false;
      // The handshake has not stopped for an answer that comes at once.
      if (this.#isAsking) return;
      this.connection?.resume();
      this.cycle();
    }
    /** Whether the answer has yet to come. */
    #ask(name: string, info: object): boolean {
      this.#isAsked = true;
      this.#isAsking = true;
      this.tell(name, info);
      this.#isAsking = false;
      return this.#isAsked || this.connection === null;
    }

    #hooks(): Hooks {
      return {
        handshakeStarted: () => this.tell('onhandshakestart', context.loop.now()),
        handshakeDone: () => this.tell('onhandshakedone'),
        helloRead: ({ sessionId, servername, hasTicket }) => {
          const owner: unknown = Reflect.get(this, symbolNamed(context, 'owner_symbol'));
          if (typeof owner === 'object' && owner !== null && servername !== null) {
            Reflect.set(owner, 'servername', servername);
          }
          if (!this.#tellsOfSessions) return false;
          const hello = { sessionId: toBuffer(sessionId), servername: servername ?? '', tlsTicket: hasTicket };
          return this.#ask('onclienthello', hello);
        },
        certificateNeeded: ({ servername, wantsOcsp }) =>
          this.#asksForCertificate && this.#ask('oncertcb', { servername: servername ?? '', OCSPRequest: wantsOcsp }),
        selectProtocol: (offered) => this.#selectProtocol(offered),
        verify: (chain) => this.#verify(chain),
        newSession: (session) => this.#newSession(session),
        keylog: (label, secret) => {
          if (!this.#tellsOfKeys) return;
          const random = this.connection?.facts.clientRandom ?? new Uint8Array(0);
          this.tell('onkeylog', toBuffer(encodeLatin1(`${label} ${hex(random)} ${hex(secret)}\n`)));
        },
        ocspResponse: (response) => this.tell('onocspresponse', response === null ? null : toBuffer(response)),
        takeOcspResponse: () => this.#ocsp,
        findPsk: (identity) => {
          if (!this.#hasPsk) return null;
          const secret = this.#exchange(new TextDecoder().decode(identity), PSK_LENGTH);
          return secret === undefined || secret === null ? null : copyOf(secret);
        },
        choosePsk: (hint) => {
          if (!this.#hasPsk) return null;
          const chosen = this.#exchange(hint, PSK_LENGTH, IDENTITY_LENGTH);
          if (typeof chosen !== 'object' || chosen === null) return null;
          const { psk, identity } = chosen as { psk: unknown; identity: string };
          return { identity: encodeUtf8(identity), secret: copyOf(psk) };
        },
        now: () => Date.now(),
      };
    }
    #exchange(...args: unknown[]): unknown {
      const exchange = guestMethod(this, symbolNamed(context, 'onpskexchange'));
      let answer: unknown;
      context.asyncContext.runIn(this, () => {
        answer = exchange?.(...args);
      });
      return answer;
    }
    #selectProtocol(offered: Uint8Array): Uint8Array | null | 'none' {
      if (this.#asksProgramForProtocol) {
        const callback = guestMethod(this, 'ALPNCallback');
        let at: unknown;
        context.asyncContext.runIn(this, () => {
          at = callback?.(toBuffer(offered));
        });
        return typeof at === 'number' ? new WireReader(offered.subarray(at)).vector(1) : null;
      }
      if (this.#protocols === null) return 'none';
      const theirs = splitProtocols(offered);
      const chosen = splitProtocols(this.#protocols).find((name) => theirs.includes(name));
      return chosen === undefined ? null : encodeLatin1(chosen);
    }
    #verify(chain: readonly Certificate[]): number {
      const { trusted, allowsPartial, crls, securityLevel } = this.#state;
      const purpose = this.#isServer ? 'client' : 'server';
      return services().verifyChain(chain, {
        trusted,
        allowsPartial,
        crls,
        purpose,
        securityLevel,
        now: Date.now(),
      });
    }
    #newSession(session: Session): void {
      if (!this.#tellsOfSessions) return;
      // A server's output waits for its program, which is told in the midst of it.
      this.isSuspended = this.#isServer;
      this.tell('onnewsession', toBuffer(session.sessionId), toBuffer(encodeSession(session)));
    }

    // -- what is known of the connection -------------------------------------------------------------------------------

    get #facts() {
      return this.connection?.facts ?? null;
    }
    getServername(): unknown {
      return this.#facts?.servername ?? this.connection?.settings.servername ?? false;
    }
    getALPNNegotiatedProtocol(): unknown {
      const protocol = this.#facts?.protocol ?? null;
      return protocol === null ? false : decodeLatin1(protocol);
    }
    getProtocol(): string {
      const version = this.#facts?.version || (this.connection?.settings.maxVersion ?? TLS13);
      return version === TLS13 ? 'TLSv1.3' : 'TLSv1.2';
    }
    getCipher(): unknown {
      const suite = this.#facts?.suite ?? null;
      if (suite === null) return undefined;
      const { name, standardName, since } = suite;
      return { name, standardName, version: since };
    }
    getEphemeralKeyInfo(): unknown {
      if (this.#isServer) return null;
      const group = this.#facts?.group ?? null;
      if (group === null) return {};
      if (group.bits === undefined) return { type: undefined, name: undefined, size: undefined };
      return { type: 'ECDH', name: group.name, size: group.bits };
    }
    getSharedSigalgs(): unknown {
      return (this.#facts?.sharedSchemes ?? []).map(({ shown }) => shown);
    }
    getFinished(): unknown {
      return this.#bufferOf(this.#facts?.localFinished);
    }
    getPeerFinished(): unknown {
      return this.#bufferOf(this.#facts?.peerFinished);
    }
    #bufferOf(bytes: Uint8Array | null | undefined): unknown {
      return bytes === null || bytes === undefined ? undefined : toBuffer(bytes);
    }
    isSessionReused(): boolean {
      return this.#facts?.isReused ?? false;
    }
    getSession(): unknown {
      const session = this.#facts?.session ?? this.connection?.settings.session ?? null;
      return session === null ? undefined : toBuffer(encodeSession(session));
    }
    getTLSTicket(): unknown {
      const ticket = this.#isServer ? undefined : this.#facts?.session?.ticket;
      return ticket === undefined || ticket.length === 0 ? undefined : toBuffer(ticket);
    }
    verifyError(): unknown {
      const facts = this.#facts;
      if (facts === null || (facts.peerChain.length === 0 && (facts.isPreShared || facts.isReused))) return null;
      const result = facts.peerChain.length === 0 ? UNABLE_TO_GET_ISSUER : facts.verifyResult;
      return result === 0 ? null : nativeError(context, services().verifyError(result));
    }
    getPeerCertificate(isDetailed: unknown): unknown {
      const chain = this.#peerChain;
      const [own] = chain;
      if (own === undefined) return undefined;
      return services().legacyObject(isDetailed === true ? this.#detailedChain(chain) : [own], isDetailed === true);
    }
    /** The peer's certificates in their order, and those above them that are trusted. */
    #detailedChain(chain: readonly Certificate[]): Certificate[] {
      const [own, ...above] = chain;
      return own === undefined ? [] : services().chainOf(own, [...above, ...this.#state.trusted]);
    }
    /** A client that has taken up a session does not tell of what it was shown then. */
    get #peerChain(): readonly Certificate[] {
      const facts = this.#facts;
      return facts === null || (facts.isReused && !this.#isServer) ? [] : facts.peerChain;
    }
    getPeerX509Certificate(): unknown {
      const chain = this.#peerChain;
      return chain.length === 0 ? undefined : services().certificateHandle(this.#detailedChain(chain));
    }
    getCertificate(): unknown {
      const own = this.#ownCertificate;
      return own === undefined ? undefined : services().legacyObject([own], false);
    }
    getX509Certificate(): unknown {
      const own = this.#ownCertificate;
      return own === undefined ? undefined : services().certificateHandle([own]);
    }
    get #ownCertificate(): Certificate | undefined {
      return (this.#facts?.identity ?? this.#state.identities[0])?.chain[0];
    }
    exportKeyingMaterial(length: number, label: string, material?: unknown): unknown {
      const exporter = this.#facts?.exporter ?? null;
      if (exporter === null) throw nativeError(context, { message: 'the connection is not established' });
      return toBuffer(exporter(label, material === undefined ? null : copyOf(material), length));
    }
    /** TLS 1.3 has none, and in TLS 1.2 neither side here takes part in one. */
    renegotiate(): never {
      const isModern = this.#facts?.version === TLS13;
      const { code, reason, line } = new TlsFailure(isModern ? 'wrong ssl version' : 'no renegotiation');
      const message = `${line.slice(0, 'error:00000000:SSL routines'.length)}::${reason}`;
      throw nativeError(context, { message, library: 'SSL routines', reason, code });
    }
  };
}

function settingsOf(state: ContextState, isServer: boolean, services: TlsServices): Settings {
  const chainOf = ([own, ...above]: readonly Certificate[]): Certificate[] => {
    if (own === undefined) return [];
    // Without those above it, what the context trusts is looked through for them.
    return above.length > 0 ? [own, ...above] : services.chainOf(own, state.trusted);
  };
  state.ticketKeys ??= services.random(48);
  const method = state.side;
  return {
    isServer,
    minVersion: method === null || (method === 'server') === isServer ? state.minVersion : Number.POSITIVE_INFINITY,
    maxVersion: state.maxVersion,
    suites: [...state.suites13, ...state.suites12],
    prefersOwnSuites: state.prefersOwnSuites,
    groups: state.groups,
    schemes: state.schemes,
    identities: state.identities.map(({ chain, key }) => ({ chain: chainOf(chain), key })),
    requestsCertificate: false,
    requiresCertificate: false,
    authorities: state.authorities.map(({ subject }) => subject.raw),
    protocols: null,
    servername: null,
    session: null,
    wantsOcsp: false,
    hasPsk: false,
    pskHint: new Uint8Array(0),
    ticketKeys: isServer && state.givesTickets ? state.ticketKeys : null,
    sessionContext: state.sessionContext,
    sessionLifetime: state.sessionLifetime,
  };
}

const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => `${HASH_NUMBERS[byte >> 4]}${HASH_NUMBERS[byte & 15]}`).join('');
