import { expect, test } from 'vitest';
import { resolveClientPath, resolveFolder } from './client-paths.ts';

const WORKDIR = '/home/project';

test.each([
  ['a/b', '/home/project/a/b'],
  ['/a', '/home/project/a'],
  ['/', '/home/project'],
  ['.', '/home/project'],
  ['./a/../b/', '/home/project/b/'],
  ['a//', '/home/project/a/'],
  ['./', '/home/project'],
  ['', '/home/project'],
  ['../..//', '/'],
  ['/home/project/a', '/home/project/a'],
  ['/home/projects', '/home/project/home/projects'],
  ['../../tmp/x', '/tmp/x'],
  ['../../../../..', '/'],
])('the client means by %s: %s', (path, meant) => {
  expect(resolveClientPath(WORKDIR, path)).toBe(meant);
});

test('a process starts in a folder below the working directory, or anywhere by an absolute path', () => {
  expect([resolveFolder(WORKDIR, 'src'), resolveFolder(WORKDIR, '/tmp'), resolveFolder(WORKDIR, '.')]).toEqual([
    '/home/project/src',
    '/tmp',
    '/home/project',
  ]);
});
