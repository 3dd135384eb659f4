import { expect, it } from 'vitest';
import { KnownInodes } from './known-inodes.ts';

it('holds the last of those that share a place, and no more than it has places for', () => {
  const known = new KnownInodes<string>();
  for (const number of [1, 2, 65, 3]) known.put(number, `inode ${number}`);
  expect([1, 2, 3, 65, 66].map((number) => known.get(number))).toEqual([
    undefined,
    'inode 2',
    'inode 3',
    'inode 65',
    undefined,
  ]);
  for (let number = 0; number < 10_000; number++) known.put(number, 'another');
  expect(Array.from({ length: 10_000 }, (_, number) => known.get(number)).filter(Boolean)).toHaveLength(64);
});
