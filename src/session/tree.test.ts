import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { applyChanges } from './apply-changes.ts';
import { bytesToContent, contentToBytes } from './content.ts';
import type { Files } from './files.ts';
import { diffFiles, hashTree, overlayFiles, TreeError } from './tree.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function gitTree(files: Files): string {
  const folder = mkdtempSync(join(tmpdir(), 'fixpoint-tree-'));
  folders.push(folder);
  const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, encoding: 'utf8' }).trim();
  git('init', '-q');
  git('config', 'core.autocrlf', 'false');
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), contentToBytes(content));
  }
  git('add', '-f', '.');
  return git('write-tree');
}

const samples: Record<string, Files> = {
  'an empty tree': {},
  'one file': { 'a.txt': 'hello\n' },
  'an empty file': { a: '' },
  'folders and files that share a prefix': { 'a/b': '1', 'a.b': '2', 'a-b': '3', a0: '4', 'ab/c': '5', 'a/a/a': '6' },
  'names outside ASCII, sorted by bytes': { 'ü.txt': '1', '\u{1f600}.txt': '2', '\uffee.txt': '3', 'z.txt': '4' },
  'bytes that are no text': {
    'x.png': bytesToContent(new Uint8Array([0x89, 0x50, 0xff, 0, 13, 10])),
    b: '\0base64:AA',
  },
  'carriage returns and a byte order mark': { a: '\ufeffone\r\ntwo', b: '\r' },
  'names of Object.prototype': { constructor: 'a', __proto__x: 'b', 'toString/valueOf': 'c' },
};

describe('hashTree', () => {
  test.each(Object.keys(samples))('is what git write-tree says: %s', (name) => {
    expect(hashTree(samples[name]!)).toBe(gitTree(samples[name]!));
  });

  test('does not depend on the order of the files', () => {
    expect(hashTree({ b: '1', 'a/c': '2' })).toBe(hashTree({ 'a/c': '2', b: '1' }));
  });

  test.each(['/a', 'a//b', './a', 'a/../b', '', 'a/', 'a\0b'])('refuses the path %j', (path) => {
    expect(() => hashTree({ [path]: 'x' })).toThrow(TreeError);
  });

  const clashes: Files[] = [
    { a: '1', 'a/b': '2' },
    { 'a/b': '2', a: '1' },
    { a: { base64: 'AA==' }, 'a/b': '2' },
  ];
  test.each(clashes.map((files) => ({ files })))('refuses a path that is both file and folder', ({ files }) => {
    expect(() => hashTree(files)).toThrow(TreeError);
  });
});

describe('content', () => {
  test('bytes come back as they were, text or not', () => {
    for (const bytes of [[], [0xef, 0xbb, 0xbf, 65], [0xff, 0xfe], [0xed, 0xa0, 0x80], [0xc3, 0xa9, 10]]) {
      expect([...contentToBytes(bytesToContent(new Uint8Array(bytes)))]).toEqual(bytes);
    }
    const large = new Uint8Array(100_000).fill(0xff);
    expect(contentToBytes(bytesToContent(large))).toEqual(large);
  });
});

describe('changes', () => {
  const from: Files = { a: '1', 'b/c': '2', d: { base64: '/w==' } };

  test('a difference applied gives the other tree', () => {
    const to: Files = { a: '1', b: 'a file now', d: '\ufeff', e: '' };
    const changes = diffFiles(from, to);
    expect(changes).toEqual([
      { path: 'b/c', content: null },
      { path: 'b', content: 'a file now' },
      { path: 'd', content: '\ufeff' },
      { path: 'e', content: '' },
    ]);
    expect(hashTree(applyChanges(from, changes))).toBe(hashTree(to));
    expect(from).toEqual({ a: '1', 'b/c': '2', d: { base64: '/w==' } });
  });

  test('equal trees have no difference, and nothing applied is the same object', () => {
    expect(diffFiles(from, structuredClone(from))).toEqual([]);
    expect(applyChanges(from, [])).toBe(from);
  });

  test('files laid over others win, also against what is in their way', () => {
    const over: Files = { a: '9', 'd/e': 'a folder now', b: 'a file now' };
    expect(overlayFiles(from, over)).toEqual({ a: '9', 'd/e': 'a folder now', b: 'a file now' });
    expect(overlayFiles(from, {})).toBe(from);
  });

  test('a file called constructor is added, and removed', () => {
    expect(diffFiles({}, { constructor: 'x' })).toEqual([{ path: 'constructor', content: 'x' }]);
    expect(diffFiles({ constructor: 'x' }, {})).toEqual([{ path: 'constructor', content: null }]);
  });
});
