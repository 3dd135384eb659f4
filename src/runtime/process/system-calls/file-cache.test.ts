import { describe, expect, it } from 'vitest';
import { indexOf, STAMPS, Stamps } from '../../kernel/channel/stamps.ts';
import { setMode, statOf } from '../../kernel/file-system/attributes.ts';
import { readWhole, writeWhole } from '../../kernel/file-system/contents.ts';
import * as entries from '../../kernel/file-system/entries.ts';
import { FileSystem } from '../../kernel/file-system/file-system.ts';
import { DirectoryInode } from '../../kernel/file-system/inode.ts';
import { LikelyFolders } from '../../kernel/file-system/likely-folders.ts';
import { find, type Place, realPath } from '../../kernel/file-system/lookup.ts';
import type { Stat } from '../../kernel/syscalls.ts';
import { type Answers, type Dependencies, FileCache, type Outcome } from './file-cache.ts';
import { attempt } from './kept-calls.ts';
import { KnownFolders } from './known-folders.ts';

const NAMES = ['a', 'b', 'c'];

/** Repeatable. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function cacheOf(fs: FileSystem) {
  const numbers = new Int32Array(STAMPS);
  const stamps = new Stamps(numbers);
  fs.onChanged = ({ number }) => stamps.bump(number);
  return { stamps, cache: new FileCache(numbers) };
}

/** A file system, a place in it, and a cache that learns from lookups there. */
function setUp(random: (below: number) => number) {
  const fs = new FileSystem();
  const place: Place = { root: fs.root, cwd: fs.root, umask: 0o022 };
  const { cache, stamps } = cacheOf(fs);
  const path = () =>
    `${random(2) ? '/' : ''}${Array.from({ length: 1 + random(3) }, () => NAMES[random(3)]).join('/')}`;
  const changes: (() => unknown)[] = [
    () => writeWhole(fs, place, path(), { data: new Uint8Array(random(5)).fill(random(256)) }),
    () => entries.makeDirectory(fs, place, path(), 0o777),
    () => entries.unlink(fs, place, path()),
    () => entries.removeDirectory(fs, place, path()),
    () => entries.removeTree(fs, place, path(), true),
    () => entries.rename(fs, place, path(), path()),
    () => entries.link(fs, place, path(), path()),
    () => entries.symlink(fs, place, random(2) ? `../${NAMES[random(3)]}` : path(), path()),
    () => setMode(fs, { inode: find(place, path(), true) }, random(0o1000)),
  ];
  const lookUp = <T>(answers: Answers<T>, at: string, action: () => T): { known: boolean; right: boolean } => {
    const visited: number[] = [];
    place.visited = visited;
    const outcome = attempt(action);
    place.visited = null;
    const known = answers.get(at);
    const right = known === undefined || JSON.stringify(known) === JSON.stringify(outcome);
    answers.keep(at, outcome, { indices: Int32Array.from(visited, indexOf), sum: stamps.sum(visited) });
    return { known: known !== undefined, right };
  };
  const likely = new LikelyFolders();
  let dependencies: Dependencies | null = null;
  const folders = new KnownFolders(cache, {
    neighbours: (folder, most, wanted, near, used) => {
      const visited: number[] = [];
      place.visited = visited;
      try {
        // Often only some of the names.
        return likely.list(place, { folder, used }, { most: Math.min(most, 1 + random(8)), stamps, wanted, near });
      } finally {
        place.visited = null;
        dependencies = { indices: Int32Array.from(visited, indexOf), sum: stamps.sum(visited) };
      }
    },
    dependencies: () => dependencies,
  });
  const lookups: ((at: string) => { known: boolean; right: boolean })[] = [
    (at) => lookUp<Stat>(cache.stats, at, () => statOf(find(place, at, true))),
    (at) => lookUp<Stat>(cache.linkStats, at, () => statOf(find(place, at, false))),
    (at) => lookUp(cache.contents, at, () => readWhole(fs, place, at).slice()),
    (at) => {
      folders.noteRead(at);
      return lookUp(cache.contents, at, () => readWhole(fs, place, at).slice());
    },
    (at) => lookUp(cache.entries, at, () => entries.readDirectory(place, at)),
    (at) => {
      const found = folders.list(at);
      const outcome = attempt(() => entries.readDirectory(place, at));
      return {
        known: found !== undefined,
        right: found === undefined || JSON.stringify(found.entries) === JSON.stringify(outcome.value),
      };
    },
    (at) => lookUp(cache.realPaths, at, () => realPath(place, at)),
    (at) => lookUp(cache.targets, at, () => entries.readLink(place, at)),
    ...[true, false].map((follow) => (at: string) => {
      const known = folders.statOf(at, follow);
      const outcome = attempt(() => statOf(find(place, at, follow)));
      return {
        known: known !== undefined,
        right: known === undefined || JSON.stringify(known) === JSON.stringify(outcome),
      };
    }),
  ];
  lookups.push((at) => {
    // As `open` asks, with paths as programs write them.
    const written = [at, at.slice(1), `${at}/`, `${at}/.`][random(4)] as string;
    const known = folders.knownStat(written);
    const outcome = attempt(() => statOf(find(place, written, true)));
    return {
      known: known !== undefined,
      right: known === undefined || JSON.stringify(known) === JSON.stringify(outcome),
    };
  });
  const moveTo = () => {
    const inode = find(place, path(), true);
    if (inode instanceof DirectoryInode) place.cwd = inode;
    cache.clear();
  };
  return { changes, lookups, path, moveTo };
}

describe('what a process keeps of the file system', () => {
  it('is either true or not used, whatever changes', () => {
    const random = randomNumbers(1);
    const { changes, lookups, path, moveTo } = setUp(random);
    let used = 0;
    for (let round = 0; round < 20_000; round++) {
      if (random(3) === 0) attempt(changes[random(changes.length)] as () => unknown);
      if (random(200) === 0) attempt(moveTo);
      const at = path();
      const { known, right } = (lookups[random(lookups.length)] as (typeof lookups)[number])(at);
      if (known) used++;
      if (!right) expect.fail(`round ${round}: what is known of ${at} is not true any more`);
    }
    expect(used).toBeGreaterThan(2000);
  });

  it('is asked of the kernel by the folder, not by the name', () => {
    const { fs, cache, stamps } = oneFile();
    const place: Place = { root: fs.root, cwd: fs.root, umask: 0, visited: [] };
    let asked = 0;
    const likely = new LikelyFolders();
    const folders = new KnownFolders(cache, {
      neighbours: (folder, most) => {
        asked++;
        return likely.list(place, { folder }, { most, stamps });
      },
      dependencies: () => ({ indices: new Int32Array(), sum: 0 }),
    });
    const names = ['/beside', '/written', '/none', '/other', '/beside/under'];
    const answers = names.map((name) => folders.statOf(name, true)?.code);
    expect(answers).toEqual([undefined, null, 'ENOENT', 'ENOENT', 'ENOTDIR']);
    expect(folders.statOf('/beside/more', true)?.code).toBe('ENOTDIR');
    expect(asked).toBe(2);
  });

  it('is not asked for below a folder that its parent has not, which is looked at when a second one is missing', () => {
    const { fs, cache, stamps } = oneFile();
    const place: Place = { root: fs.root, cwd: fs.root, umask: 0, visited: [] };
    const likely = new LikelyFolders();
    let visited: number[] = [];
    const asked: string[] = [];
    const folders = new KnownFolders(cache, {
      neighbours: (folder, most) => {
        asked.push(folder);
        visited = [];
        return likely.list({ ...place, visited }, { folder }, { most, stamps });
      },
      dependencies: () => ({ indices: Int32Array.from(visited, indexOf), sum: stamps.sum(visited) }),
    });
    const lookAt = (name: string) => folders.statOf(`/packages/${name}/package.json`, true)?.code;
    entries.makeDirectory(fs, place, '/packages', 0o777);
    expect(['a', 'b', 'c', 'd/e'].map(lookAt)).toEqual(['ENOENT', 'ENOENT', 'ENOENT', 'ENOENT']);
    expect(asked).toEqual(['/packages/a', '/packages/b', '/packages']);
    entries.makeDirectory(fs, place, '/packages/c', 0o777);
    writeWhole(fs, place, '/packages/c/package.json', { data: new Uint8Array(1) });
    expect(lookAt('c')).toBe(null);
  });

  it('brings with a source that was read before what must be edited in it, which is given for the same text alone, and once', () => {
    const { fs, cache, stamps } = oneFile();
    const place: Place = { root: fs.root, cwd: fs.root, umask: 0, visited: [] };
    const likely = new LikelyFolders();
    const encoder = new TextEncoder();
    const transformOf = (source: Uint8Array) => ({
      kind: 'module' as const,
      result: encoder.encode(`edits of ${new TextDecoder().decode(source)}`),
    });
    let visited: number[] = [];
    const folders = new KnownFolders(cache, {
      neighbours: (folder, most) => {
        visited = [];
        return likely.list({ ...place, visited }, { folder }, { most, stamps, transformOf });
      },
      dependencies: () => ({ indices: Int32Array.from(visited, indexOf), sum: stamps.sum(visited) }),
    });
    entries.makeDirectory(fs, place, '/p', 0o777);
    for (const name of ['a.js', 'b.js', 'c.txt', 'd.mjs'])
      writeWhole(fs, place, `/p/${name}`, { data: encoder.encode(`text of ${name}`) });
    for (const name of ['a.js', 'c.txt', 'd.mjs']) readWhole(fs, place, `/p/${name}`);
    for (const name of ['none', 'a.js']) folders.statOf(`/p/${name}`, true);
    const take = (kind: 'module' | 'function', text: string) => {
      const found = cache.takeTransform(kind, encoder.encode(text));
      return found && new TextDecoder().decode(found);
    };
    expect(take('module', 'text of a.js')).toBe(null);
    for (const name of ['a.js', 'b.js', 'c.txt', 'd.mjs']) cache.contents.get(`/p/${name}`);
    expect(take('function', 'text of a.js')).toBe(null);
    expect(take('module', 'text of A.js')).toBe(null);
    expect(take('module', 'text of a.js')).toBe('edits of text of a.js');
    expect(['a.js', 'b.js', 'c.txt'].map((name) => take('module', `text of ${name}`))).toEqual([null, null, null]);
    expect(take('module', 'text of d.mjs')).toBe('edits of text of d.mjs');
  });

  it('is asked for as soon as before in a folder that others make anew again and again', () => {
    const { fs, cache, stamps } = oneFile();
    const place: Place = { root: fs.root, cwd: fs.root, umask: 0 };
    const likely = new LikelyFolders();
    let visited: number[] = [];
    const folders = new KnownFolders(cache, {
      neighbours: (folder, most) => {
        visited = [];
        return likely.list({ ...place, visited }, { folder }, { most, stamps });
      },
      dependencies: () => ({ indices: Int32Array.from(visited, indexOf), sum: stamps.sum(visited) }),
    });
    const waits = Array.from({ length: 12 }, () => {
      entries.makeDirectory(fs, place, '/made', 0o777);
      const names = Array.from({ length: 100 }, (_, index) => `/made/${index}`);
      for (const name of names) writeWhole(fs, place, name, { data: new Uint8Array(1) });
      const asked = names.filter((name) => folders.statOf(name, true) === undefined).length;
      entries.removeTree(fs, place, '/made', true);
      return asked;
    });
    expect(Math.max(...waits)).toBeLessThan(5);
  });

  it('is told the contents of the files that come next to whoever reads one behind the other', () => {
    const { fs, cache, stamps } = oneFile();
    const place: Place = { root: fs.root, cwd: fs.root, umask: 0 };
    const likely = new LikelyFolders();
    let visited: number[] = [];
    let bytes = 0;
    const folders = new KnownFolders(cache, {
      neighbours: (folder, most, wanted, _, used) => {
        visited = [];
        const answer = likely.list({ ...place, visited }, { folder, used }, { most, stamps, wanted });
        bytes += answer?.[0][4].length ?? 0;
        return answer;
      },
      dependencies: () => ({ indices: Int32Array.from(visited, indexOf), sum: stamps.sum(visited) }),
    });
    entries.makeDirectory(fs, place, '/made', 0o777);
    const names = Array.from({ length: 300 }, (_, index) => `/made/${1000 + index}.${index % 3 ? 'txt' : 'md'}`);
    for (const name of names) writeWhole(fs, place, name, { data: new Uint8Array(2000).fill(name.charCodeAt(8)) });
    const read = (name: string) => {
      const known = cache.contents.get(name) ?? (folders.noteRead(name) ? cache.contents.get(name) : undefined);
      if (known) expect(known.value).toEqual(readWhole(fs, place, name));
      return known === undefined;
    };
    expect(names.filter((name) => name.endsWith('.md')).filter(read)).toHaveLength(2);
    const before = bytes;
    entries.makeDirectory(fs, place, '/else', 0o777);
    for (const name of ['/else/a', '/else/b', '/else/c']) writeWhole(fs, place, name, { data: new Uint8Array(2000) });
    // Who reads two files is told of no third.
    expect([read('/else/a'), read('/else/b'), bytes]).toEqual([true, true, before]);
    // Nor who reads one again and again that is too large to be told.
    entries.makeDirectory(fs, place, '/large', 0o777);
    for (const name of ['/large/a', '/large/c']) writeWhole(fs, place, name, { data: new Uint8Array(2000) });
    writeWhole(fs, place, '/large/b', { data: new Uint8Array(1_000_000) });
    for (let time = 0; time < 100; time++) expect(read('/large/b')).toBe(true);
    expect(bytes - before).toBeLessThan(40_000);
  });

  it('is told all of the next folder at once to whoever made use of all of the last one', () => {
    const { fs, cache, stamps } = oneFile();
    const place: Place = { root: fs.root, cwd: fs.root, umask: 0 };
    const likely = new LikelyFolders();
    let visited: number[] = [];
    const folders = new KnownFolders(cache, {
      neighbours: (folder, most, wanted, _, used) => {
        visited = [];
        return likely.list({ ...place, visited }, { folder, used }, { most, stamps, wanted });
      },
      dependencies: () => ({ indices: Int32Array.from(visited, indexOf), sum: stamps.sum(visited) }),
    });
    const lookAt = (at: string) => folders.statOf(at, true) !== undefined;
    const read = (at: string) => (cache.contents.get(at) ?? (folders.noteRead(at) && cache.contents.get(at))) !== false;
    const namesIn = (folder: string) => {
      const names = Array.from({ length: 120 }, (_, index) => `${folder}/${index}.txt`);
      entries.makeDirectory(fs, place, folder, 0o777);
      for (const name of names) writeWhole(fs, place, name, { data: new Uint8Array(20) });
      return names;
    };
    const countUnknown = (folder: string, isKnown: (at: string) => boolean) =>
      namesIn(folder).filter((name) => !isKnown(name)).length;
    expect(['/l1', '/l2', '/l3'].map((folder) => countUnknown(folder, lookAt))).toEqual([3, 0, 0]);
    expect(['/r1', '/r2', '/r3'].map((folder) => countUnknown(folder, read))).toEqual([2, 0, 0]);
    // One question shows that this is over.
    expect(lookAt((namesIn('/s1') as [string])[0])).toBe(true);
    expect(lookAt((namesIn('/s2') as [string])[0])).toBe(false);
    expect(read((namesIn('/s3') as [string])[0])).toBe(true);
    expect(read((namesIn('/s4') as [string])[0])).toBe(false);
  });

  it.each(['by their names', 'as they were made'])(
    'is told by the hundred of a folder with many files, %s',
    (order) => {
      const { fs, cache, stamps } = oneFile();
      const place: Place = { root: fs.root, cwd: fs.root, umask: 0 };
      const likely = new LikelyFolders();
      let visited: number[] = [];
      let asked = 0;
      const folders = new KnownFolders(cache, {
        neighbours: (folder, most, wanted, near, used) => {
          asked++;
          visited = [];
          return likely.list({ ...place, visited }, { folder, used }, { most, stamps, wanted, near });
        },
        dependencies: () => ({ indices: Int32Array.from(visited, indexOf), sum: stamps.sum(visited) }),
      });
      const filesIn = (folder: string) => {
        const names = Array.from({ length: 6000 }, (_, index) => `${folder}/${index}`);
        entries.makeDirectory(fs, place, folder, 0o777);
        for (const name of names) writeWhole(fs, place, name, { data: new Uint8Array(8) });
        return order === 'by their names' ? names.sort() : names;
      };
      const questions = (names: readonly string[], isKnown: (at: string) => boolean) => {
        asked = 0;
        const unknown = names.filter((name) => !isKnown(name)).length;
        return unknown + asked;
      };
      const looks = questions(filesIn('/looks'), (at) => {
        const known = folders.statOf(at, true);
        if (known) expect(known.value).toEqual(statOf(find(place, at, true)));
        return known !== undefined;
      });
      const reads = questions(
        filesIn('/reads'),
        (at) => (cache.contents.get(at) ?? (folders.noteRead(at) && cache.contents.get(at))) !== false,
      );
      // What comes next by name is told: whoever takes them in another order makes use of it later.
      const most = order === 'by their names' ? 100 : 1000;
      expect([looks, reads].filter((count) => count > most)).toEqual([]);
      expect(folders.statOf('/looks/none', true)).toBeUndefined();
    },
  );

  it('does not forget what lies beside a file that is written', () => {
    const { cache, fs, keep } = oneFile();
    keep('/beside');
    writeWhole(fs, { root: fs.root, cwd: fs.root, umask: 0 }, '/written', { data: new Uint8Array(1) });
    expect(cache.stats.get('/beside')?.value).toBeTruthy();
  });
});

function oneFile() {
  const fs = new FileSystem();
  const place: Place = { root: fs.root, cwd: fs.root, umask: 0 };
  const { cache, stamps } = cacheOf(fs);
  for (const name of ['/beside', '/written']) writeWhole(fs, place, name, { data: new Uint8Array(0) });
  const keep = (path: string) => {
    const visited: number[] = [];
    const outcome: Outcome<Stat> = { value: statOf(find({ ...place, visited }, path, true)), code: null };
    const indices = Int32Array.from(visited, indexOf);
    cache.stats.keep(path, outcome, { indices, sum: stamps.sum(visited) });
  };
  return { fs, cache, stamps, keep };
}
