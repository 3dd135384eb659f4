import { expect, it } from 'vitest';
import { STAMPS, Stamps } from '../channel/stamps.ts';
import { writeWhole } from './contents.ts';
import { makeDirectories } from './entries.ts';
import { FileSystem } from './file-system.ts';
import { LikelyFolders } from './likely-folders.ts';
import { findDirectory, type Place } from './lookup.ts';

function setUp(files: readonly string[]) {
  const fs = new FileSystem();
  const place: Place = { root: fs.root, cwd: fs.root, umask: 0, visited: null };
  for (const path of files) {
    makeDirectories(fs, place, path.slice(0, path.lastIndexOf('/')), 0o777);
    writeWhole(fs, place, path, { data: new Uint8Array(10) });
  }
  const likely = new LikelyFolders();
  /** A process that asks for folders, and what it is told of each time. */
  return (root = '/') => {
    place.cwd = findDirectory(place, root);
    const stamps = new Stamps(new Int32Array(new SharedArrayBuffer(4 * STAMPS)));
    return (folder: string) => likely.list(place, folder, { most: 100, stamps })?.[1].map(([path]) => path);
  };
}

it('tells of the folders that another process has asked for next, each once', () => {
  const start = setUp(['/a/x', '/b/x', '/c/x', '/d/x']);
  const first = start();
  expect(['/a', '/b', '/c'].map(first)).toEqual([[], [], []]);
  const second = start();
  expect(second('/a')).toEqual(['/b', '/c']);
  expect(second('/d')).toEqual([]);
  expect(start()('/b')).toEqual(['/c', '/d']);
  expect(second('/b')).toEqual([]);
});

it('knows its way in a copy of the project, and learns where another one differs', () => {
  const start = setUp(['/a', '/b', '/c'].flatMap((root) => ['/p/x', '/q/x', '/r/x'].map((path) => root + path)));
  const first = start('/a');
  for (const folder of ['/a/p', '/a/q', '/b/r']) first(folder);
  expect(start('/c')('/c/p')).toEqual(['/c/q', '/b/r']);
  expect(start('/c')('/b/p')).toEqual([]);
  const other = setUp(['/a/p/x', '/a/q/x', '/b/p/x', '/b/r/x']);
  for (const root of ['/a', '/b', '/a']) {
    const ask = other(root);
    ask(`${root}/p`);
    if (root === '/a') ask('/a/q');
    else ask('/b/r');
  }
  expect(other('/a')('/a/p')).toEqual(['/a/q']);
});

it('tells of the folders of a package', () => {
  const ask = setUp(['/p/package.json', '/p/lib/a.js', '/p/test/a.js', '/p/node_modules/q/a.js', '/r/lib/a.js'])();
  expect(ask('/p')).toEqual(['/p/lib']);
  expect(ask('/r')).toEqual([]);
});
