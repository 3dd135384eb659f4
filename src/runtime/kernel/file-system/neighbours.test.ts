import { expect, it } from 'vitest';
import { STAMPS, Stamps } from '../channel/stamps.ts';
import { atTime } from '../clock.ts';
import { writeWhole } from './contents.ts';
import { rename, unlink } from './entries.ts';
import { FileSystem } from './file-system.ts';
import type { Place } from './lookup.ts';
import { listNeighbours } from './neighbours.ts';

it('tells a reader what lies there now, in order, also when a name has changed in the moment of the last look', () => {
  const fs = new FileSystem();
  const place: Place = { root: fs.root, cwd: fs.root, umask: 0 };
  const stamps = new Stamps(new Int32Array(new SharedArrayBuffer(4 * STAMPS)));
  const read = (from: string) => {
    const answer = listNeighbours(place, '/', { most: 100, stamps, wanted: [from, 3] });
    return [answer?.[0], new TextDecoder().decode(answer?.[4])];
  };
  atTime(1000, () => {
    for (const name of ['c', 'a', 'd', 'b'])
      writeWhole(fs, place, `/${name}`, { data: new TextEncoder().encode(name) });
    expect([read('b'), read('e')]).toEqual([
      ['a/b/c/d', 'bcd'],
      ['a/b/c/d', ''],
    ]);
    rename(fs, place, '/d', '/0');
    expect(read('b')).toEqual(['0/a/b/c', 'bcd']);
  });
});

it('sorts the names of a large folder a few times, not for each look, while they are removed one by one', () => {
  const fs = new FileSystem();
  const place: Place = { root: fs.root, cwd: fs.root, umask: 0 };
  const stamps = new Stamps(new Int32Array(new SharedArrayBuffer(4 * STAMPS)));
  const names = Array.from({ length: 20_000 }, (_, index) => `f${100_000 + index}`);
  for (const name of names) writeWhole(fs, place, `/${name}`, { data: new Uint8Array() });
  let sorted = 0;
  const { entries } = fs.root;
  const { keys } = entries;
  entries.keys = () => {
    sorted++;
    return keys.call(entries);
  };
  for (let at = 0; at < names.length - 1000; at += 500) {
    const near = names[at] as string;
    const told = listNeighbours(place, '/', { most: 500, stamps, near })?.[0].split('/') ?? [];
    expect(told).toEqual(names.slice(at, at + 500));
    for (const name of told) unlink(fs, place, `/${name}`);
  }
  expect(sorted).toBeLessThan(15);
});
