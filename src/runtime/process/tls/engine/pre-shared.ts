/** A server's choice among the keys that a client says both know (RFC 8446, section 4.2.11). */
import { binderOf, illegal, PSK_WITH_KEY_AGREEMENT } from './client-hello.ts';
import { readPreSharedOffer } from './extensions.ts';
import { Alert, TlsFailure } from './failure.ts';
import type { Handshake } from './handshake.ts';
import { type ClientHello, Extension, type Message } from './messages.ts';
import { type Suite, suiteOf, TLS13 } from './suites.ts';
import { openTicket, resumePeer } from './tickets.ts';
import { onlyVector, sameBytes } from './wire.ts';

export interface PreShared {
  index: number;
  secret: Uint8Array;
  /** Of an earlier connection, and not the program's. */
  isSession: boolean;
}

/** The first one that is known; null when there is none. Throws when the client has not the key that it names. */
export function choosePreShared(
  handshake: Handshake,
  hello: ClientHello,
  message: Message,
  suite: Suite,
): PreShared | null {
  const content = hello.extensions.get(Extension.preSharedKey);
  if (content === undefined) return null;
  // The proofs are about all that stands in front of them.
  if ([...hello.extensions.keys()].at(-1) !== Extension.preSharedKey) throw illegal();
  const modes = hello.extensions.get(Extension.pskModes);
  if (modes === undefined) throw new TlsFailure('missing psk kex modes extension', Alert.missingExtension);
  if (!onlyVector(1, modes).includes(PSK_WITH_KEY_AGREEMENT)) return null;
  const { identities, binders, bindersLength } = readPreSharedOffer(content);
  for (const [index, { identity }] of identities.entries()) {
    const secret = secretOf(handshake, identity, suite);
    if (secret === null) continue;
    const truncated = message.whole.subarray(0, message.whole.length - bindersLength);
    const digest = digestWithout(handshake, suite, message, truncated);
    const expected = binderOf(handshake, { ...secret, hash: suite.hash }, digest);
    if (!sameBytes(binders[index] ?? new Uint8Array(0), expected)) {
      throw new TlsFailure('binder does not verify', Alert.decryptError);
    }
    const { facts } = handshake;
    facts.isReused = true;
    facts.isPreShared = !secret.isSession;
    return { index, ...secret };
  }
  return null;
}

function secretOf(handshake: Handshake, identity: Uint8Array, suite: Suite): Omit<PreShared, 'index'> | null {
  const session = openTicket(handshake, identity);
  if (session !== null && session.version === TLS13 && suiteOf(session.suite)?.hash === suite.hash) {
    if (!mayResume(handshake, session.peerCertificate)) return null;
    handshake.settings = { ...handshake.settings, session };
    resumePeer(handshake);
    return { secret: session.secret, isSession: true };
  }
  if (suite.hash !== 'sha256') return null;
  const known = handshake.hooks.findPsk(identity.slice());
  return known === null ? null : { secret: known, isSession: false };
}

/** A client that has to show a certificate must have shown one then. */
const mayResume = ({ settings }: Handshake, certificate: Uint8Array): boolean =>
  !settings.requiresCertificate || certificate.length > 0;

/** The messages before this one, and this one up to the proofs. */
function digestWithout({ transcript }: Handshake, suite: Suite, message: Message, truncated: Uint8Array): Uint8Array {
  return transcript.digestInstead(suite.hash, message.whole, truncated);
}
