import { createHmac, generateKeyPairSync } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { beforeAll, expect, test } from 'vitest';
import { makeCertificate } from '../../tls/test-certificates.ts';
import { testServices } from '../../tls/test-support.ts';
import { der, derInteger, derNull, derOctets, derOid, derSequence } from '../keys/der.ts';
import { readPem } from '../keys/pem.ts';
import { derive12, Purpose } from '../keys/pkcs12-derivation.ts';
import type { CryptoServices } from '../services.ts';
import { readPfx } from './pfx.ts';

let services: CryptoServices;
beforeAll(async () => {
  ({ services } = await testServices());
});

const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const [certificate] = readPem(Buffer.from(makeCertificate({ commonName: 'localhost', key })));
const passphrase = Buffer.from('secret');
const data = '1.2.840.113549.1.7.1';
const bagOid = (last: string) => derOid(`1.2.840.113549.1.12.10.1.${last}`);
const content = (bytes: Uint8Array) => der(0xa0, bytes);

/** A file with a key and a certificate in the open, and a MAC of that hash. */
function pfxWith(hash: string, oid: string): Buffer {
  const x509 = derSequence(derOid('1.2.840.113549.1.9.22.1'), content(derOctets(certificate!.content)));
  const bags = derSequence(
    derSequence(bagOid('1'), content(new Uint8Array(key.export({ type: 'pkcs8', format: 'der' })))),
    derSequence(bagOid('3'), content(x509)),
  );
  const safe = derSequence(derSequence(derOid(data), content(derOctets(bags))));
  const digest = services.digestNamed(hash);
  const salt = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  const length = digest.outputLength;
  const secret = derive12({ digest, passphrase, salt, iterations: 3, purpose: Purpose.mac, length });
  const mac = createHmac(hash, secret).update(safe).digest();
  const macData = derSequence(
    derSequence(derSequence(derOid(oid), derNull()), derOctets(mac)),
    derOctets(salt),
    derInteger(3),
  );
  return Buffer.from(derSequence(derInteger(3), derSequence(derOid(data), content(derOctets(safe))), macData));
}

test.each([
  ['md5', '1.2.840.113549.2.5'],
  ['ripemd160', '1.3.36.3.2.1'],
  ['sha1', '1.3.14.3.2.26'],
  ['sha224', '2.16.840.1.101.3.4.2.4'],
  ['sha256', '2.16.840.1.101.3.4.2.1'],
  ['sha384', '2.16.840.1.101.3.4.2.2'],
  ['sha512', '2.16.840.1.101.3.4.2.3'],
  ['sha512-224', '2.16.840.1.101.3.4.2.5'],
  ['sha512-256', '2.16.840.1.101.3.4.2.6'],
  ['sha3-256', '2.16.840.1.101.3.4.2.8'],
])('a file whose MAC is of %s', (hash, oid) => {
  const pfx = pfxWith(hash, oid);
  expect(() => createSecureContext({ pfx, passphrase: 'secret' })).not.toThrow();
  expect(readPfx(services, pfx, passphrase).key.type).toBe('ec');
});
