/** A server's tickets: sessions that only servers with the same keys can read. */
import { joinBytes } from '../../../kernel/join-bytes.ts';
import type { Handshake } from './handshake.ts';
import { decodeSession, encodeSession, type Session } from './session.ts';
import { EMPTY, sameBytes } from './wire.ts';

const NAME = 16;
const KEY = 16;
const NONCE = 12;
const AEAD = 'aes-128-gcm';

/** The keys' name, a nonce, and the session behind it. */
export function sealTicket({ crypto, settings }: Handshake, session: Session): Uint8Array {
  const keys = settings.ticketKeys ?? new Uint8Array(NAME + 2 * KEY);
  const nonce = crypto.random(NONCE);
  const name = keys.subarray(0, NAME);
  const sealed = crypto.seal(AEAD, { key: keys.slice(-KEY), nonce, associated: name }, encodeSession(session));
  return joinBytes([name, nonce, sealed]);
}

/** null when it is of other keys, too old, or of another kind of server. */
export function openTicket({ crypto, settings, hooks }: Handshake, ticket: Uint8Array): Session | null {
  const { ticketKeys: keys } = settings;
  if (keys === null || ticket.length < NAME + NONCE || !sameBytes(ticket.subarray(0, NAME), keys.subarray(0, NAME))) {
    return null;
  }
  const nonce = ticket.slice(NAME, NAME + NONCE);
  const opened = crypto.open(
    AEAD,
    { key: keys.slice(-KEY), nonce, associated: keys.subarray(0, NAME) },
    ticket.slice(NAME + NONCE),
  );
  const session = opened === null ? null : decodeSession(opened);
  if (session === null || !sameBytes(session.context, settings.sessionContext)) return null;
  return isFresh(session, hooks.now()) ? session : null;
}

export const isFresh = ({ created, lifetime }: Session, now: number): boolean => now - created < lifetime * 1000;

/** Who the peer is was shown when the session was made. */
export function resumePeer({ facts, settings, crypto }: Handshake): void {
  const { session } = settings;
  if (session === null) return;
  facts.session = session;
  facts.verifyResult = session.verifyResult;
  if (session.peerCertificate.length > 0) facts.peerChain = [crypto.readCertificate(session.peerCertificate)];
}

/** A session of this connection, which lacks its secret and its ticket. */
export function sessionOf({ facts, settings, hooks }: Handshake): Session {
  return {
    version: facts.version,
    suite: facts.suite?.id ?? 0,
    secret: EMPTY,
    sessionId: EMPTY,
    ticket: EMPTY,
    ageAdd: 0,
    lifetime: settings.sessionLifetime,
    created: hooks.now(),
    protocol: facts.protocol ?? EMPTY,
    servername: facts.servername ?? '',
    peerCertificate: facts.peerChain[0]?.raw ?? EMPTY,
    verifyResult: facts.verifyResult,
    context: settings.sessionContext,
    hasExtendedSecret: false,
  };
}
