/** A client's handshake in TLS 1.2, from the server's hello on. */
import { joinBytes } from '../../../kernel/join-bytes.ts';
import { decodeLatin1 } from '../../streams/text.ts';
import { chooseIdentity, ocspOf, peerKey } from './certificates13.ts';
import { illegal, type Offer } from './client-hello.ts';
import { acceptProtocol } from './extensions.ts';
import { Alert, TlsFailure } from './failure.ts';
import { groupOf, isHybrid } from './groups.ts';
import type { Handshake, Steps } from './handshake.ts';
import { Extension, type Extensions, type Message, MessageType, type ServerHello } from './messages.ts';
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
import type { Session } from './session.ts';
import { schemeOf } from './signature-schemes.ts';
import { type Suite, TLS12 } from './suites.ts';
import { resumePeer, sessionOf } from './tickets.ts';
import { EMPTY, numberBytes, onlyVector, readShorts, sameBytes, vector, WireReader } from './wire.ts';

export function* client12(handshake: Handshake, offer: Offer, hello: ServerHello): Steps {
  const { facts, settings, hooks } = handshake;
  const suite = facts.suite as Suite;
  acceptProtocol(handshake, hello.extensions);
  checkRenegotiation(hello.extensions);
  const isExtended = hello.extensions.has(Extension.extendedMasterSecret);
  const { session } = settings;
  const isResumed =
    session?.version === TLS12 && hello.sessionId.length > 0 && sameBytes(hello.sessionId, offer.hello.sessionId);
  const made = isResumed ? yield* resume(handshake, hello, session) : yield* agree(handshake, suite, hello, isExtended);
  const { sessionId } = hello;
  facts.session = {
    ...sessionOf(handshake),
    secret: made.secrets.master,
    hasExtendedSecret: isExtended,
    context: EMPTY,
    ...(made.ticket === null
      ? { sessionId: sessionId.slice(), ticket: isResumed ? session.ticket : EMPTY }
      : { sessionId: handshake.crypto.digest('sha256', made.ticket.ticket), ...made.ticket }),
  };
  if (isResumed && made.ticket === null) facts.session.sessionId = session.sessionId;
  if (!isResumed || made.ticket !== null) hooks.newSession(facts.session);
  hooks.handshakeDone();
  yield* refuseRenegotiation(handshake);
}

interface Made {
  secrets: Secrets12;
  ticket: Pick<Session, 'ticket' | 'lifetime'> | null;
}

/** A server that does not know of safe renegotiation is not spoken with (RFC 5746, section 3.4). */
function checkRenegotiation(extensions: Extensions): void {
  const content = extensions.get(Extension.renegotiationInfo);
  if (content === undefined) {
    throw new TlsFailure('unsafe legacy renegotiation disabled', Alert.handshakeFailure);
  }
  if (onlyVector(1, content).length > 0) throw new TlsFailure('renegotiation mismatch', Alert.illegalParameter);
}

/** The server goes first. */
function* resume(handshake: Handshake, hello: ServerHello, session: Session): Steps<Made> {
  const { facts } = handshake;
  const suite = facts.suite as Suite;
  if (suite.id !== session.suite) throw illegal();
  if (hello.extensions.has(Extension.extendedMasterSecret) !== session.hasExtendedSecret) {
    throw new TlsFailure('inconsistent extms', Alert.handshakeFailure);
  }
  facts.isReused = true;
  resumePeer(handshake);
  const secrets = new Secrets12(handshake, suite, hello.random.slice(), session.secret);
  const ticket = yield* receiveTicket(handshake, hello);
  yield* receiveFinished12(handshake, secrets);
  sendFinished12(handshake, secrets);
  return { secrets, ticket };
}

function* receiveTicket(handshake: Handshake, { extensions }: ServerHello): Steps<Made['ticket']> {
  if (!extensions.has(Extension.sessionTicket)) return null;
  const { body } = yield* handshake.receive(MessageType.newSessionTicket);
  const reader = new WireReader(body);
  const lifetime = reader.number(4);
  const ticket = reader.vector(2).slice();
  reader.end();
  return ticket.length === 0 ? null : { ticket, lifetime };
}

/** What the server has said up to where the client answers. */
interface Flight {
  keyExchange: Message | null;
  request: Message | null;
}

function* agree(handshake: Handshake, suite: Suite, hello: ServerHello, isExtended: boolean): Steps<Made> {
  const { facts, settings, transcript } = handshake;
  const flight = yield* receiveFlight(handshake, suite, hello);
  const serverRandom = hello.random.slice();
  const exchange = exchangeKeys(handshake, suite, flight, serverRandom);
  let identity = null;
  if (flight.request !== null) {
    identity = chooseIdentity(settings.identities, requestedSchemes(handshake, flight.request), false);
    facts.identity = identity?.identity ?? null;
    sendCertificate12(handshake, facts.identity);
  }
  handshake.send(MessageType.clientKeyExchange, exchange.message);
  const input = { premaster: exchange.premaster, serverRandom, isExtended };
  const master = masterSecret(handshake, suite, input);
  if (identity !== null) {
    const proof = signed(handshake, identity.identity, identity.scheme, transcript.bytes());
    handshake.send(MessageType.certificateVerify, proof);
  }
  const secrets = new Secrets12(handshake, suite, serverRandom, master);
  sendFinished12(handshake, secrets);
  const ticket = yield* receiveTicket(handshake, hello);
  yield* receiveFinished12(handshake, secrets);
  return { secrets, ticket };
}

function* receiveFlight(handshake: Handshake, suite: Suite, { extensions }: ServerHello): Steps<Flight> {
  const { settings, hooks, facts } = handshake;
  const flight: Flight = { keyExchange: null, request: null };
  if (suite.authentication !== 'psk') readCertificate12(handshake, yield* handshake.receive(MessageType.certificate));
  else facts.isPreShared = true;
  const { certificateStatus, serverKeyExchange, serverHelloDone } = MessageType;
  let response: Uint8Array | null = null;
  for (let left = flightOf(suite, extensions); ; ) {
    const last = left.findIndex(({ isRequired }) => isRequired);
    const message: Message = yield* handshake.receive(...left.slice(0, last + 1).map(({ type }) => type));
    left = left.slice(left.findIndex(({ type }) => type === message.type) + 1);
    if (message.type === serverHelloDone) break;
    if (message.type === certificateStatus) response = ocspOf(message.body);
    else if (message.type === serverKeyExchange) flight.keyExchange = message;
    else flight.request = message;
  }
  if (settings.wantsOcsp && extensions.has(Extension.statusRequest)) hooks.ocspResponse(response);
  else if (settings.wantsOcsp) hooks.ocspResponse(null);
  return flight;
}

/** What a server says behind its certificate, each once and in this order (RFC 5246, section 7.3). */
function flightOf({ agreement, authentication }: Suite, extensions: Extensions) {
  const { certificateStatus, serverKeyExchange, certificateRequest, serverHelloDone } = MessageType;
  const isSigned = authentication !== 'psk';
  const flight: { type: number; isRequired: boolean }[] = [];
  if (isSigned && extensions.has(Extension.statusRequest)) flight.push({ type: certificateStatus, isRequired: false });
  if (agreement !== 'rsa') flight.push({ type: serverKeyExchange, isRequired: agreement !== 'psk' });
  if (isSigned) flight.push({ type: certificateRequest, isRequired: false });
  return [...flight, { type: serverHelloDone, isRequired: true }];
}

function requestedSchemes({ settings }: Handshake, { body }: Message) {
  const reader = new WireReader(body);
  reader.vector(1);
  const ids = readShorts(reader.vector(2)).filter((id) => schemeOf(id) !== undefined);
  return settings.schemes.filter(({ id }) => ids.includes(id));
}

const NAMED_CURVE = 3;

/** The client's part of the key agreement. */
function exchangeKeys(handshake: Handshake, suite: Suite, { keyExchange }: Flight, serverRandom: Uint8Array) {
  const { crypto } = handshake;
  if (suite.agreement === 'rsa') {
    // The version that the hello has named.
    const premaster = joinBytes([numberBytes(2, TLS12), crypto.random(46)]);
    const sealed = crypto.encryptSecret(peerKey(handshake), premaster);
    return { message: vector(2, sealed), premaster };
  }
  const reader = new WireReader(keyExchange?.body ?? EMPTY);
  if (suite.authentication !== 'psk') return exchangeOnCurve(handshake, reader, serverRandom, true);
  const hint = keyExchange === null ? '' : decodeLatin1(reader.vector(2));
  const known = handshake.hooks.choosePsk(hint === '' ? null : hint);
  if (known === null) throw new TlsFailure('psk identity not found', Alert.handshakeFailure);
  const identity = vector(2, known.identity);
  if (suite.agreement === 'psk') return { message: identity, premaster: preSharedPremaster(known.secret) };
  const { message, premaster } = exchangeOnCurve(handshake, reader, serverRandom, false);
  return { message: joinBytes([identity, message]), premaster: preSharedPremaster(known.secret, premaster) };
}

function exchangeOnCurve(handshake: Handshake, reader: WireReader, serverRandom: Uint8Array, isSigned: boolean) {
  const { crypto, settings, facts } = handshake;
  if (reader.number(1) !== NAMED_CURVE) throw new TlsFailure('wrong curve', Alert.illegalParameter);
  const id = reader.number(2);
  const share = reader.vector(1);
  const group = groupOf(id);
  if (group === undefined || !settings.groups.includes(group) || isHybrid(group)) {
    throw new TlsFailure('wrong curve', Alert.illegalParameter);
  }
  if (isSigned) {
    const parameters = joinBytes([Uint8Array.of(NAMED_CURVE), numberBytes(2, id), vector(1, share)]);
    checkSigned(handshake, reader, joinBytes([facts.clientRandom, serverRandom, parameters]));
  }
  facts.group = group;
  try {
    const { share: own, secret: premaster } = crypto.group(group.name).answer(share.slice());
    return { message: vector(1, own), premaster };
  } catch {
    // The server's share is none of the group's.
    throw new TlsFailure('bad key share', Alert.illegalParameter);
  }
}
