import { expect, it } from 'vitest';
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
