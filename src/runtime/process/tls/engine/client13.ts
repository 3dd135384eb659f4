/** A client's handshake in TLS 1.3, from the server's hello on. */
import { ANSWERS, checkAnswers } from './answered-extensions.ts';
import {
  chooseIdentity,
  receiveCertificate,
  receiveFinished13,
  sendCertificate,
  sendFinished13,
} from './certificates13.ts';
import { illegal, type Offer } from './client-hello.ts';
import { acceptProtocol, readNumberList } from './extensions.ts';
import { Alert, TlsFailure } from './failure.ts';
import { groupOf } from './groups.ts';
import type { Handshake, Steps } from './handshake.ts';
import { updateKeys } from './key-update.ts';
import { Extension, type Extensions, type Message, MessageType, readExtensions, type ServerHello } from './messages.ts';
import { Secrets13 } from './secrets13.ts';
import { schemeOf } from './signature-schemes.ts';
import { type Suite, TLS13 } from './suites.ts';
import { resumePeer, sessionOf } from './tickets.ts';
import { EMPTY, onlyVector, WireReader } from './wire.ts';

export function* client13(handshake: Handshake, offer: Offer, hello: ServerHello): Steps<void> {
  const { facts, records, settings, hooks } = handshake;
  const suite = facts.suite as Suite;
  const index = hello.extensions.get(Extension.preSharedKey);
  const known = index === undefined ? undefined : offer.keys[new WireReader(index).number(2)];
  if (index !== undefined && known?.hash !== suite.hash) throw illegal();
  const secrets = new Secrets13(handshake, suite, known?.secret);
  secrets.enterHandshake(sharedSecret(handshake, offer, hello.extensions));
  secrets.protectReads();
  facts.isReused = known !== undefined;
  facts.isPreShared = known !== undefined && !known.isSession;

  const { body } = yield* handshake.receive(MessageType.encryptedExtensions);
  const extensions = readExtensions(onlyVector(2, body));
  checkAnswers(extensions, offer.hello.extensions, ANSWERS.encrypted);
  acceptProtocol(handshake, extensions);
  let request: CertificateRequest | null = null;
  if (known === undefined) {
    let message: Message = yield* handshake.receive(MessageType.certificate, MessageType.certificateRequest);
    if (message.type === MessageType.certificateRequest) {
      request = readCertificateRequest(message);
      message = yield* handshake.receive(MessageType.certificate);
    }
    yield* receiveCertificate(handshake, secrets, message);
  } else if (known.isSession) resumePeer(handshake);
  yield* receiveFinished13(handshake, secrets);

  records.writeDummyChange();
  secrets.protectWrites();
  secrets.enterMaster();
  secrets.switchReads();
  if (request !== null) {
    const { schemes, context } = request;
    const usable = settings.schemes.filter(({ id }) => schemes.includes(id));
    const chosen = chooseIdentity(settings.identities, usable, true);
    facts.identity = chosen?.identity ?? null;
    sendCertificate(handshake, secrets, chosen, context);
  }
  sendFinished13(handshake, secrets);
  secrets.switchWrites();
  secrets.enterResumption();
  // Until a ticket comes it is of no use.
  if (known === undefined) facts.session = sessionOf(handshake);
  hooks.handshakeDone();
  yield* afterHandshake(handshake, secrets);
}

function sharedSecret({ facts }: Handshake, { shares }: Offer, extensions: Extensions): Uint8Array {
  const content = extensions.get(Extension.keyShare);
  if (content === undefined) throw new TlsFailure('no suitable key share', Alert.missingExtension);
  const reader = new WireReader(content);
  const group = groupOf(reader.number(2));
  const share = group === undefined ? undefined : shares.get(group);
  if (group === undefined || share === undefined) throw new TlsFailure('bad key share', Alert.illegalParameter);
  facts.group = group;
  const other = reader.vector(2).slice();
  reader.end();
  try {
    return share.agree(other);
  } catch {
    // The server's share is none of the group's.
    throw new TlsFailure('bad key share', Alert.illegalParameter);
  }
}

interface CertificateRequest {
  context: Uint8Array;
  schemes: number[];
}

function readCertificateRequest({ body }: Message): CertificateRequest {
  const reader = new WireReader(body);
  const context = reader.vector(1).slice();
  const extensions = readExtensions(reader.vector(2));
  reader.end();
  if (context.length > 0) throw illegal();
  if (!extensions.has(Extension.signatureAlgorithms)) {
    throw new TlsFailure('missing sigalgs extension', Alert.missingExtension);
  }
  return {
    context,
    schemes: readNumberList(extensions, Extension.signatureAlgorithms).filter((id) => schemeOf(id) !== undefined),
  };
}

/** Tickets and new keys may come at any time. */
function* afterHandshake(handshake: Handshake, secrets: Secrets13): Steps<void> {
  const { facts, hooks } = handshake;
  for (;;) {
    const message = yield* handshake.expect(MessageType.newSessionTicket, MessageType.keyUpdate);
    if (message.type === MessageType.keyUpdate) updateKeys(handshake, secrets, message);
    else {
      facts.session = readTicket(handshake, secrets, message);
      hooks.newSession(facts.session);
    }
  }
}

/** Seconds: a week. */
const LONGEST_LIFETIME = 604_800;

function readTicket(handshake: Handshake, secrets: Secrets13, { body }: Message) {
  const reader = new WireReader(body);
  const lifetime = reader.number(4);
  const ageAdd = reader.number(4);
  const nonce = reader.vector(1);
  const ticket = reader.vector(2).slice();
  readExtensions(reader.vector(2));
  reader.end();
  return {
    ...sessionOf(handshake),
    version: TLS13,
    context: EMPTY,
    secret: secrets.preSharedOf(nonce),
    ticket,
    ageAdd,
    lifetime: Math.min(lifetime, LONGEST_LIFETIME),
    // What the program sees as its number.
    sessionId: handshake.crypto.digest('sha256', ticket),
  };
}
