import { describe, expect, test } from 'vitest';
import { bytesToContent } from '../session/content.ts';
import { createOutputKeeper } from './container/output-keeper.ts';
import { restoreChanges } from './container/restore-changes.ts';
import type { FileSystemTree } from './container/webcontainer.ts';
import { pickSources, unexported } from './source-files.ts';

const file = (contents: string | Uint8Array) => ({ file: { contents } });
const pick = (tree: FileSystemTree) => pickSources(tree, bytesToContent);

describe('picking sources', () => {
  test('leaves out, and names, installed code, secrets, links and what git ignores', () => {
    const tree: FileSystemTree = {
      '.gitignore': file('*.log\n/tmp\n'),
      '.env.local': file('A=1'),
      'a.js': file('1'),
      'b.png': file(new Uint8Array([255])),
      'x.log': file(''),
      link: { file: { symlink: 'a.js' } },
      tmp: { directory: { 'y.js': file('') } },
      src: { directory: { 'c.js': file('2'), node_modules: { directory: { 'd.js': file('') } } } },
    };
    expect(pick(tree)).toEqual({
      files: { '.gitignore': '*.log\n/tmp\n', 'a.js': '1', 'b.png': { base64: '/w==' }, 'src/c.js': '2' },
      links: { link: 'a.js' },
      omitted: ['.env.local', 'x.log', 'link', 'tmp/', 'src/node_modules/'],
    });
  });

  test('reads nested rules, takes build folders for source unless git ignores them, and coverage only at the top', () => {
    const folder = (entries: FileSystemTree) => ({ directory: entries });
    const tree: FileSystemTree = {
      '.gitignore': file('*.map\n'),
      dist: folder({ 'a.js': file('1'), 'a.map': file('') }),
      coverage: folder({ 'c.json': file('') }),
      src: folder({
        '.gitignore': file('/made\n!keep.map\n'),
        build: folder({ 'b.js': file('2') }),
        coverage: folder({ 'd.js': file('3') }),
        'keep.map': file('4'),
        made: folder({ 'e.js': file('') }),
      }),
    };
    const { files, omitted } = pick(tree);
    expect(Object.keys(files).filter((path) => !path.endsWith('.gitignore'))).toEqual([
      'dist/a.js',
      'src/build/b.js',
      'src/coverage/d.js',
      'src/keep.map',
    ]);
    expect(omitted).toEqual(['dist/a.map', 'coverage/', 'src/made/']);
  });

  test('an export leaves out what git ignores in the project folder, names as they are', () => {
    expect(unexported(['dist', 'src', 'a[1]', 'node_modules', 'coverage'], 'dist\na\\[1\\]\n')).toEqual({
      globs: ['**/node_modules', '**/.git', '**/.fixpoint', 'dist', 'a[[]1[]]', 'node_modules', 'coverage'],
      folders: ['dist', 'a[1]', 'node_modules', 'coverage'],
    });
    expect(unexported(['dist'], null).folders).toEqual([]);
  });

  test('counts bytes, not characters', () => {
    const limit = 1024 * 1024;
    expect(pick({ 'a.txt': file('a'.repeat(limit)) }).omitted).toEqual([]);
    expect(pick({ 'a.txt': file('a'.repeat(limit + 1)) }).omitted).toEqual(['a.txt']);
    expect(pick({ 'a.txt': file('ü'.repeat(limit / 2)) }).omitted).toEqual([]);
    expect(pick({ 'a.txt': file(`${'ü'.repeat(limit / 2)}a`) }).omitted).toEqual(['a.txt']);
  });
});

describe('changes that restore files', () => {
  test('write what differs or is missing, also names that every object has, and remove the rest first', () => {
    const wanted = { 'a.js': '1', 'b.js': '2', constructor: 'c' };
    expect(restoreChanges(wanted, { files: { 'a.js': '1', 'b.js': 'x', 'old.js': '' }, omitted: [] })).toEqual([
      { path: 'old.js', content: null },
      { path: 'b.js', content: '2' },
      { path: 'constructor', content: 'c' },
    ]);
    expect(restoreChanges(wanted, { files: wanted, omitted: [] })).toEqual([]);
  });

  test('what the snapshot omits is taken for right', () => {
    const wanted = { 'big.json': 'x', 'tmp/a': '1', 'coverage/a': '1', 'tmper/a': '1' };
    expect(restoreChanges(wanted, { files: {}, omitted: ['big.json', 'tmp/'] })).toEqual([
      { path: 'tmper/a', content: '1' },
    ]);
  });
});

describe('the output keeper', () => {
  test('keeps all of a short output, however it is cut', () => {
    const kept = createOutputKeeper(4);
    for (const piece of ['ab', 'cde', '', 'fgh']) kept.add(piece);
    expect(kept.text()).toBe('abcdefgh');
  });

  test('keeps head and tail of a long one, and says how much is missing', () => {
    const kept = createOutputKeeper(4);
    for (const character of 'abcdefghijklmnopqrstuvwxyz') kept.add(character);
    expect(kept.text()).toBe('abcd\n… 18 characters left out …\nwxyz');
    const atOnce = createOutputKeeper(4);
    atOnce.add('abcdefghijklmnopqrstuvwxyz');
    expect(atOnce.text()).toBe(kept.text());
  });
});
