/** A client's handshake, up to where the versions part. */
import { addShares, illegal, makeOffer, type Offer, sendHello } from './client-hello.ts';
import { client12 } from './client12.ts';
import { client13 } from './client13.ts';
import { Alert, TlsFailure } from './failure.ts';
import { groupOf } from './groups.ts';
import type { Handshake, Steps } from './handshake.ts';
import { Extension, MessageType, RETRY_RANDOM, readServerHello, type ServerHello } from './messages.ts';
import { ContentType } from './records.ts';
import { type Suite, suiteOf, TLS12, TLS13 } from './suites.ts';
import { numberBytes, sameBytes, vector, WireReader } from './wire.ts';

/** The end of a server's random value by which it says that it could speak TLS 1.3 (RFC 8446, section 4.1.3). */
const DOWNGRADE = 'DOWNGRD\x01';

export function* clientHandshake(handshake: Handshake): Steps {
  const { facts, records, settings, transcript } = handshake;
  const offer = makeOffer(handshake);
  sendHello(handshake, offer);
  records.version = TLS12;
  let message = yield* handshake.expect(MessageType.serverHello);
  let hello = readServerHello(message.body);
  let version = versionOf(handshake, hello);
  if (version === TLS13 && sameBytes(hello.random, RETRY_RANDOM)) {
    const suite = suiteOfAnswer(handshake, hello, TLS13);
    transcript.condense(suite.hash);
    transcript.add(message.whole);
    offerAgain(handshake, offer, hello, suite);
    message = yield* handshake.expect(MessageType.serverHello);
    hello = readServerHello(message.body);
    version = versionOf(handshake, hello);
    if (version !== TLS13 || sameBytes(hello.random, RETRY_RANDOM) || hello.suite !== suite.id) throw illegal();
  }
  transcript.add(message.whole);
  facts.version = version;
  facts.suite = suiteOfAnswer(handshake, hello, version);
  if (version === TLS13) {
    yield* client13(handshake, offer, hello);
    return;
  }
  if (settings.maxVersion >= TLS13 && String.fromCharCode(...hello.random.subarray(24)) === DOWNGRADE) throw illegal();
  yield* client12(handshake, offer, hello);
}

function versionOf({ settings }: Handshake, { version, extensions }: ServerHello): number {
  const content = extensions.get(Extension.supportedVersions);
  const chosen = content === undefined ? version : new WireReader(content).number(2);
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
    const group = groupOf(new WireReader(share).number(2));
    if (group === undefined || !settings.groups.includes(group) || offer.shares.has(group)) throw illegal();
    offer.shares.clear();
    offer.shares.set(group, crypto.group(group.name).offer());
    addShares(offer);
  }
  if (cookie !== undefined) offer.hello.extensions.set(Extension.cookie, vector(2, new WireReader(cookie).vector(2)));
  if (share === undefined && cookie === undefined) throw illegal();
  offer.keys = offer.keys.filter(({ hash }) => hash === suite.hash);
  records.writePlainly(ContentType.changeCipherSpec, numberBytes(1, 1));
  sendHello(handshake, offer);
}
