/** The messages of TLS 1.3 that show who somebody is (RFC 8446, section 4.4). */
import { joinBytes } from '../../../kernel/join-bytes.ts';
import type { Certificate } from '../../crypto/x509/certificate.ts';
import { encodeLatin1 } from '../../streams/text.ts';
import { Alert, TlsFailure } from './failure.ts';
import type { Handshake, Steps } from './handshake.ts';
import { Extension, type Extensions, encodeExtensions, type Message, MessageType, readExtensions } from './messages.ts';
import type { Secrets13 } from './secrets13.ts';
import type { Identity } from './settings.ts';
import { fits, type SignatureScheme, schemeOf } from './signature-schemes.ts';
import { EMPTY, numberBytes, sameBytes, vector, WireReader } from './wire.ts';

/** What is signed: the digest of the messages behind a text that no other protocol has. */
function signedContent(side: 'client' | 'server', digest: Uint8Array): Uint8Array {
  return joinBytes([encodeLatin1(`${' '.repeat(64)}TLS 1.3, ${side} CertificateVerify\0`), digest]);
}

export interface Chosen {
  identity: Identity;
  scheme: SignatureScheme;
}

/** The first of the schemes that one of the identities can do. */
export function chooseIdentity(
  identities: readonly Identity[],
  schemes: readonly SignatureScheme[],
  isTls13: boolean,
): Chosen | null {
  for (const scheme of schemes) {
    const identity = identities.find(({ key }) => fits(scheme, key, isTls13));
    if (identity !== undefined) return { identity, scheme };
  }
  return null;
}

/** Certificate and CertificateVerify; without an identity an empty list. */
export function sendCertificate(
  handshake: Handshake,
  secrets: Secrets13,
  chosen: Chosen | null,
  request: Uint8Array = EMPTY,
): void {
  const { hooks, settings, crypto, transcript } = handshake;
  const response = settings.isServer && settings.wantsOcsp ? hooks.takeOcspResponse() : null;
  const entries = (chosen?.identity.chain ?? []).map(({ raw }, i) => {
    const extensions: Extensions = new Map();
    if (i === 0 && response !== null) extensions.set(Extension.statusRequest, ocspContent(response));
    return joinBytes([vector(3, raw), encodeExtensions(extensions)]);
  });
  handshake.send(MessageType.certificate, vector(1, request), vector(3, ...entries));
  if (chosen === null) return;
  const { scheme, identity } = chosen;
  const side = settings.isServer ? 'server' : 'client';
  const content = signedContent(side, transcript.digest(secrets.suite.hash));
  const signature = crypto.sign(identity.key, scheme, content);
  handshake.send(MessageType.certificateVerify, numberBytes(2, scheme.id), vector(2, signature));
}

const OCSP = 1;
export const ocspContent = (response: Uint8Array): Uint8Array => joinBytes([Uint8Array.of(OCSP), vector(3, response)]);

export function ocspOf(content: Uint8Array): Uint8Array {
  const reader = new WireReader(content);
  reader.number(1);
  const response = reader.vector(3);
  reader.end();
  return response;
}

/** The peer's certificates and its signature; an empty list has none. */
export function* receiveCertificate(handshake: Handshake, secrets: Secrets13, message: Message): Steps {
  const { crypto, facts, hooks, settings, transcript } = handshake;
  const reader = new WireReader(message.body);
  // Only requests behind the handshake have one.
  if (reader.vector(1).length > 0) throw new TlsFailure('invalid context', Alert.illegalParameter);
  const list = new WireReader(reader.vector(3));
  reader.end();
  const chain: Certificate[] = [];
  let ocsp: Uint8Array | null = null;
  while (!list.atEnd) {
    const raw = list.vector(3);
    const extensions = readExtensions(list.vector(2));
    const status = extensions.get(Extension.statusRequest);
    if (chain.length === 0 && status !== undefined) ocsp = ocspOf(status);
    chain.push(parsed(handshake, raw));
  }
  facts.peerChain = chain;
  if (chain.length === 0) {
    if (!settings.isServer) throw new TlsFailure('length mismatch', Alert.decodeError);
    if (settings.requiresCertificate)
      throw new TlsFailure('peer did not return a certificate', Alert.certificateRequired);
    return;
  }
  facts.verifyResult = hooks.verify(chain);
  if (!settings.isServer && settings.wantsOcsp) hooks.ocspResponse(ocsp);
  const side = settings.isServer ? 'client' : 'server';
  const content = signedContent(side, transcript.digest(secrets.suite.hash));
  const verify = yield* handshake.receive(MessageType.certificateVerify);
  const signed = new WireReader(verify.body);
  const scheme = schemeOf(signed.number(2));
  const signature = signed.vector(2);
  signed.end();
  const key = peerKey(handshake);
  if (scheme === undefined || !settings.schemes.includes(scheme) || !fits(scheme, key, true)) {
    throw new TlsFailure('wrong signature type', Alert.illegalParameter);
  }
  if (!crypto.verify(key, scheme, content, signature)) throw new TlsFailure('bad signature', Alert.decryptError);
}

/** The peer's certificate as a value. */
export function parsed({ crypto }: Handshake, raw: Uint8Array): Certificate {
  try {
    return crypto.readCertificate(raw.slice());
  } catch {
    // Whatever is wrong with the DER, it is no certificate.
    throw new TlsFailure('length mismatch', Alert.badCertificate);
  }
}

/** The key of the peer's certificate. */
export function peerKey({ crypto, facts }: Handshake) {
  const [own] = facts.peerChain;
  if (own === undefined) throw new TlsFailure('unexpected message', Alert.unexpectedMessage);
  try {
    return crypto.publicKeyOf(own);
  } catch {
    // Of an algorithm that is not known here.
    throw new TlsFailure('wrong signature type', Alert.illegalParameter);
  }
}

export function* receiveFinished13(handshake: Handshake, secrets: Secrets13): Steps {
  const expected = secrets.otherFinished();
  const { body } = yield* handshake.receive(MessageType.finished);
  if (!sameBytes(body, expected)) throw new TlsFailure('digest check failed', Alert.decryptError);
  handshake.facts.peerFinished = body.slice();
}

export function sendFinished13(handshake: Handshake, secrets: Secrets13): void {
  const own = secrets.ownFinished();
  handshake.send(MessageType.finished, own);
  handshake.facts.localFinished = own;
}
