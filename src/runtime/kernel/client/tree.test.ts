import { expect, it } from 'vitest';
import { FileSystem } from '../file-system/file-system.ts';
import { find, findDirectory, type Place } from '../file-system/lookup.ts';
import { mountTree } from './tree.ts';

const place = (fs: FileSystem): Place => ({ root: fs.root, cwd: fs.root, umask: 0o022 });

it('makes scripts executable, and what the tree says is', () => {
  const fs = new FileSystem();
  const script = new TextEncoder().encode('#!/bin/sh\n');
  mountTree(fs, place(fs), '/a', {
    d: { plain: { f: { c: 'echo' } }, run: { f: { c: 'echo', x: true } }, b: { d: { script: { f: { c: script } } } } },
  });
  const at = { ...place(fs), cwd: findDirectory(place(fs), '/a') };
  const modes = ['plain', 'run', 'b/script'].map((path) => (find(at, path, true).mode & 0o777).toString(8));
  expect(modes).toEqual(['644', '755', '755']);
});
