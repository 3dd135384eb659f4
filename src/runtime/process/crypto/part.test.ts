import * as native from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { readBinaries } from '../../library/parts.ts';
import type { ProcessContext } from '../context.ts';
import { cipherBindings } from './ciphers/cipher-handle.ts';
import { findCipher } from './ciphers/ciphers.ts';
import { privateKeyFrom, publicKeyFrom, writePrivateKey, writePublicKey } from './keys/key-files.ts';
import { type CryptoServices, createServices } from './services.ts';
import { sign, verify } from './signatures/signatures.ts';

let services: CryptoServices;
beforeAll(async () => {
  const binaries = await readBinaries(process.cwd());
  services = createServices(
    {
      global: globalThis,
      host: { WebAssembly, crypto: globalThis.crypto },
      partBytes: (name: string) => new Uint8Array(binaries.get(name)!),
      require: () => ({ Buffer }),
      process,
    } as unknown as ProcessContext,
    (key) => key,
  );
});

describe('ciphers agree with native', () => {
  const bytes = (length: number) => Buffer.from(Array.from({ length }, (_, i) => (i * 7 + length) & 255));
  const names =
    'aes-128-cbc aes-192-cbc aes-256-cbc aes-256-ecb aes-128-ctr aes-192-cfb aes-128-cfb8 aes-256-ofb aes-128-gcm aes-256-gcm aes-128-ccm aes-256-ccm aes-128-ocb aes-256-ocb chacha20-poly1305 chacha20 des-ede3-cbc des-ede3 id-aes128-wrap';

  test.each(names.split(' '))('%s', (name) => {
    const info = findCipher(name)!;
    const { CipherBase, getCipherInfo } = cipherBindings(services);
    const authenticated = /gcm|ccm|ocb|poly/.test(name);
    for (const length of name.includes('wrap') ? [16, 24] : [0, 1, 15, 16, 17, 40, 64, 1000]) {
      const [key, data, aad] = [bytes(info.keyLength), bytes(length), bytes(authenticated ? 20 : 0)];
      const iv = info.ivLength === 0 ? null : bytes(info.ivLength);
      const options = { authTagLength: 16 } as native.CipherCCMOptions;
      const theirs = native.createCipheriv(name, key, iv, options) as native.CipherCCM;
      const ours = new CipherBase(true, name, key, iv, authenticated ? 16 : -1);
      if (authenticated) {
        theirs.setAAD(aad, { plaintextLength: length });
        ours.setAAD(aad, length);
      }
      const expected = Buffer.concat([theirs.update(data), theirs.final()]);
      const cut = name.includes('ccm') || name.includes('wrap') ? length : Math.floor(length / 3);
      const pieces = [ours.update(data.subarray(0, cut))];
      if (cut < length) pieces.push(ours.update(data.subarray(cut)));
      const sealed = Buffer.concat([...(pieces as Buffer[]), ours.final() as Buffer]);
      expect(sealed.toString('hex')).toBe(expected.toString('hex'));
      const back = new CipherBase(false, name, key, iv, authenticated ? 16 : -1);
      if (authenticated) {
        expect(ours.getAuthTag()).toEqual(theirs.getAuthTag());
        back.setAuthTag(theirs.getAuthTag());
        back.setAAD(aad, length);
      }
      const opened = Buffer.concat([back.update(sealed) as Buffer, back.final() as Buffer]);
      expect(opened.equals(data)).toBe(true);
    }
    const { ivLength, keyLength } = native.getCipherInfo(name)!;
    expect(getCipherInfo({}, name)).toMatchObject({ keyLength, ...(ivLength && { ivLength }) });
  });
});

const kinds: [string, () => { publicKey: native.KeyObject; privateKey: native.KeyObject }][] = [
  ['rsa', () => native.generateKeyPairSync('rsa', { modulusLength: 1024 })],
  ['rsa-pss', () => native.generateKeyPairSync('rsa-pss', { modulusLength: 1024, hashAlgorithm: 'sha256' })],
  ['dsa', () => native.generateKeyPairSync('dsa', { modulusLength: 1024, divisorLength: 160 })],
  ...['P-256', 'P-384', 'P-521', 'secp256k1', 'secp224r1'].map(
    (namedCurve) => [namedCurve, () => native.generateKeyPairSync('ec', { namedCurve })] as (typeof kinds)[number],
  ),
  ['ed25519', () => native.generateKeyPairSync('ed25519')],
  ['ed448', () => native.generateKeyPairSync('ed448')],
];

describe('keys', () => {
  test.each(kinds)('%s: files and signatures pass both ways', (kind, generate) => {
    const pair = generate();
    const message = Buffer.from('attack at dawn');
    const isRaw = kind.startsWith('ed');
    const digest = isRaw ? null : services.digestNamed('sha256');
    for (const format of ['pem', 'der'] as const) {
      const protection = { cipher: 'aes-256-cbc', passphrase: 'secret' };
      for (const locked of [{}, protection]) {
        const data = pair.privateKey.export({ format, type: 'pkcs8', ...locked } as never);
        const source = {
          data: Buffer.from(data),
          format: format === 'pem' ? 1 : 0,
          type: 1,
          passphrase: Buffer.from('secret'),
        };
        const key = privateKeyFrom(services, source);
        const signature = sign(services, key, { message, digest }, {});
        expect(native.verify(isRaw ? null : 'sha256', message, pair.publicKey, signature)).toBe(true);
        const target = {
          format: 0,
          type: 1,
          ...('cipher' in locked && { cipher: 'aes-128-cbc', passphrase: Buffer.from('x') }),
        };
        const again = native.createPrivateKey({
          key: Buffer.from(writePrivateKey(services, key, target) as Buffer),
          format: 'der',
          type: 'pkcs8',
          passphrase: 'x',
        });
        expect(again.equals(pair.privateKey)).toBe(true);
        expect(publicKeyFrom(services, source)).toBeDefined();
      }
    }
    const spki = pair.publicKey.export({ format: 'pem', type: 'spki' });
    const open = publicKeyFrom(services, { data: Buffer.from(spki), format: 1 });
    expect(writePublicKey(services, open, { format: 1, type: 2 })).toBe(spki);
    const signature = native.sign(isRaw ? null : 'sha256', message, pair.privateKey);
    expect(verify(services, open, { message, digest, signature }, {})).toBe(true);
    signature[5] = signature[5]! ^ 1;
    expect(verify(services, open, { message, digest, signature }, {})).toBe(false);
  });
});
