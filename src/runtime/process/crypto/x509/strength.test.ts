import { generateKeyPairSync } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { beforeAll, expect, test } from 'vitest';
import { makeCertificate } from '../../tls/test-certificates.ts';
import { testServices } from '../../tls/test-support.ts';
import type { CryptoServices } from '../services.ts';
import { readCertificates } from './certificate-handle.ts';
import { weaknessOf } from './strength.ts';
import { nativeVerdict, ownVerdict } from './test-verdicts.ts';

let services: CryptoServices;
beforeAll(async () => {
  ({ services } = await testServices());
});

const rsa = (modulusLength: number) => generateKeyPairSync('rsa', { modulusLength }).privateKey;
const keys = {
  weak: rsa(1024),
  good: rsa(2048),
  p224: generateKeyPairSync('ec', { namedCurve: 'P-224' }).privateKey,
  p256: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
};
const authority = (name: keyof typeof keys) => ({ commonName: name, key: keys[name] });
const root = (name: keyof typeof keys) => makeCertificate({ ...authority(name), isAuthority: true });
const leaf = (name: keyof typeof keys, by: keyof typeof keys, hash?: 'sha1') =>
  makeCertificate({ commonName: 'me', key: keys[name], issuer: authority(by), ...(hash && { hash }) });

test.each(
  (['weak', 'good', 'p256'] as const).flatMap((name) =>
    (['weak', 'good', 'p256'] as const).flatMap((by) => [0, 1, 2, 3].map((level) => [name, by, level] as const)),
  ),
)('a key %s by an authority %s on level %d', async (name, by, level) => {
  const one = { key: keys[name], sent: leaf(name, by), trusted: root(by), level };
  expect(ownVerdict(services, one)).toBe(await nativeVerdict(one));
});

test.each([
  ['a weak key of its own', () => root('weak')],
  ['a good key of its own', () => root('good')],
  ['a curve', () => root('p224')],
  ['a weak digest', () => leaf('good', 'good', 'sha1')],
  ['a weak authority behind it', () => leaf('good', 'weak') + root('weak')],
  ['a weak digest behind it', () => leaf('good', 'good') + leaf('good', 'p256') + leaf('p256', 'good', 'sha1')],
])('what may be shown: %s', (_name, make) => {
  const cert = make();
  for (const level of [0, 1, 2, 3]) {
    const reason = () => {
      try {
        createSecureContext({ cert, ciphers: `DEFAULT:@SECLEVEL=${level}` });
        return null;
      } catch (error) {
        return (error as { reason?: string }).reason;
      }
    };
    expect([level, weaknessOf(readCertificates(services, Buffer.from(cert)), level)]).toEqual([level, reason()]);
  }
});
