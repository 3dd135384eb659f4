import * as native from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { extension, makeCertificate } from '../../tls/test-certificates.ts';
import { testServices } from '../../tls/test-support.ts';
import { der, derNull, derOid, derSequence, Tag } from '../keys/der.ts';
import { keyBindings } from '../keys/key-object.ts';
import type { CryptoServices } from '../services.ts';
import { certificateBindings } from './certificate-handle.ts';
import { nativeVerdict, ownVerdict } from './test-verdicts.ts';

let services: CryptoServices;
let bindings: ReturnType<typeof certificateBindings>;
beforeAll(async () => {
  ({ services } = await testServices());
  bindings = certificateBindings(services, keyBindings(services).KeyObjectHandle);
});

const ec = () => native.generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const keys = {
  rsa: native.generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
  ec: ec(),
  ed25519: native.generateKeyPairSync('ed25519').privateKey,
};
const names = ['localhost', '*.some.example', 'a"b,c', 'tab\t'];

type Handle = Record<string, (...args: unknown[]) => unknown>;
const ours = (pem: string) => bindings.parseX509(Buffer.from(pem)) as unknown as Handle;

describe.each(Object.keys(keys) as (keyof typeof keys)[])('a certificate with a key of %s', (kind) => {
  const pem = makeCertificate({ commonName: 'Jörg, "of" Ort+', key: keys[kind], names, isAuthority: kind === 'rsa' });
  const theirs = new native.X509Certificate(pem);

  test.each([
    ['subject', 'subject'],
    ['issuer', 'issuer'],
    ['subjectAltName', 'subjectAltName'],
    ['infoAccess', 'infoAccess'],
    ['validFrom', 'validFrom'],
    ['validTo', 'validTo'],
    ['fingerprint', 'fingerprint'],
    ['fingerprint256', 'fingerprint256'],
    ['fingerprint512', 'fingerprint512'],
    ['keyUsage', 'keyUsage'],
    ['serialNumber', 'serialNumber'],
    ['signatureAlgorithm', 'signatureAlgorithm'],
    ['signatureAlgorithmOid', 'signatureAlgorithmOid'],
    ['raw', 'raw'],
    ['checkCA', 'ca'],
  ] as const)('%s', (name, property) => {
    expect(ours(pem)[name]!()).toEqual(theirs[property as 'subject']);
  });
  test('as a plain object', () => {
    expect(ours(pem).toLegacy!()).toEqual(theirs.toLegacyObject());
  });
  test('as text', () => {
    expect(ours(pem).pem!()).toBe(theirs.toString());
  });
  test('hosts', () => {
    for (const host of ['localhost', 'LOCALHOST', 'x.some.example', 'x.y.some.example', '.some.example', 'other', '']) {
      for (const options of [{}, { wildcards: false }, { subject: 'always' }, { multiLabelWildcards: true }] as const) {
        const flags = 'wildcards' in options ? 2 : 'subject' in options ? 1 : 'multiLabelWildcards' in options ? 8 : 0;
        expect([host, ours(pem).checkHost!(host, flags)]).toEqual([host, theirs.checkHost(host, options)]);
      }
    }
  });
});

test('what is no certificate', () => {
  expect(() => ours('nothing')).toThrow(expect.objectContaining({ code: 'ERR_OSSL_PEM_NO_START_LINE' }));
  const broken = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
  expect(() => ours(broken)).toThrow(expect.objectContaining({ code: 'ERR_OSSL_ASN1_WRONG_TAG' }));
});

describe('chains are judged as natively', () => {
  const [rootKey, middleKey, leafKey] = [ec(), ec(), ec()];
  const root = makeCertificate({ commonName: 'Root', key: rootKey, isAuthority: true });
  const byRoot = { commonName: 'Root', key: rootKey };
  const middle = makeCertificate({ commonName: 'Middle', key: middleKey, issuer: byRoot, isAuthority: true });
  const noAuthority = makeCertificate({ commonName: 'Middle', key: middleKey, issuer: byRoot });
  const byMiddle = { commonName: 'Middle', key: middleKey };
  const leaf = makeCertificate({ commonName: 'localhost', key: leafKey, issuer: byMiddle, names: ['localhost'] });
  const direct = makeCertificate({ commonName: 'localhost', key: leafKey, issuer: byRoot, names: ['localhost'] });
  const old = makeCertificate({ commonName: 'localhost', key: leafKey, issuer: byRoot, from: -9, until: -2 });
  const future = makeCertificate({ commonName: 'localhost', key: leafKey, issuer: byRoot, from: 2, until: 9 });
  const alone = makeCertificate({ commonName: 'localhost', key: leafKey, names: ['localhost'] });
  const oldAlone = makeCertificate({ commonName: 'localhost', key: leafKey, from: -9, until: -2 });
  const forged = makeCertificate({
    commonName: 'localhost',
    key: leafKey,
    issuer: { commonName: 'Root', key: ec() },
    skipsAuthorityKey: true,
  });

  const shown = { commonName: 'localhost', key: leafKey, issuer: byRoot };
  const strange = makeCertificate({ ...shown, extensions: [extension('1.2.3.4', true, derNull())] });
  const forPurpose = (oid: string) => extension('2.5.29.37', false, derSequence(derOid(oid)));
  const anyPurpose = makeCertificate({ ...shown, extensions: [forPurpose('2.5.29.37.0')] });
  const forServers = makeCertificate({ ...shown, extensions: [forPurpose('1.3.6.1.5.5.7.3.1')] });
  // No further authority may stand below it.
  const noneBelow = extension(
    '2.5.29.19',
    true,
    derSequence(der(Tag.boolean, Uint8Array.of(255)), der(Tag.integer, Uint8Array.of(0))),
  );
  const narrow = makeCertificate({ ...byRoot, extensions: [noneBelow] });
  const renewed = makeCertificate({ commonName: 'Root', key: middleKey, issuer: byRoot, isAuthority: true });
  const belowRenewed = makeCertificate({ ...shown, issuer: { commonName: 'Root', key: middleKey } });
  const extra = makeCertificate({ ...byMiddle, issuer: byRoot, isAuthority: true });
  const belowExtra = makeCertificate({ ...shown, issuer: byMiddle });
  const claiming = makeCertificate({ ...shown, claimedAlgorithm: derSequence(derOid('1.2.840.10045.4.3.3')) });
  const byRsa = { commonName: 'RSA', key: keys.rsa };
  const rsaRoot = makeCertificate({ ...byRsa, isAuthority: true });
  const weakDigest = makeCertificate({ ...shown, issuer: byRsa, hash: 'sha1' });

  const cases: [name: string, sent: string, trusted: string, partial?: boolean, level?: number][] = [
    ['a whole chain', leaf + middle, root],
    ['a direct one', direct, root],
    ['the middle is missing', leaf, root],
    ['nothing is trusted', leaf + middle, alone],
    ['the root is sent, too, and not trusted', direct + root, alone],
    ['the middle is trusted', leaf, middle],
    ['the middle is trusted, which may do', leaf, middle, true],
    ['a middle that may not sign', leaf + noAuthority, root],
    ['one that signed itself', alone, root],
    ['one that signed itself, trusted', alone, alone],
    ['an old one', old, root],
    ['an old one that signed itself', oldAlone, root],
    ['an old one that signed itself, trusted', oldAlone, oldAlone],
    ['one of the future', future, root],
    ['another key than the root', forged, root],
    ['an extension that nobody knows', strange, root],
    ['one for any purpose', anyPurpose, root],
    ['one for servers', forServers, root],
    ['an authority below itself, which is not counted', belowRenewed + renewed, narrow],
    ['one authority too many', belowExtra + extra, narrow],
    ['one that claims another signature', claiming, root],
    ['a weak digest', weakDigest, rsaRoot],
    ['a weak digest, which may do', weakDigest, rsaRoot, false, 0],
  ];
  test.each(cases)('%s', async (_name, sent, trusted, allowPartialTrustChain = false, level = 2) => {
    const expected = await nativeVerdict({ key: leafKey, sent, trusted, allowPartialTrustChain, level });
    expect(ownVerdict(services, { key: leafKey, sent, trusted, allowPartialTrustChain, level })).toBe(expected);
  });
});
