/** A client's handshake, up to where the versions part. */
import { decodeLatin1 } from '../../streams/text.ts';
import { ANSWERS, checkAnswers } from './answered-extensions.ts';
import { addShares, illegal, makeOffer, type Offer, sendHello } from './client-hello.ts';
import { client12 } from './client12.ts';
import { client13 } from './client13.ts';
import { Alert, TlsFailure } from './failure.ts';
import { groupOf } from './groups.ts';
import type { Handshake, Steps } from './handshake.ts';
import { Extension, MessageType, RETRY_RANDOM, readServerHello, type ServerHello } from './messages.ts';
import { type Suite, suiteOf, TLS12, TLS13 } from './suites.ts';
import { onlyVector, sameBytes, vector, WireReader } from './wire.ts';

/** The ends of a server's random value by which it says that it could speak a later version (RFC 8446, section 4.1.3). */
const DOWNGRADES = ['DOWNGRD\x01', 'DOWNGRD\x00'];

export function* clientHandshake(handshake: Handshake): Steps {
  const { facts, records, settings, transcript } = handshake;
  const offer = makeOffer(handshake);
  sendHello(handshake, offer);
  records.version = TLS12;
  let message = yield* handshake.expect(MessageType.serverHello);
  let hello = readServerHello(message.body);
  let version = checkAnswer(handshake, offer, hello);
  if (version === TLS13 && sameBytes(hello.random, RETRY_RANDOM)) {
    const suite = suiteOfAnswer(handshake, hello, TLS13);
    transcript.condense(suite.hash);
    transcript.add(message.whole);
    offerAgain(handshake, offer, hello, suite);
    message = yield* handshake.expect(MessageType.serverHello);
    hello = readServerHello(message.body);
    version = checkAnswer(handshake, offer, hello);
    if (version !== TLS13 || sameBytes(hello.random, RETRY_RANDOM) || hello.suite !== suite.id) throw illegal();
  }
  transcript.add(message.whole);
  facts.version = version;
  facts.suite = suiteOfAnswer(handshake, hello, version);
  if (version === TLS13) {
    yield* client13(handshake, offer, hello);
    return;
  }
  if (settings.maxVersion >= TLS13 && DOWNGRADES.includes(decodeLatin1(hello.random.subarray(24)))) {
    throw new TlsFailure('inappropriate fallback', Alert.illegalParameter);
  }
  yield* client12(handshake, offer, hello);
}

/** The version that the server has chosen, whose hello fits the client's. */
function checkAnswer({ settings }: Handshake, offer: Offer, hello: ServerHello): number {
  const { version, extensions, sessionId } = hello;
  const content = extensions.get(Extension.supportedVersions);
  const isRetry = sameBytes(hello.random, RETRY_RANDOM);
  const allowed = content === undefined ? ANSWERS.serverHello12 : isRetry ? ANSWERS.retry : ANSWERS.serverHello13;
  checkAnswers(extensions, offer.hello.extensions, allowed);
  if (content !== undefined) {
    // Only TLS 1.3 is chosen so.
    const reader = new WireReader(content);
    const named = reader.number(2);
    reader.end();
    if (version !== TLS12 || named !== TLS13) {
      throw new TlsFailure('bad protocol version number', Alert.illegalParameter);
    }
    if (!sameBytes(sessionId, offer.hello.sessionId)) {
      throw new TlsFailure('invalid session id', Alert.illegalParameter);
    }
  }
  const chosen = content === undefined ? Math.min(version, TLS12) : TLS13;
  if (chosen < settings.minVersion || chosen > settings.maxVersion) {
    throw new TlsFailure('unsupported protocol', Alert.protocolVersion);
  }
  return chosen;
}

function suiteOfAnswer({ settings }: Handshake, { suite: id }: ServerHello, version: number): Suite {
  const suite = suiteOf(id);
  if (suite === undefined || !settings.suites.includes(suite)) {
    throw new TlsFailure('unknown cipher returned', Alert.illegalParameter);
  }
  if (suite.version !== version) throw new TlsFailure('wrong cipher returned', Alert.illegalParameter);
  return suite;
}

/** The server wants the share of another group. */
function offerAgain(handshake: Handshake, offer: Offer, { extensions }: ServerHello, suite: Suite): void {
  const { settings, crypto, records } = handshake;
  const share = extensions.get(Extension.keyShare);
  const cookie = extensions.get(Extension.cookie);
  if (share !== undefined) {
    const reader = new WireReader(share);
    const group = groupOf(reader.number(2));
    reader.end();
    if (group === undefined || !settings.groups.includes(group) || offer.shares.has(group)) throw illegal();
    offer.shares.clear();
    offer.shares.set(group, crypto.group(group.name).offer());
    addShares(offer);
  }
  if (cookie !== undefined) offer.hello.extensions.set(Extension.cookie, vector(2, onlyVector(2, cookie)));
  if (share === undefined && cookie === undefined) throw illegal();
  offer.keys = offer.keys.filter(({ hash }) => hash === suite.hash);
  records.writeDummyChange();
  sendHello(handshake, offer);
}
