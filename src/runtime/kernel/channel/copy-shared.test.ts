import { expect, it } from 'vitest';
import { copyShared } from './copy-shared.ts';

const LENGTHS = [0, 1, 255, 256, 1000, 65_536, 65_537, 200_003];

it.each([
  ['to', (length: number) => [new SharedArrayBuffer(length), new ArrayBuffer(length)]],
  ['from', (length: number) => [new ArrayBuffer(length), new SharedArrayBuffer(length)]],
  ['within', (length: number) => [new SharedArrayBuffer(length), new SharedArrayBuffer(length)]],
] as const)('copies what is there %s shared memory, however it lies', (_, create) => {
  for (const length of LENGTHS) {
    for (const [to, from] of [
      [0, 0],
      [0, 3],
      [5, 0],
      [7, 2],
    ] as const) {
      const [one, other] = create(length + 16) as [ArrayBufferLike, ArrayBufferLike];
      const all = new Uint8Array(one).fill(255);
      const source = new Uint8Array(other, from, length);
      for (let i = 0; i < length; i++) source[i] = i * 31 + (i >> 8);
      if (length % 2) copyShared(new Uint8Array(one, to), source);
      else copyShared(all, source, to);
      expect(Buffer.compare(all.slice(to, to + length), source.slice())).toBe(0);
      expect([...all.slice(0, to), ...all.slice(to + length)].every((byte) => byte === 255)).toBe(true);
    }
  }
});
