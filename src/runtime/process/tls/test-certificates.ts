/** For tests: certificates made with the machine's own crypto. */
import { createHash, createPublicKey, type KeyObject, randomBytes, sign } from 'node:crypto';
import { der, derBits, derInteger, derNull, derOctets, derOid, derSequence, Tag } from '../crypto/keys/der.ts';

export interface CertificateWish {
  commonName: string;
  key: KeyObject;
  /** By default the certificate signs itself. */
  issuer?: { commonName: string; key: KeyObject };
  names?: string[];
  /** Other names beside the subject, in DER. */
  altNames?: Uint8Array[];
  /** More of the subject, behind the common name. */
  attributes?: Uint8Array[];
  /** More extensions, of `extension`. */
  extensions?: Uint8Array[];
  isAuthority?: boolean;
  /** Without the identifier of the issuer's key. */
  skipsAuthorityKey?: boolean;
  /** Days from now. */
  from?: number;
  until?: number;
  /** The identifier of an algorithm that it claims to be signed with; by default that of its signature. */
  claimedAlgorithm?: Uint8Array;
  /** The hash of the signature of an RSA key; SHA-256 by default. */
  hash?: 'sha1' | 'sha256';
}

const DAY = 86_400_000;
const ALGORITHMS: Readonly<Record<string, [oid: string, hash: string | null]>> = {
  'rsa-sha1': ['1.2.840.113549.1.1.5', 'sha1'],
  rsa: ['1.2.840.113549.1.1.11', 'sha256'],
  ec: ['1.2.840.10045.4.3.2', 'sha256'],
  ed25519: ['1.3.101.112', null],
};

/** A part of a distinguished name. */
export const attribute = (oid: string, text: string, tag: number = Tag.utf8): Uint8Array =>
  der(Tag.set, derSequence(derOid(oid), der(tag, Buffer.from(text))));

/** Without a common name it has no parts but the others. */
export const nameOf = (commonName: string, ...others: readonly Uint8Array[]): Uint8Array =>
  derSequence(...(commonName === '' ? [] : [attribute('2.5.4.3', commonName)]), ...others);

const time = (days: number) => {
  const text = new Date(Date.now() + days * DAY).toISOString().replace(/[-:T]|\.\d+/g, '');
  return der(0x18, Buffer.from(text));
};

export const extension = (oid: string, isCritical: boolean, value: Uint8Array) =>
  derSequence(derOid(oid), ...(isCritical ? [der(Tag.boolean, Uint8Array.of(255))] : []), derOctets(value));

/** In PEM. */
export function makeCertificate(wish: CertificateWish): string {
  const { commonName, key, issuer = wish, isAuthority = false, from = -1, until = 365, hash: wished } = wish;
  const altNames: Uint8Array[] = [
    ...(wish.names ?? []).map((name) => der(0x82, Buffer.from(name))),
    ...(wish.altNames ?? []),
  ];
  const kind = wished === 'sha1' ? 'rsa-sha1' : (issuer.key.asymmetricKeyType ?? '');
  const [oid, hash] = ALGORITHMS[kind] ?? ['', null];
  const algorithm = derSequence(derOid(oid), ...(issuer.key.asymmetricKeyType === 'rsa' ? [derNull()] : []));
  const extensions: Uint8Array[] = [extension('2.5.29.14', false, derOctets(keyId(key)))];
  if (issuer !== wish && wish.skipsAuthorityKey !== true) {
    extensions.push(extension('2.5.29.35', false, derSequence(der(0x80, keyId(issuer.key)))));
  }
  if (isAuthority) extensions.push(extension('2.5.29.19', true, derSequence(der(Tag.boolean, Uint8Array.of(255)))));
  if (altNames.length > 0) extensions.push(extension('2.5.29.17', false, derSequence(...altNames)));
  extensions.push(...(wish.extensions ?? []));
  const body = derSequence(
    der(0xa0, derInteger(2)),
    derInteger(BigInt(`0x${randomBytes(8).toString('hex')}`)),
    wish.claimedAlgorithm ?? algorithm,
    nameOf(issuer.commonName),
    derSequence(time(from), time(until)),
    nameOf(commonName, ...(wish.attributes ?? [])),
    publicDer(key),
    der(0xa3, derSequence(...extensions)),
  );
  const signature = sign(hash, body, issuer.key);
  const base64 = Buffer.from(derSequence(body, algorithm, derBits(signature))).toString('base64');
  return `-----BEGIN CERTIFICATE-----\n${base64.match(/.{1,64}/g)?.join('\n')}\n-----END CERTIFICATE-----\n`;
}

const publicDer = (key: KeyObject) => createPublicKey(key).export({ type: 'spki', format: 'der' });
const keyId = (key: KeyObject) => createHash('sha1').update(publicDer(key)).digest();

export const pemOf = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }) as string;
