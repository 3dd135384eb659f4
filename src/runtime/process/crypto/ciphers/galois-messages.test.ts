import * as native from 'node:crypto';
import { expect, test } from 'vitest';
import { GaloisKey } from './galois-messages.ts';

test.each([16, 32])('messages of any length, with a key of %d bytes', (size) => {
  const key = native.randomBytes(size);
  const ours = new GaloisKey(new Uint8Array(key));
  for (const length of [0, 1, 15, 16, 17, 31, 32, 100, 16_384, 16_385]) {
    for (const associated of [Buffer.alloc(0), native.randomBytes(5), native.randomBytes(33)]) {
      const [nonce, plain] = [native.randomBytes(12), native.randomBytes(length)];
      const theirs = native.createCipheriv(size === 16 ? 'aes-128-gcm' : 'aes-256-gcm', key, nonce);
      theirs.setAAD(associated);
      const expected = Buffer.concat([theirs.update(plain), theirs.final(), theirs.getAuthTag()]);
      expect(Buffer.from(ours.seal(nonce, associated, plain)).equals(expected)).toBe(true);
      expect(Buffer.from(ours.open(nonce, associated, expected) ?? []).equals(plain)).toBe(true);
      expected[length] = (expected[length] ?? 0) ^ 1;
      expect(ours.open(nonce, associated, expected)).toBeNull();
    }
  }
  expect(ours.open(new Uint8Array(12), new Uint8Array(0), new Uint8Array(15))).toBeNull();
});
