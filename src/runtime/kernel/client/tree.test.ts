import { expect, it } from 'vitest';
import { truncate } from '../file-system/contents.ts';
import { FileSystem } from '../file-system/file-system.ts';
import { FileInode } from '../file-system/inode.ts';
import { find, findDirectory, type Place } from '../file-system/lookup.ts';
import { parseTree } from './snapshot.ts';
import { listTree, mountTree, readTree, type TreeNode } from './tree.ts';

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

it.each(['', '.', '..', 'a/b', '/a', 'a\0'])('refuses the name %j before anything is written', (name) => {
  const tree = (node: unknown) => new TextEncoder().encode(JSON.stringify({ d: { good: { d: { [name]: node } } } }));
  expect(() => parseTree(tree({ f: { c: '' } }))).toThrow(`nothing can have the name ${JSON.stringify(name)}`);
  expect(() => parseTree(tree({ d: {} }))).toThrow(TypeError);
});

it.each([5, null, [], {}, { f: {} }, { f: { c: 5 } }, { f: null }, { d: 5 }])('refuses a node that is %j', (node) => {
  const tree = new TextEncoder().encode(JSON.stringify({ d: { x: node } }));
  expect(() => parseTree(tree)).toThrow('"x" is neither a folder nor a file nor a link');
});

it('writes nothing through a link, and tells what it could not make', () => {
  const fs = new FileSystem();
  const mount = (tree: TreeNode) => mountTree(fs, place(fs), '/a', tree);
  mount({
    d: {
      link: { f: { l: '/outside' } },
      away: { f: { l: '/' } },
      folder: { d: { x: { f: { c: 'x' } } } },
      file: { f: { c: '' } },
    },
  });
  mount({ d: { link: { f: { c: 'inside' } }, away: { d: { file: { f: { c: 'inside' } } } } } });
  expect(() => find(place(fs), '/file', true)).toThrow('ENOENT');
  expect(() => find(place(fs), '/outside', true)).toThrow('ENOENT');
  const listed = listTree(find(place(fs), '/a', true), '/a', {}).map(({ path }) => path);
  expect(listed).toEqual(['away/file', 'file', 'folder/x', 'link']);
  expect(() => mount({ d: { folder: { f: { c: '' } } } })).toThrow(
    "EISDIR: illegal operation on a directory, open '/a/folder'",
  );
  expect(() => mount({ d: { folder: { f: { l: 'x' } } } })).toThrow("EEXIST: file already exists, symlink '/a/folder'");
  expect(() => mount({ d: { folder: { d: { x: { d: {} } } } } })).toThrow("mkdir '/a/folder/x'");
});

it('reads the beginnings of files when that is asked for, and refuses what is more than one message holds', () => {
  const fs = new FileSystem();
  mountTree(fs, place(fs), '/a', {
    d: { text: { f: { c: 'a text' } }, link: { f: { l: 'text' } }, huge: { f: { c: '' } } },
  });
  const huge = find(place(fs), '/a/huge', true);
  if (!(huge instanceof FileInode)) throw new TypeError('no file');
  truncate(fs, huge, 2 ** 42);
  const root = find(place(fs), '/a', true);
  expect(readTree(root, { head: 1 })).toEqual({
    d: { text: { f: { c: 'a' } }, link: { f: { l: 'text' } }, huge: { f: { c: '\0' } } },
  });
  expect(listTree(root, '/a', { head: 0 }).map(({ content }) => content.length)).toEqual([0, 4, 0]);
  expect(() => readTree(root, {})).toThrow('EFBIG');
  expect(() => readTree(huge, {})).toThrow('EFBIG');
  expect(() => listTree(root, '/a', {})).toThrow('EFBIG');
  expect(readTree(root, { excludes: ['huge'] })).toEqual({
    d: { text: { f: { c: 'a text' } }, link: { f: { l: 'text' } } },
  });
});
