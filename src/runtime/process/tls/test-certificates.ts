/** For tests: certificates made with the machine's own crypto. */
import { createHash, createPublicKey, type KeyObject, randomBytes, sign } from 'node:crypto';
import { der, derBits, derInteger, derNull, derOctets, derOid, derSequence, Tag } from '../crypto/keys/der.ts';

export interface CertificateWish {
  commonName: string;
  key: KeyObject;
  /** By default the certificate signs itself. */
  issuer?: { commonName: string; key: KeyObject };
  names?: string[];
  isAuthority?: boolean;
  /** Without the identifier of the issuer's key. */
  skipsAuthorityKey?: boolean;
  /** Days from now. */
  from?: number;
  until?: number;
}

const DAY = 86_400_000;
const ALGORITHMS: Readonly<Record<string, [oid: string, hash: string | null]>> = {
  rsa: ['1.2.840.113549.1.1.11', 'sha256'],
  ec: ['1.2.840.10045.4.3.2', 'sha256'],
  ed25519: ['1.3.101.112', null],
};

const nameOf = (commonName: string) =>
  derSequence(der(Tag.set, derSequence(derOid('2.5.4.3'), der(Tag.utf8, Buffer.from(commonName)))));

const time = (days: number) => {
  const text = new Date(Date.now() + days * DAY).toISOString().replace(/[-:T]|\.\d+/g, '');
  return der(0x18, Buffer.from(text));
};

const extension = (oid: string, isCritical: boolean, value: Uint8Array) =>
  derSequence(derOid(oid), ...(isCritical ? [der(Tag.boolean, Uint8Array.of(255))] : []), derOctets(value));

/** In PEM. */
export function makeCertificate(wish: CertificateWish): string {
  const { commonName, key, issuer = wish, names = [], isAuthority = false, from = -1, until = 365 } = wish;
  const [oid, hash] = ALGORITHMS[issuer.key.asymmetricKeyType ?? ''] ?? ['', null];
  const algorithm = derSequence(derOid(oid), ...(issuer.key.asymmetricKeyType === 'rsa' ? [derNull()] : []));
  const extensions = [extension('2.5.29.14', false, derOctets(keyId(key)))];
  if (issuer !== wish && wish.skipsAuthorityKey !== true) {
    extensions.push(extension('2.5.29.35', false, derSequence(der(0x80, keyId(issuer.key)))));
  }
  if (isAuthority) extensions.push(extension('2.5.29.19', true, derSequence(der(Tag.boolean, Uint8Array.of(255)))));
  if (names.length > 0) {
    const list = derSequence(...names.map((name) => der(0x82, Buffer.from(name))));
    extensions.push(extension('2.5.29.17', false, list));
  }
  const body = derSequence(
    der(0xa0, derInteger(2)),
    derInteger(BigInt(`0x${randomBytes(8).toString('hex')}`)),
    algorithm,
    nameOf(issuer.commonName),
    derSequence(time(from), time(until)),
    nameOf(commonName),
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
