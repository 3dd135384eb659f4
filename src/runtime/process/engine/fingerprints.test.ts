import { describe, expect, it } from 'vitest';
import { createFingerprints } from './fingerprints.ts';

const SEEDS = Uint32Array.of(0x3c6ef372, 0xa54ff53a);

describe('fingerprints', () => {
  const { ofText, ofBytes } = createFingerprints(SEEDS);

  it('are the same for the same content, in every Worker of a kernel', () => {
    const other = createFingerprints(SEEDS.slice());
    expect(other.ofText('const a = 1;')).toBe(ofText('const a = 1;'));
    expect(other.ofBytes(Uint8Array.of(1, 2, 3, 4, 5))).toBe(ofBytes(Uint8Array.of(1, 2, 3, 4, 5)));
  });

  it('do not depend on where in a buffer the bytes are', () => {
    const bytes = Uint8Array.from({ length: 23 }, (_, index) => index * 7);
    expect(ofBytes(bytes.subarray(1))).toBe(ofBytes(bytes.slice(1)));
  });

  it('differ where one character or byte differs', () => {
    const text = 'x'.repeat(300);
    const texts = Array.from(text, (_, at) => `${text.slice(0, at)}y${text.slice(at + 1)}`);
    expect(new Set([text, ...texts].map(ofText)).size).toBe(301);
    const bytes = Array.from({ length: 301 }, (_, at) =>
      Uint8Array.from({ length: 300 }, (_, i) => (i === at ? 1 : 0)),
    );
    expect(new Set(bytes.map(ofBytes)).size).toBe(301);
  });

  it('are others in another kernel', () => {
    const other = createFingerprints(Uint32Array.of(1, 2));
    expect(other.ofText('abc')).not.toBe(ofText('abc'));
    expect(other.ofBytes(Uint8Array.of(1, 2, 3))).not.toBe(ofBytes(Uint8Array.of(1, 2, 3)));
  });
});
