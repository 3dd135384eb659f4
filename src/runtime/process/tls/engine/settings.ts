/** What a connection is told before and while it shakes hands, and what is known of it then. */
import type { AsymmetricKey } from '../../crypto/keys/asymmetric-key.ts';
import type { Certificate } from '../../crypto/x509/certificate.ts';
import type { NamedGroup } from './groups.ts';
import type { Session } from './session.ts';
import type { SignatureScheme } from './signature-schemes.ts';
import type { Suite } from './suites.ts';

/** A certificate with those above it, and its key. */
export interface Identity {
  chain: readonly Certificate[];
  key: AsymmetricKey;
}

export interface Settings {
  isServer: boolean;
  minVersion: number;
  maxVersion: number;
  /** In the order of preference. */
  suites: readonly Suite[];
  /** Whether the server's order counts. */
  prefersOwnSuites: boolean;
  groups: readonly NamedGroup[];
  schemes: readonly SignatureScheme[];
  identities: readonly Identity[];
  /** Of a server: whether the client is asked for a certificate, and must have one. */
  requestsCertificate: boolean;
  requiresCertificate: boolean;
  /** Distinguished names that a server tells of, in DER. */
  authorities: readonly Uint8Array[];
  /** Protocols, each behind its length; null: there are none. */
  protocols: Uint8Array | null;
  /** Of a client. */
  servername: string | null;
  session: Session | null;
  wantsOcsp: boolean;
  /** Whether the program knows keys that both sides know, and what a server says of them. */
  hasPsk: boolean;
  pskHint: Uint8Array;
  /** Of a server: 16 bytes of name and 32 of keys; null: it gives out no tickets. */
  ticketKeys: Uint8Array | null;
  /** Tickets of other servers are of no use, though their keys were the same. */
  sessionContext: Uint8Array;
  /** Seconds. */
  sessionLifetime: number;
}

/** What the program around it is asked and told. */
export interface Hooks {
  handshakeStarted(): void;
  handshakeDone(): void;
  /** A client's hello has come; true: the server has to wait for `resume`. */
  helloRead(info: { sessionId: Uint8Array; servername: string | null; hasTicket: boolean }): boolean;
  /** The server has read the hello; true: it has to wait for `resume`. */
  certificateNeeded(info: { servername: string | null; wantsOcsp: boolean }): boolean;
  /** The server's choice among the client's protocols, each behind its length; null refuses them all. */
  selectProtocol(offered: Uint8Array): Uint8Array | null | 'none';
  /** The peer's certificates have come: the first is its own. Answers OpenSSL's number of what is wrong with them, 0 for nothing. */
  verify(chain: readonly Certificate[]): number;
  newSession(session: Session): void;
  keylog(label: string, secret: Uint8Array): void;
  ocspResponse(response: Uint8Array | null): void;
  /** The server's response to a client that wants one. */
  takeOcspResponse(): Uint8Array | null;
  /** The shared secret of a client's identity; null when it has none. */
  findPsk(identity: Uint8Array): Uint8Array | null;
  /** A client's identity with its secret. */
  choosePsk(hint: string | null): { identity: Uint8Array; secret: Uint8Array } | null;
  /** Milliseconds since 1970. */
  now(): number;
}

export type Exporter = (label: string, context: Uint8Array | null, length: number) => Uint8Array;

/** What is known of a connection; it grows while the handshake goes on. */
export interface Facts {
  version: number;
  suite: Suite | null;
  group: NamedGroup | null;
  protocol: Uint8Array | null;
  servername: string | null;
  clientRandom: Uint8Array;
  peerChain: readonly Certificate[];
  /** OpenSSL's number of what is wrong with the peer's certificates. */
  verifyResult: number;
  identity: Identity | null;
  isReused: boolean;
  /** By a key that both knew: nobody shows a certificate. */
  isPreShared: boolean;
  session: Session | null;
  sharedSchemes: readonly SignatureScheme[];
  localFinished: Uint8Array | null;
  peerFinished: Uint8Array | null;
  exporter: Exporter | null;
}

export const newFacts = (): Facts => ({
  version: 0,
  suite: null,
  group: null,
  protocol: null,
  servername: null,
  clientRandom: new Uint8Array(0),
  peerChain: [],
  verifyResult: 0,
  identity: null,
  isReused: false,
  isPreShared: false,
  session: null,
  sharedSchemes: [],
  localFinished: null,
  peerFinished: null,
  exporter: null,
});
