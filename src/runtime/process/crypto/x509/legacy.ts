/** Certificates as the plain objects of `getPeerCertificate`. */
import { toArrayBuffer } from '../guest-bytes.ts';
import { digestWhole } from '../hashes/digests.ts';
import { bitLength } from '../integers.ts';
import { writeSpki } from '../keys/key-encoding.ts';
import type { CryptoServices } from '../services.ts';
import type { Certificate } from './certificate.ts';
import { isSelfSigned } from './chain.ts';
import { allowsUse, basicConstraints, extendedKeyUsage, KeyUsage } from './extensions.ts';
import { publicKeyOf } from './strength.ts';
import { altNameText, hexText, infoAccessText, nameObject, serialText, timeText } from './text.ts';

/** Each certificate holds the next one, and one that has issued itself holds itself, where `isDetailed`. */
export function legacyObject(services: CryptoServices, chain: readonly Certificate[], isDetailed: boolean): object {
  const objects = chain.map((certificate) => plainObject(services, certificate));
  for (const [i, object] of objects.entries()) {
    const certificate = chain[i];
    if (!isDetailed || certificate === undefined) continue;
    const above = objects[i + 1] ?? (isSelfSigned(certificate) ? object : undefined);
    if (above !== undefined) object.issuerCertificate = above;
  }
  return objects[0] ?? {};
}

export const fingerprint = ({ digestNamed }: CryptoServices, hash: string, { raw }: Certificate): string =>
  hexText(digestWhole(digestNamed(hash), raw), ':');

export const isAuthority = (certificate: Certificate): boolean =>
  allowsUse(certificate, KeyUsage.certSign) && (basicConstraints(certificate)?.isAuthority ?? false);

function plainObject(services: CryptoServices, certificate: Certificate): Record<string, unknown> {
  return {
    subject: nameObject(certificate.subject),
    issuer: nameObject(certificate.issuer),
    subjectaltname: altNameText(certificate),
    infoAccess: infoAccessText(certificate),
    ca: isAuthority(certificate),
    ...keyFields(services, certificate),
    valid_from: timeText(certificate.notBefore),
    valid_to: timeText(certificate.notAfter),
    fingerprint: fingerprint(services, 'sha1', certificate),
    fingerprint256: fingerprint(services, 'sha256', certificate),
    fingerprint512: fingerprint(services, 'sha512', certificate),
    ext_key_usage: extendedKeyUsage(certificate) ?? undefined,
    serialNumber: serialText(certificate),
    raw: services.text.write(certificate.raw),
    ...curveFields(certificate),
  };
}

function keyFields(services: CryptoServices, certificate: Certificate): Record<string, unknown> {
  const empty = { modulus: undefined, exponent: undefined, pubkey: undefined, bits: undefined };
  const key = publicKeyOf(certificate);
  if (key?.type === 'rsa') {
    return {
      modulus: key.n.toString(16).toUpperCase(),
      exponent: `0x${key.e.toString(16)}`,
      pubkey: services.text.write(new Uint8Array(toArrayBuffer(writeSpki(key)))),
      bits: bitLength(key.n),
    };
  }
  if (key?.type !== 'ec') return empty;
  return { ...empty, pubkey: services.text.write(key.point), bits: bitLength(key.curve.ecdsa.Point.CURVE().n) };
}

const NIST: Readonly<Record<string, string>> = {
  prime256v1: 'P-256',
  secp224r1: 'P-224',
  secp384r1: 'P-384',
  secp521r1: 'P-521',
};

function curveFields(certificate: Certificate): Record<string, unknown> {
  const key = publicKeyOf(certificate);
  const name = key?.type === 'ec' ? key.curve.name : undefined;
  return { asn1Curve: name, nistCurve: name === undefined ? undefined : NIST[name] };
}
