import { expect, it } from 'vitest';
import { STAMPS, Stamps } from '../channel/stamps.ts';
import type { WantedContents } from '../syscalls.ts';
import { writeWhole } from './contents.ts';
import { makeDirectories } from './entries.ts';
import { FileSystem } from './file-system.ts';
import { LikelyFolders } from './likely-folders.ts';
import { findDirectory, type Place } from './lookup.ts';

function setUp(files: readonly string[], contents: Readonly<Record<string, Uint8Array>> = {}) {
  const fs = new FileSystem();
  const place: Place = { root: fs.root, cwd: fs.root, umask: 0, visited: null };
  const all = new Map([...files.map((path) => [path, new Uint8Array(10)] as const), ...Object.entries(contents)]);
  for (const [path, data] of all) {
    makeDirectories(fs, place, path.slice(0, path.lastIndexOf('/')), 0o777);
    writeWhole(fs, place, path, { data });
  }
  const likely = new LikelyFolders();
  /** A process that asks for folders, and what it is told of each time. */
  return (root = '/') => {
    place.cwd = findDirectory(place, root);
    const stamps = new Stamps(new Int32Array(new SharedArrayBuffer(4 * STAMPS)));
    return (folder: string, wanted?: WantedContents, used?: string[]) =>
      likely.list(place, { folder, used }, { most: 100, stamps, wanted })?.[1].map(([path]) => path);
  };
}

it('tells of the folders that another process has asked for next, each once', () => {
  const start = setUp(['/a/x', '/d/x', '/c/x', '/b/x']);
  const first = start();
  expect(['/a', '/b', '/c'].map((folder) => first(folder))).toEqual([[], [], []]);
  const second = start();
  expect(second('/a')).toEqual(['/b', '/c']);
  expect(second('/d', undefined, ['/b', '/c'])).toEqual([]);
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
  expect(ask('/p')).toEqual(['/p/lib', '/p/node_modules']);
  expect(ask('/r')).toEqual([]);
});

it('tells of the packages that a package depends on, and keeps in mind which of them were used', () => {
  const manifest = (dependencies: unknown) => new TextEncoder().encode(JSON.stringify({ dependencies }));
  const start = setUp(
    ['/m/node_modules/a/lib/x.js', '/m/node_modules/a/node_modules/c/x.js', '/m/node_modules/@s/b/x.js'],
    {
      '/m/package.json': manifest({ a: '1', '@s/b': '1', none: '1', '../../m': '1' }),
      '/m/node_modules/a/package.json': manifest({ c: '1', '@s/b': '1' }),
      '/m/node_modules/@s/b/package.json': new TextEncoder().encode('no JSON'),
    },
  );
  const [a, b] = ['/m/node_modules/a', '/m/node_modules/@s/b'];
  const first = start();
  const own = ['/m/node_modules', a, `${a}/lib`, `${a}/node_modules`, b, `${a}/node_modules/c`];
  expect(first('/m')).toEqual(own);
  expect(first('/m/node_modules/a/lib', undefined, [b, a])).toEqual([]);
  expect(start()('/m')).toEqual([b, a, `${a}/lib`]);
});

it('tells of the folders behind to who goes from one to the next, more each time, but not of what was told already', () => {
  const row = (from: number, end: number) => Array.from({ length: end - from }, (_, index) => `/r/${from + index}`);
  const ask = setUp([...row(0, 30), '/s/0'].map((folder) => `${folder}/x`))();
  const contents: WantedContents = ['', 1000];
  expect([ask('/r/0'), ask('/r/1'), ask('/r/4'), ask('/r/9')]).toEqual([[], row(2, 4), row(5, 9), row(10, 18)]);
  expect([ask('/r/0', contents), ask('/r/1', contents)]).toEqual([[], row(2, 4)]);
  expect([ask('/s/0'), ask('/r/18')]).toEqual([[], []]);
  expect([ask('/r/19'), ask('/r/4', contents), ask('/r/25'), ask('/r/24')]).toEqual([row(20, 22), row(5, 9), [], []]);
});
