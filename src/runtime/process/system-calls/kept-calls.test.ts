import { expect, it } from 'vitest';
import { packStat } from '../../kernel/channel/pack-stat.ts';
import { indexOf, STAMPS, Stamps } from '../../kernel/channel/stamps.ts';
import { Behind } from '../../kernel/channel/sync-layout.ts';
import { O_APPEND, O_CREAT, O_EXCL, O_WRONLY, S_IFREG } from '../../kernel/file-modes.ts';
import { Look, type Stat } from '../../kernel/syscalls.ts';
import { FileCache } from './file-cache.ts';
import { createKeptCalls, forgetForeknowledge, keepForeknowledge } from './kept-calls.ts';
import type { Knowledge } from './knowledge.ts';
import { KnownFolders } from './known-folders.ts';
import { KnownNames } from './known-names.ts';
import { KnownStats } from './known-stats.ts';
import { OpenFiles } from './open-files.ts';

const questions = {
  reopen: () => false,
  reserve: () => [],
  look: () => expect.unreachable('look'),
  borrow: () => expect.unreachable('lookInto'),
  readInto: () => expect.unreachable('readInto'),
};
const neverChange = {
  mayChange: () => false,
  change: () => false,
  nextNumber: () => 0,
  isOwn: () => false,
  permissionsOf: () => 0,
};
const neverPost = { mayPost: () => false, postWrite: () => false, post: () => false, changes: neverChange };
const noNames = (cache: FileCache) =>
  new KnownNames(cache, { trail: () => null, listNames: () => null, dependencies: () => null });

it('answers what it was told ahead, and forgets it', () => {
  const cache = new FileCache(new Int32Array(new SharedArrayBuffer(64)));
  const asked: string[] = [];
  const ask = (name: string): never => {
    asked.push(name);
    throw new Error(`asked: ${name}`);
  };
  const source = { neighbours: () => ask('neighbours'), dependencies: () => null };
  const stats = new KnownStats(cache);
  const files = new OpenFiles(cache, stats, questions);
  const knowledge: Knowledge = {
    cache,
    folders: new KnownFolders(cache, source),
    names: noNames(cache),
    files,
    stats,
    now: () => 1,
    ask,
    askToLook: ask,
    ...neverPost,
    cwd: null,
    home: null,
    kinds: new Map(),
    dependencies: () => null,
  };
  const { stat, readFile, getcwd, descriptorKind } = createKeptCalls(knowledge);
  const file = { mode: S_IFREG | 0o644, size: 1 } as Stat;
  const always = { code: null, indices: [], sum: 0 };
  keepForeknowledge(knowledge, {
    answers: [
      { kind: 'stat', path: '/a', value: file, ...always },
      { kind: 'content', path: '/a', value: Uint8Array.of(7), ...always },
    ],
    cwd: '/',
    kinds: ['pipe'],
  });
  expect([stat?.('/a', true), readFile?.('/a'), descriptorKind?.(0)]).toEqual([file, Uint8Array.of(7), 'pipe']);
  expect(asked).toEqual([]);
  forgetForeknowledge(knowledge);
  for (const call of [() => stat?.('/a', true), () => readFile?.('/a'), () => getcwd?.(), () => descriptorKind?.(0)]) {
    expect(call).toThrow('asked');
  }
});

it('knows of a folder that is made sure of again, until something changes on the way to it', () => {
  const numbers = new Int32Array(new SharedArrayBuffer(4 * STAMPS));
  const stamps = new Stamps(numbers);
  const cache = new FileCache(numbers);
  const asked: unknown[][] = [];
  const ask = (...call: unknown[]): never => {
    asked.push(call);
    return null as never;
  };
  const source = { neighbours: () => null, dependencies: () => null };
  const { mkdir } = createKeptCalls({
    cache,
    folders: new KnownFolders(cache, source),
    names: noNames(cache),
    files: new OpenFiles(cache, new KnownStats(cache), questions),
    stats: new KnownStats(cache),
    now: () => 1,
    ask,
    askToLook: ask,
    ...neverPost,
    cwd: null,
    home: null,
    kinds: new Map(),
    dependencies: () => ({ indices: Int32Array.of(indexOf(7)), sum: stamps.sum([7]) }),
  });
  const make = () => mkdir?.('/a/b', 0o777, true);
  expect([make(), make()]).toEqual([null, null]);
  expect(asked).toEqual([['mkdir', ['/a/b', 0o777, true]]]);
  stamps.bump(7);
  make();
  mkdir?.('/a/b', 0o777, false);
  expect(asked).toHaveLength(3);
});

/** A process that may write without waiting, as long as `room` says so; the kernel answers with a file of inode 9 in folder 7. */
function setUpPosting() {
  const numbers = new Int32Array(new SharedArrayBuffer(4 * STAMPS));
  const stamps = new Stamps(numbers);
  const cache = new FileCache(numbers);
  const asked: string[] = [];
  const posted: unknown[][] = [];
  const room = { left: true };
  const stat = { ino: 9, size: 1, blocks: 8, mode: S_IFREG | 0o644 } as Stat;
  const look = () => {
    asked.push('look');
    return new Look(stat, new Uint8Array(0), stamps.sum([9]), stamps.sum([9]));
  };
  const stats = new KnownStats(cache);
  const files = new OpenFiles(cache, stats, { ...questions, look });
  const source = { neighbours: () => null, dependencies: () => null };
  const ask = (name: string) => {
    asked.push(name);
    if (name === 'write' || name === 'ftruncate') stamps.bump(9);
    if (name === 'changePath') return 9 as never;
    return (
      name === 'writeFile' ? stat : name === 'openFile' ? [5, true, packStat(stat), stamps.sum([9]), null] : 10
    ) as never;
  };
  const calls = createKeptCalls({
    cache,
    folders: new KnownFolders(cache, source),
    names: noNames(cache),
    changes: neverChange,
    files,
    stats,
    now: () => 1,
    ask,
    askToLook: ask,
    mayPost: () => room.left,
    postWrite: ({ kind, target, position, data }) =>
      room.left && posted.push([kind, target, position, data.length]) > 0,
    post: (name, args) => room.left && posted.push([name, args]) > 0,
    cwd: null,
    home: null,
    kinds: new Map(),
    dependencies: () => ({ indices: Int32Array.of(indexOf(7), indexOf(9), indexOf(9)), sum: stamps.sum([7, 9, 9]) }),
  });
  return { ...calls, asked, posted, room, stamps, cache, files };
}

const APPEND = O_WRONLY | O_CREAT | O_APPEND;

it('appends without waiting where the path leads to what was appended to last, whatever it holds by then', () => {
  const { writeFile, asked, posted, room, stamps, cache, chdir } = setUpPosting();
  const append = (path = '/a/log', flags = APPEND) => writeFile?.(path, Uint8Array.of(1), flags, 0o666);
  append();
  expect(cache.stats.get('/a/log')?.value?.ino).toBe(9);
  append();
  // What was known of the file is not true any more.
  expect(cache.stats.get('/a/log')).toBeUndefined();
  stamps.bump(9);
  append();
  expect([asked, posted]).toEqual([['writeFile'], Array(2).fill([Behind.appendAgain, 9, null, 1])]);
  const isAsked = (change: () => void) => {
    asked.length = posted.length = 0;
    change();
    return posted.length === 0 && asked.at(-1) === 'writeFile';
  };
  stamps.bump(7);
  expect(isAsked(append)).toBe(true);
  expect(isAsked(append)).toBe(false);
  expect(isAsked(() => append('/a/other'))).toBe(true);
  expect(isAsked(append)).toBe(true);
  expect(isAsked(() => append('/a/log', APPEND | O_EXCL))).toBe(true);
  expect(isAsked(append)).toBe(true);
  chdir?.('/b');
  expect(isAsked(append)).toBe(true);
  room.left = false;
  expect(isAsked(append)).toBe(true);
});

it('writes to its own files without waiting, where no gap comes to be', () => {
  const { open, write, close, asked, posted, room, files, stamps } = setUpPosting();
  const bytes = new Uint8Array(10);
  const ways = (...positions: (number | null)[]) =>
    positions.map((position) => {
      asked.length = posted.length = 0;
      expect(write?.(5, bytes, position)).toBe(10);
      return [...asked, ...posted.map(([, , at]) => at)].join();
    });
  open?.('/a/data', O_WRONLY | O_CREAT, 0o666);
  expect(ways(null, 1, null, 15, 0)).toEqual(['0', '1', '10', '15', '0']);
  // Whoever else has written to it may have cut it.
  stamps.bump(9);
  expect(ways(1, 11, 22, 0)).toEqual(['look,1', '11', 'write', 'write']);
  room.left = false;
  expect(ways(null)).toEqual(['write']);
  room.left = true;
  files.handOver();
  expect(ways(null)).toEqual(['write']);
  open?.('/a/data', 0, 0o666);
  expect(ways(null)).toEqual(['write']);
  open?.('/a/data', O_WRONLY | O_APPEND, 0o666);
  stamps.bump(9);
  expect(ways(null, 100)).toEqual(['', '100']);
  close?.(5);
  expect(ways(null)).toEqual(['write']);
});

it('changes its own files without waiting where the kernel cannot refuse it', () => {
  const { open, ftruncate, futimes, fchmod, asked, posted, cache } = setUpPosting();
  const change = () => {
    asked.length = posted.length = 0;
    ftruncate?.(5, 3);
    ftruncate?.(5, 2 ** 50);
    ftruncate?.(5, -1);
    futimes?.(5, 1, 2);
    futimes?.(5, Number.NaN, 2);
    fchmod?.(5, 0o600);
    return [asked.join(), posted.map(([name]) => name).join()];
  };
  open?.('/a/data', O_WRONLY | O_CREAT, 0o666);
  const { version } = cache;
  expect(change()).toEqual(['ftruncate,ftruncate,futimes', 'ftruncate,futimes,fchmod']);
  expect(cache.version).toBeGreaterThan(version);
  open?.('/a/data', 0, 0o666);
  expect(change()).toEqual(['ftruncate,ftruncate,ftruncate,futimes,futimes,fchmod', '']);
});

it('changes what a path leads to without waiting, while the kernel holds the inode and nothing has changed on the way', () => {
  const { chmod, utimes, chown, writeFile, open, chdir, asked, posted, room, stamps, cache } = setUpPosting();
  const isPosted = (change: () => void, act = () => chmod?.('/a/data', 0o600)) => {
    change();
    asked.length = posted.length = 0;
    act();
    expect([asked.join(), posted.map(([name, args]) => `${name} ${(args as unknown[])[0]}`).join()]).toBeOneOf([
      ['changePath', ''],
      ['', 'changeAgain 9'],
    ]);
    return posted.length > 0;
  };
  const nothing = () => undefined;
  expect(isPosted(nothing)).toBe(false);
  expect(isPosted(nothing)).toBe(true);
  expect(isPosted(() => stamps.bump(9))).toBe(true);
  expect(isPosted(nothing, () => utimes?.('/a/data', 1, 2, true))).toBe(true);
  expect(isPosted(nothing, () => utimes?.('/a/data', Number.NaN, 2, true))).toBe(false);
  expect(isPosted(nothing, () => chown?.('/a/data', 1, 2, true))).toBe(true);
  expect(isPosted(nothing, () => chmod?.('/a/other', 0o600))).toBe(false);
  expect(isPosted(() => stamps.bump(7))).toBe(false);
  expect(isPosted(() => stamps.bump(7))).toBe(false);
  expect(isPosted(() => writeFile?.('/a/data', new Uint8Array(1), O_WRONLY | O_CREAT, 0o666))).toBe(true);
  expect(isPosted(() => stamps.bump(7))).toBe(false);
  expect(isPosted(() => void open?.('/a/data', O_WRONLY, 0o666))).toBe(true);
  // Another one has taken its place.
  expect(isPosted(() => cache.known.put(9 + 64, true))).toBe(false);
  room.left = false;
  expect(isPosted(nothing)).toBe(false);
  room.left = true;
  expect(isPosted(nothing)).toBe(true);
  expect(isPosted(() => chdir?.('/b'))).toBe(false);
});
