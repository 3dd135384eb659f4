/** The messages that both sides of TLS 1.2 send. */
import { joinBytes } from '../../../kernel/join-bytes.ts';
import type { Certificate } from '../../crypto/x509/certificate.ts';
import { parsed, peerKey } from './certificates13.ts';
import { Alert, TlsFailure } from './failure.ts';
import type { Handshake, Steps } from './handshake.ts';
import { type Message, MessageType } from './messages.ts';
import { ContentType } from './records.ts';
import type { Secrets12 } from './secrets12.ts';
import type { Identity } from './settings.ts';
import { fits, type SignatureScheme, schemeOf } from './signature-schemes.ts';
import { numberBytes, onlyVector, sameBytes, vector, WireReader } from './wire.ts';

export function sendCertificate12(handshake: Handshake, identity: Identity | null): void {
  const entries = (identity?.chain ?? []).map(({ raw }) => vector(3, raw));
  handshake.send(MessageType.certificate, vector(3, ...entries));
}

/** The peer's certificates, which are judged and kept; a client may have none. */
export function readCertificate12(handshake: Handshake, { body }: Message): void {
  const { facts, hooks, settings } = handshake;
  const list = new WireReader(onlyVector(3, body));
  const chain: Certificate[] = [];
  while (!list.atEnd) chain.push(parsed(handshake, list.vector(3)));
  facts.peerChain = chain;
  if (chain.length > 0) facts.verifyResult = hooks.verify(chain);
  else if (!settings.isServer) throw new TlsFailure('length mismatch', Alert.decodeError);
  else if (settings.requiresCertificate) {
    throw new TlsFailure('peer did not return a certificate', Alert.handshakeFailure);
  }
}

/** A scheme and the signature that it makes of these bytes. */
export function signed(
  handshake: Handshake,
  identity: Identity,
  scheme: SignatureScheme,
  content: Uint8Array,
): Uint8Array {
  const signature = handshake.crypto.sign(identity.key, scheme, content);
  return joinBytes([numberBytes(2, scheme.id), vector(2, signature)]);
}

/** Throws when the peer's key has not made the signature that comes next. */
export function checkSigned(handshake: Handshake, reader: WireReader, content: Uint8Array): void {
  const scheme = schemeOf(reader.number(2));
  const signature = reader.vector(2);
  reader.end();
  const key = peerKey(handshake);
  if (scheme === undefined || !handshake.settings.schemes.includes(scheme) || !fits(scheme, key, false)) {
    throw new TlsFailure('wrong signature type', Alert.illegalParameter);
  }
  if (!handshake.crypto.verify(key, scheme, content, signature)) {
    throw new TlsFailure('bad signature', Alert.decryptError);
  }
}

export function sendFinished12(handshake: Handshake, secrets: Secrets12): void {
  const { settings, records, facts } = handshake;
  records.write(ContentType.changeCipherSpec, Uint8Array.of(1));
  secrets.protectWrites();
  const own = secrets.finishedOf(settings.isServer ? 'server' : 'client');
  handshake.send(MessageType.finished, own);
  facts.localFinished = own;
}

export function* receiveFinished12(handshake: Handshake, secrets: Secrets12): Steps {
  yield* handshake.expect(MessageType.changeCipherSpec);
  secrets.protectReads();
  const expected = secrets.finishedOf(handshake.settings.isServer ? 'client' : 'server');
  const { body } = yield* handshake.receive(MessageType.finished);
  if (!sameBytes(body, expected)) throw new TlsFailure('digest check failed', Alert.decryptError);
  handshake.facts.peerFinished = body.slice();
}

const WARNING = 1;

/** Nobody begins anew: whoever asks for it is told so. */
export function* refuseRenegotiation(handshake: Handshake): Steps {
  const wish = handshake.settings.isServer ? MessageType.clientHello : MessageType.helloRequest;
  for (;;) {
    yield* handshake.expect(wish);
    handshake.records.write(ContentType.alert, Uint8Array.of(WARNING, Alert.noRenegotiation));
  }
}
