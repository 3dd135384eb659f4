import { expect, test } from 'vitest';
import { makeDirectory, removeTree, rename } from './entries.ts';
import { FileSystem } from './file-system.ts';
import type { DirectoryInode } from './inode.ts';
import { find, type Place } from './lookup.ts';

function deepen(fs: FileSystem, place: Place): number {
  for (let depth = 0; ; depth++) {
    try {
      makeDirectory(fs, place, 'd', 0o777);
    } catch {
      return depth;
    }
    place.cwd = find(place, 'd', false) as DirectoryInode;
  }
}

test('trees have an end, and the deepest can be removed', () => {
  const fs = new FileSystem();
  const place = (): Place => ({ root: fs.root, cwd: fs.root, umask: 0 });
  expect(deepen(fs, place())).toBe(1024);
  const top = place();
  makeDirectory(fs, top, 'other', 0o777);
  expect(() => rename(fs, top, 'd', 'other/d')).toThrow('ENAMETOOLONG');
  removeTree(fs, top, 'd', false);
  expect([...fs.root.entries.keys()]).toEqual(['other']);
});
