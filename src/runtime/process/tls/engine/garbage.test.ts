import { generateKeyPairSync } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { privateKeyFrom } from '../../crypto/keys/key-files.ts';
import { KeyFormat } from '../../crypto/keys/key-material.ts';
import { readPem } from '../../crypto/keys/pem.ts';
import type { CryptoServices } from '../../crypto/services.ts';
import { verifyChain } from '../../crypto/x509/verify-chain.ts';
import { makeCertificate, pemOf } from '../test-certificates.ts';
import { testConnection, testServices } from '../test-support.ts';
import { TlsFailure } from './failure.ts';
import { GROUPS } from './groups.ts';
import type { Hooks, Identity } from './settings.ts';
import type { TlsCrypto } from './tls-crypto.ts';

let crypto: TlsCrypto;
let services: CryptoServices;
beforeAll(async () => {
  ({ crypto, services } = await testServices());
});

/** The same numbers in each run. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Lets both ends speak, with a byte changed on its way; answers whether both are established. */
function speak(identity: Identity, maxVersion: number, change: (bytes: Uint8Array, flight: number) => void): boolean {
  const verify: Hooks['verify'] = (chain) =>
    verifyChain(services, chain, {
      trusted: identity.chain,
      purpose: 'server',
      allowsPartial: false,
      crls: [],
      securityLevel: 2,
      now: Date.now(),
    });
  const settings = { maxVersion, identities: [identity], requestsCertificate: true, groups: GROUP };
  const client = testConnection(crypto, settings, { verify });
  const server = testConnection(crypto, { ...settings, isServer: true }, { verify });
  for (let flight = 0; flight < 8; flight++) {
    const [from, to] = flight % 2 === 0 ? [client, server] : [server, client];
    try {
      while (from.read() instanceof Uint8Array);
    } catch (error) {
      expect(error).toBeInstanceOf(TlsFailure);
    }
    const output = from.takeOutput();
    if (output.length > 0) change(output, flight);
    to.push(output);
  }
  return client.isEstablished && server.isEstablished;
}
const GROUP = GROUPS.filter(({ name }) => name === 'X25519');

test.each([0x303, 0x304])('a changed byte fails the connection, and nothing else: version %d', (version) => {
  const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const pem = makeCertificate({ commonName: 'localhost', key, names: ['localhost'], isAuthority: true });
  const identity = {
    chain: readPem(Buffer.from(pem)).map(({ content }) => crypto.readCertificate(content)),
    key: privateKeyFrom(services, { data: Buffer.from(pemOf(key)), format: KeyFormat.pem }),
  };
  expect(speak(identity, version, () => undefined)).toBe(true);
  const random = randomNumbers(version);
  for (let round = 0; round < 80; round++) {
    const wanted = random(3);
    speak(identity, version, (bytes, flight) => {
      if (flight === wanted) bytes[random(bytes.length)] = random(256);
    });
  }
});
