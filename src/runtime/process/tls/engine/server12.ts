/** A server's handshake in TLS 1.2, from the client's hello on. */
import { joinBytes } from '../../../kernel/join-bytes.ts';
import { encodeLatin1 } from '../../streams/text.ts';
import { type Chosen, chooseIdentity, ocspContent } from './certificates13.ts';
import { readNumberList } from './extensions.ts';
import { Alert, TlsFailure } from './failure.ts';
import { isHybrid, type NamedGroup } from './groups.ts';
import type { Handshake, Steps } from './handshake.ts';
import { type ClientHello, Extension, type Extensions, encodeServerHello, MessageType } from './messages.ts';
import {
  checkSigned,
  readCertificate12,
  receiveFinished12,
  refuseRenegotiation,
  sendCertificate12,
  sendFinished12,
  signed,
} from './messages12.ts';
import { masterSecret, preSharedPremaster, Secrets12 } from './secrets12.ts';
import { askForCertificate, chooseProtocol, sharedSchemes, sharedSuites } from './server-choices.ts';
import type { Session } from './session.ts';
import type { Identity } from './settings.ts';
import { SIGNATURE_SCHEMES } from './signature-schemes.ts';
import { type Suite, suiteOf, TLS12, TLS13 } from './suites.ts';
import { isFresh, openTicket, resumePeer, sealTicket, sessionOf } from './tickets.ts';
import type { KeyShare } from './tls-crypto.ts';
import { EMPTY, numberBytes, onlyVector, sameBytes, shorts, vector, WireReader } from './wire.ts';

const SIGNALLING_SUITE = 0xff;
const NAMED_CURVE = 3;
/** Of certificates that are asked for: RSA, DSS, ECDSA. */
const CERTIFICATE_TYPES = Uint8Array.of(1, 2, 64);
const SESSION_ID = 32;
const RANDOM = 32;
const DOWNGRADE = encodeLatin1('DOWNGRD\x01');

export function* server12(handshake: Handshake, hello: ClientHello): Steps {
  const { facts, hooks, settings } = handshake;
  checkRenegotiation(hello);
  const session = sessionFor(handshake, hello);
  if (session === null) yield* askForCertificate(handshake, hello);
  facts.sharedSchemes = sharedSchemes(handshake, hello);
  chooseProtocol(handshake, hello);
  const choice = session === null ? choose(handshake, hello) : null;
  const suite = choice?.suite ?? (suiteOf(session?.suite ?? 0) as Suite);
  facts.suite = suite;
  const isExtended = hello.extensions.has(Extension.extendedMasterSecret);
  const givesTicket = settings.ticketKeys !== null && hello.extensions.has(Extension.sessionTicket) && session === null;
  const sessionId =
    session !== null ? hello.sessionId.slice() : givesTicket ? EMPTY : handshake.crypto.random(SESSION_ID);
  const serverRandom = sendServerHello(handshake, hello, { suite, sessionId, givesTicket, isExtended });
  let secrets: Secrets12;
  if (choice === null) {
    secrets = new Secrets12(handshake, suite, serverRandom, session?.secret ?? EMPTY);
    sendFinished12(handshake, secrets);
    yield* receiveFinished12(handshake, secrets);
    facts.session = session;
  } else {
    const share = sendFlight(handshake, choice, serverRandom);
    const { version } = hello;
    secrets = yield* receiveAnswer(handshake, { ...choice, share }, { serverRandom, isExtended, version });
    yield* receiveFinished12(handshake, secrets);
    const made = { ...sessionOf(handshake), secret: secrets.master, sessionId, hasExtendedSecret: isExtended };
    facts.session = made;
    if (givesTicket) {
      const ticket = sealTicket(handshake, made);
      handshake.send(MessageType.newSessionTicket, numberBytes(4, made.lifetime), vector(2, ticket));
    }
    sendFinished12(handshake, secrets);
    if (!givesTicket) hooks.newSession(made);
  }
  hooks.handshakeDone();
  yield* refuseRenegotiation(handshake);
}

/** This is the first handshake (RFC 5746, section 3.6). */
function checkRenegotiation({ extensions }: ClientHello): void {
  const content = extensions.get(Extension.renegotiationInfo);
  if (content !== undefined && onlyVector(1, content).length > 0) {
    throw new TlsFailure('renegotiation mismatch', Alert.handshakeFailure);
  }
}

/** A session that the client's ticket holds, or that the program has found by its number. */
function sessionFor(handshake: Handshake, { sessionId, suites, extensions }: ClientHello): Session | null {
  const { settings, hooks, facts } = handshake;
  const ticket = extensions.get(Extension.sessionTicket) ?? EMPTY;
  let session = ticket.length > 0 ? openTicket(handshake, ticket) : null;
  const given = settings.session;
  if (ticket.length === 0 && given !== null && sessionId.length > 0 && sameBytes(given.sessionId, sessionId)) {
    session = sameBytes(given.context, settings.sessionContext) ? given : null;
  }
  if (session === null || session.version !== TLS12 || !isFresh(session, hooks.now())) return null;
  const suite = suiteOf(session.suite);
  if (suite === undefined || !suites.includes(suite.id) || !settings.suites.includes(suite)) return null;
  // A client that once bound its secret to the handshake does so always (RFC 7627, section 5.3).
  const isExtended = extensions.has(Extension.extendedMasterSecret);
  if (session.hasExtendedSecret && !isExtended) throw new TlsFailure('inconsistent extms', Alert.illegalParameter);
  if (session.hasExtendedSecret !== isExtended) return null;
  if (settings.requiresCertificate && session.peerCertificate.length === 0) return null;
  facts.isReused = true;
  handshake.settings = { ...settings, session };
  resumePeer(handshake);
  return session;
}

interface Choice {
  suite: Suite;
  group: NamedGroup | null;
  chosen: Chosen | null;
}

/** The first suite for which there is a key, and a group where it needs one. */
function choose(handshake: Handshake, hello: ClientHello): Choice {
  const { settings, facts } = handshake;
  const offered = readNumberList(hello.extensions, Extension.supportedGroups);
  // A client that names none can do all.
  const groups = settings.groups.filter((one) => !isHybrid(one) && (offered.length === 0 || offered.includes(one.id)));
  if (facts.sharedSchemes.length === 0 && hello.extensions.has(Extension.signatureAlgorithms)) {
    throw new TlsFailure('no shared signature algorithms', Alert.handshakeFailure);
  }
  for (const suite of sharedSuites(handshake, hello)) {
    const group = suite.agreement.startsWith('ecdhe') ? groups[0] : null;
    if (group === undefined) continue;
    if (suite.authentication === 'psk') {
      if (settings.hasPsk) return { suite, group, chosen: null };
      continue;
    }
    const fitting = settings.identities.filter(
      ({ key }) => (key.type === 'rsa' || key.type === 'rsa-pss') === (suite.authentication === 'rsa'),
    );
    const chosen =
      suite.agreement === 'rsa' ? forEncryption(fitting) : chooseIdentity(fitting, facts.sharedSchemes, false);
    if (chosen !== null) return { suite, group, chosen };
  }
  throw new TlsFailure('no shared cipher', Alert.handshakeFailure);
}

/** The key only opens the client's secret: whatever the client says of signatures does not count. */
function forEncryption(identities: readonly Identity[]): Chosen | null {
  const identity = identities.find(({ key }) => key.type === 'rsa');
  const [scheme] = SIGNATURE_SCHEMES.filter(({ key }) => key === 'rsa');
  return identity === undefined || scheme === undefined ? null : { identity, scheme };
}

interface HelloAnswer {
  suite: Suite;
  sessionId: Uint8Array;
  givesTicket: boolean;
  isExtended: boolean;
}

/** Answers the server's random value. */
function sendServerHello(handshake: Handshake, hello: ClientHello, answer: HelloAnswer): Uint8Array {
  const { facts, settings, crypto } = handshake;
  const random = crypto.random(RANDOM);
  if (settings.maxVersion >= TLS13) random.set(DOWNGRADE, RANDOM - DOWNGRADE.length);
  const extensions: Extensions = new Map();
  const isSafe = hello.suites.includes(SIGNALLING_SUITE) || hello.extensions.has(Extension.renegotiationInfo);
  if (isSafe) extensions.set(Extension.renegotiationInfo, vector(1));
  if (facts.servername !== null && !facts.isReused) extensions.set(Extension.serverName, EMPTY);
  if (hello.extensions.has(Extension.pointFormats)) extensions.set(Extension.pointFormats, vector(1, Uint8Array.of(0)));
  if (answer.givesTicket) extensions.set(Extension.sessionTicket, EMPTY);
  if (ocspFor(handshake) !== null && !facts.isReused) extensions.set(Extension.statusRequest, EMPTY);
  if (facts.protocol !== null) extensions.set(Extension.alpn, vector(2, vector(1, facts.protocol)));
  if (answer.isExtended) extensions.set(Extension.extendedMasterSecret, EMPTY);
  const { suite, sessionId } = answer;
  const body = encodeServerHello({ version: TLS12, random, sessionId, suite: suite.id, extensions });
  handshake.send(MessageType.serverHello, body);
  return random;
}

const ocspFor = ({ settings, hooks }: Handshake): Uint8Array | null =>
  settings.wantsOcsp ? hooks.takeOcspResponse() : null;

/** From the certificate to the end of the server's part; answers the share of the key agreement. */
function sendFlight(handshake: Handshake, { suite, group, chosen }: Choice, serverRandom: Uint8Array): KeyShare | null {
  const { crypto, facts, settings } = handshake;
  if (chosen !== null) {
    facts.identity = chosen.identity;
    sendCertificate12(handshake, chosen.identity);
    const response = ocspFor(handshake);
    if (response !== null) handshake.send(MessageType.certificateStatus, ocspContent(response));
  }
  let share: KeyShare | null = null;
  const hint = suite.authentication === 'psk' ? vector(2, settings.pskHint) : EMPTY;
  if (group !== null) {
    facts.group = group;
    share = crypto.group(group.name).offer();
    const parameters = joinBytes([Uint8Array.of(NAMED_CURVE), numberBytes(2, group.id), vector(1, share.share)]);
    const content = joinBytes([facts.clientRandom, serverRandom, parameters]);
    const proof = chosen === null ? EMPTY : signed(handshake, chosen.identity, chosen.scheme, content);
    handshake.send(MessageType.serverKeyExchange, hint, parameters, proof);
  } else if (settings.pskHint.length > 0 && suite.authentication === 'psk') {
    handshake.send(MessageType.serverKeyExchange, hint);
  }
  if (settings.requestsCertificate && chosen !== null) {
    const names = settings.authorities.map((name) => vector(2, name));
    const schemes = vector(2, shorts(settings.schemes.map(({ id }) => id)));
    handshake.send(MessageType.certificateRequest, vector(1, CERTIFICATE_TYPES), schemes, vector(2, ...names));
  }
  handshake.send(MessageType.serverHelloDone);
  return share;
}

interface Hellos {
  serverRandom: Uint8Array;
  isExtended: boolean;
  /** The client's latest, as its hello names it. */
  version: number;
}

function* receiveAnswer(
  handshake: Handshake,
  choice: Choice & { share: KeyShare | null },
  { serverRandom, isExtended, version }: Hellos,
): Steps<Secrets12> {
  const { settings, facts, transcript } = handshake;
  if (settings.requestsCertificate && choice.chosen !== null) {
    readCertificate12(handshake, yield* handshake.receive(MessageType.certificate));
  }
  const { body } = yield* handshake.receive(MessageType.clientKeyExchange);
  const reader = new WireReader(body);
  const premaster = premasterOf(handshake, { ...choice, version }, reader);
  reader.end();
  const master = masterSecret(handshake, choice.suite, { premaster, serverRandom, isExtended });
  if (facts.peerChain.length > 0) {
    const before = transcript.bytes();
    const verify = yield* handshake.receive(MessageType.certificateVerify);
    checkSigned(handshake, new WireReader(verify.body), before);
  }
  return new Secrets12(handshake, choice.suite, serverRandom, master);
}

function premasterOf(
  handshake: Handshake,
  choice: Choice & { share: KeyShare | null; version: number },
  reader: WireReader,
): Uint8Array {
  const { suite, chosen, share, version } = choice;
  if (suite.agreement === 'rsa' && chosen !== null) {
    return openPremaster(handshake, { ...chosen, version }, reader.vector(2));
  }
  const known = suite.authentication === 'psk' ? handshake.hooks.findPsk(reader.vector(2).slice()) : EMPTY;
  if (known === null) throw new TlsFailure('psk identity not found', Alert.unknownPskIdentity);
  if (known.length > 0) handshake.facts.isPreShared = true;
  if (share === null) return preSharedPremaster(known);
  const other = reader.vector(1).slice();
  try {
    const agreed = share.agree(other);
    return suite.authentication === 'psk' ? preSharedPremaster(known, agreed) : agreed;
  } catch {
    // The client's share is none of the group's.
    throw new TlsFailure('bad key share', Alert.illegalParameter);
  }
}

/** A client must not learn what is wrong with its secret: the handshake fails at its end then (RFC 5246, section 7.4.7.1). */
function openPremaster(
  { crypto }: Handshake,
  { identity, version }: Chosen & { version: number },
  sealed: Uint8Array,
): Uint8Array {
  const random = crypto.random(48);
  const opened = crypto.decryptSecret(identity.key, sealed);
  const isGood = opened?.length === random.length && sameBytes(opened.subarray(0, 2), numberBytes(2, version));
  return isGood ? opened : random;
}
