import { gzipSync } from 'fflate';
import { expect, it } from 'vitest';
import { gunzip } from './gunzip.ts';

const big = new Uint8Array(1_000_000).fill(7);

it('takes all members, also those that lie across pieces', () => {
  const noise = Uint8Array.from({ length: 200_000 }, (_, index) => (index * 2_654_435_761) >>> 13);
  const packed = [gzipSync(noise), gzipSync(big), gzipSync(noise)];
  const unpacked = gunzip(Uint8Array.from(packed.flatMap((each) => [...each])));
  expect(unpacked.length).toBe(2 * noise.length + big.length);
  expect(unpacked.subarray(-noise.length)).toEqual(noise);
});

it('stops where a small archive becomes too much', () => {
  expect(() => gunzip(gzipSync(big), 100_000)).toThrow('ENOMEM');
  expect(gunzip(gzipSync(big), 1_000_000).length).toBe(1_000_000);
});
