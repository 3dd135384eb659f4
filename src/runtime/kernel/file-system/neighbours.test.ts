import { expect, it } from 'vitest';
import { STAMPS, Stamps } from '../channel/stamps.ts';
import { atTime } from '../clock.ts';
import { writeWhole } from './contents.ts';
import { rename } from './entries.ts';
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
