/** A server's handshake in TLS 1.3, from the client's hello on. */
import { joinBytes } from '../../../kernel/join-bytes.ts';
import {
  type Chosen,
  chooseIdentity,
  receiveCertificate,
  receiveFinished13,
  sendCertificate,
  sendFinished13,
} from './certificates13.ts';
import { encodeKeyShare, readKeyShares, readNumberList } from './extensions.ts';
import { Alert, TlsFailure } from './failure.ts';
import type { NamedGroup } from './groups.ts';
import type { Handshake, Steps } from './handshake.ts';
import { updateKeys } from './key-update.ts';
import {
  type ClientHello,
  Extension,
  type Extensions,
  encodeExtensions,
  encodeServerHello,
  type Message,
  MessageType,
  RETRY_RANDOM,
  readClientHello,
} from './messages.ts';
import { choosePreShared, type PreShared } from './pre-shared.ts';
import { ContentType } from './records.ts';
import { Secrets13 } from './secrets13.ts';
import { askForCertificate, chooseProtocol, sharedSchemes, sharedSuites } from './server-choices.ts';
import { type Suite, TLS12, TLS13 } from './suites.ts';
import { sealTicket, sessionOf } from './tickets.ts';
import { EMPTY, numberBytes, shorts, vector } from './wire.ts';

const TICKETS = 2;

export function* server13(handshake: Handshake, first: ClientHello, firstMessage: Message): Steps {
  const { facts, settings, hooks, transcript } = handshake;
  const [suite] = sharedSuites(handshake, first);
  if (suite === undefined) throw new TlsFailure('no shared cipher', Alert.handshakeFailure);
  let [hello, message] = [first, firstMessage];
  let shares = sharesOf(hello);
  const group = chooseGroup(handshake, hello, shares);
  if (!shares.has(group.id)) {
    transcript.condense(suite.hash);
    sendRetry(handshake, hello, suite, group);
    message = yield* handshake.receive(MessageType.clientHello);
    hello = readClientHello(message.body);
    shares = sharesOf(hello);
  }
  const share = shares.get(group.id);
  if (share === undefined) throw new TlsFailure('bad key share', Alert.illegalParameter);
  facts.group = group;
  facts.suite = suite;
  yield* askForCertificate(handshake, hello);
  const preShared = choosePreShared(handshake, hello, message, suite);
  facts.sharedSchemes = sharedSchemes(handshake, hello);
  // The program may set another certificate for the protocol.
  chooseProtocol(handshake, hello);
  const chosen = preShared === null ? identityFor(handshake, hello) : null;

  const secrets = new Secrets13(handshake, suite, preShared?.secret);
  sendHellos(handshake, { hello, suite, group, share, preShared }, secrets);
  const asksClient = preShared === null && settings.requestsCertificate;
  if (asksClient) sendCertificateRequest(handshake);
  if (chosen !== null) {
    facts.identity = chosen.identity;
    sendCertificate(handshake, secrets, chosen);
  }
  sendFinished13(handshake, secrets);
  secrets.enterMaster();
  secrets.switchWrites();
  secrets.protectReads();
  if (asksClient) {
    const certificate = yield* handshake.receive(MessageType.certificate);
    yield* receiveCertificate(handshake, secrets, certificate);
  }
  yield* receiveFinished13(handshake, secrets);
  secrets.switchReads();
  secrets.enterResumption();
  hooks.handshakeDone();
  // A ticket that was good is good again.
  if (preShared === null) sendTickets(handshake, secrets);
  for (;;) {
    const update = yield* handshake.expect(MessageType.keyUpdate);
    updateKeys(handshake, secrets, update);
  }
}

function sharesOf({ extensions }: ClientHello): Map<number, Uint8Array> {
  const content = extensions.get(Extension.keyShare);
  if (content === undefined) throw new TlsFailure('no suitable key share', Alert.missingExtension);
  return readKeyShares(content);
}

/** The first of the server's groups that the client has a share of, or else knows. */
function chooseGroup(
  { settings }: Handshake,
  { extensions }: ClientHello,
  shares: Map<number, Uint8Array>,
): NamedGroup {
  const offered = readNumberList(extensions, Extension.supportedGroups);
  const usable = settings.groups.filter(({ id }) => offered.includes(id));
  const group = usable.find(({ id }) => shares.has(id)) ?? usable[0];
  if (group === undefined) throw new TlsFailure('no suitable key share', Alert.handshakeFailure);
  return group;
}

function identityFor({ facts, settings }: Handshake, { extensions }: ClientHello): Chosen {
  if (!extensions.has(Extension.signatureAlgorithms)) {
    throw new TlsFailure('missing sigalgs extension', Alert.missingExtension);
  }
  if (facts.sharedSchemes.length === 0) {
    throw new TlsFailure('no shared signature algorithms', Alert.handshakeFailure);
  }
  const chosen = chooseIdentity(settings.identities, facts.sharedSchemes, true);
  if (chosen === null) throw new TlsFailure('no suitable signature algorithm', Alert.handshakeFailure);
  return chosen;
}

function sendRetry(handshake: Handshake, { sessionId }: ClientHello, suite: Suite, group: NamedGroup): void {
  const extensions: Extensions = new Map([
    [Extension.supportedVersions, numberBytes(2, TLS13)],
    [Extension.keyShare, numberBytes(2, group.id)],
  ]);
  const retry = { version: TLS12, random: RETRY_RANDOM, sessionId, suite: suite.id, extensions };
  handshake.send(MessageType.serverHello, encodeServerHello(retry));
  handshake.records.writeDummyChange();
}

interface Answer {
  hello: ClientHello;
  suite: Suite;
  group: NamedGroup;
  share: Uint8Array;
  preShared: PreShared | null;
}

/** ServerHello and, already encrypted, EncryptedExtensions. */
function sendHellos(handshake: Handshake, { hello, suite, group, share, preShared }: Answer, secrets: Secrets13): void {
  const { crypto, facts, records } = handshake;
  const answer = answerShare(handshake, group, share);
  const extensions: Extensions = new Map([
    [Extension.supportedVersions, numberBytes(2, TLS13)],
    [Extension.keyShare, encodeKeyShare([group.id, answer.share])],
  ]);
  if (preShared !== null) extensions.set(Extension.preSharedKey, numberBytes(2, preShared.index));
  const random = crypto.random(32);
  const serverHello = { version: TLS12, random, sessionId: hello.sessionId, suite: suite.id, extensions };
  handshake.send(MessageType.serverHello, encodeServerHello(serverHello));
  records.writeDummyChange();
  secrets.enterHandshake(answer.secret);
  secrets.protectWrites();
  const encrypted: Extensions = new Map();
  if (facts.protocol !== null) encrypted.set(Extension.alpn, vector(2, vector(1, facts.protocol)));
  if (facts.servername !== null && preShared === null) encrypted.set(Extension.serverName, EMPTY);
  handshake.send(MessageType.encryptedExtensions, encodeExtensions(encrypted));
}

function answerShare({ crypto }: Handshake, group: NamedGroup, share: Uint8Array) {
  try {
    return crypto.group(group.name).answer(share.slice());
  } catch {
    // The client's share is none of the group's.
    throw new TlsFailure('bad key share', Alert.illegalParameter);
  }
}

function sendCertificateRequest(handshake: Handshake): void {
  const { schemes, authorities } = handshake.settings;
  const extensions: Extensions = new Map([
    [Extension.signatureAlgorithms, vector(2, shorts(schemes.map(({ id }) => id)))],
  ]);
  if (authorities.length > 0) {
    const names = authorities.map((name) => vector(2, name));
    extensions.set(Extension.certificateAuthorities, vector(2, ...names));
  }
  handshake.send(MessageType.certificateRequest, vector(1, EMPTY), encodeExtensions(extensions));
}

function sendTickets(handshake: Handshake, secrets: Secrets13): void {
  const { settings, crypto, hooks, facts, records } = handshake;
  if (settings.ticketKeys === null) return;
  for (let i = 0; i < TICKETS; i++) {
    const nonce = numberBytes(8, i);
    const ageAdd = new DataView(crypto.random(4).slice().buffer).getUint32(0);
    const session = { ...sessionOf(handshake), secret: secrets.preSharedOf(nonce), ageAdd };
    const ticket = sealTicket(handshake, session);
    facts.session = { ...session, sessionId: crypto.random(32) };
    const content = [numberBytes(4, session.lifetime), numberBytes(4, ageAdd), vector(1, nonce), vector(2, ticket)];
    const body = joinBytes([...content, vector(2)]);
    const header = joinBytes([Uint8Array.of(MessageType.newSessionTicket), numberBytes(3, body.length)]);
    records.write(ContentType.handshake, joinBytes([header, body]));
    hooks.newSession(facts.session);
  }
}
