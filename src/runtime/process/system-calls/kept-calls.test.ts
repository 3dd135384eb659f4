import { expect, it } from 'vitest';
import { indexOf, STAMPS, Stamps } from '../../kernel/channel/stamps.ts';
import { O_APPEND, O_CREAT, O_EXCL, O_WRONLY, S_IFREG } from '../../kernel/file-modes.ts';
import type { Stat } from '../../kernel/syscalls.ts';
import { FileCache } from './file-cache.ts';
import { createKeptCalls, forgetForeknowledge, type Knowledge, keepForeknowledge } from './kept-calls.ts';
import { KnownFolders } from './known-folders.ts';
import { OpenFiles } from './open-files.ts';

it('answers what it was told ahead, and forgets it', () => {
  const cache = new FileCache(new Int32Array(new SharedArrayBuffer(64)));
  const asked: string[] = [];
  const ask = (name: string): never => {
    asked.push(name);
    throw new Error(`asked: ${name}`);
  };
  const source = { neighbours: () => ask('neighbours'), dependencies: () => null };
  const files = new OpenFiles(cache, () => false);
  const knowledge: Knowledge = {
    cache,
    folders: new KnownFolders(cache, source),
    files,
    ask,
    askToLook: ask,
    post: () => false,
    cwd: null,
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
    files: new OpenFiles(cache, () => false),
    ask,
    askToLook: ask,
    post: () => false,
    cwd: null,
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
  const stat = { ino: 9, size: 1, mode: S_IFREG | 0o644 } as Stat;
  const files = new OpenFiles(cache, () => false);
  const source = { neighbours: () => null, dependencies: () => null };
  const ask = (name: string) => {
    asked.push(name);
    return (name === 'writeFile' ? stat : name === 'openFile' ? [5, true, null, 0, null, 9] : 3) as never;
  };
  const calls = createKeptCalls({
    cache,
    folders: new KnownFolders(cache, source),
    files,
    ask,
    askToLook: ask,
    post: (...call: unknown[]) => room.left && posted.push(call) > 0,
    cwd: null,
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
  expect([asked, posted]).toEqual([['writeFile'], Array(2).fill(['appendAgain', [9, Uint8Array.of(1)]])]);
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
  const { open, write, close, asked, posted, room, files } = setUpPosting();
  const bytes = new Uint8Array(10);
  const ways = (...positions: (number | null)[]) =>
    positions.map((position) => {
      asked.length = posted.length = 0;
      const written = write?.(5, bytes, position);
      return posted.length > 0 ? `posted ${written}` : `asked ${written}`;
    });
  open?.('/a/data', O_WRONLY | O_CREAT, 0o666);
  expect(ways(null, 0, 10, 5, 30, 20)).toEqual([...Array(4).fill('posted 10'), 'asked 3', 'posted 10']);
  room.left = false;
  expect(ways(null)).toEqual(['asked 3']);
  room.left = true;
  files.handOver();
  expect(ways(null)).toEqual(['asked 3']);
  open?.('/a/data', 0, 0o666);
  expect(ways(null)).toEqual(['asked 3']);
  open?.('/a/data', O_WRONLY, 0o666);
  close?.(5);
  expect(ways(null)).toEqual(['asked 3']);
});
