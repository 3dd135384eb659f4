import { expect, it } from 'vitest';
import { indexOf, STAMPS, Stamps } from '../../kernel/channel/stamps.ts';
import { S_IFREG } from '../../kernel/file-modes.ts';
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
