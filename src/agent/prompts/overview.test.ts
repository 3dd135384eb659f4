import { describe, expect, it } from 'vitest';
import { describePaths, namedIn } from './overview.ts';

const many = (folder: string, count: number) => Array.from({ length: count }, (_, index) => `${folder}/f${index}.js`);

describe('describePaths', () => {
  it('names every file of a small project', () => {
    expect(describePaths(['src/b.js', 'a.js'])).toBe('a.js\nsrc/b.js');
  });

  it('opens folders of few files and counts the others', () => {
    const text = describePaths([
      'package.json',
      ...many('lib', 12),
      ...many('lib/plugins', 3),
      ...many('test', 40),
      ...many('test/fixtures', 900),
      ...many('docs/api/v1', 300),
    ]);
    const lines = text.split('\n');
    expect(lines).toContain('package.json');
    expect(lines).toContain('lib/f3.js');
    expect(lines).toContain('lib/plugins/f2.js');
    expect(lines).toContain('test/f39.js');
    expect(lines).toContain('test/fixtures/ (900 files)');
    expect(lines).toContain('docs/api/v1/ (300 files)');
    expect(lines.length).toBeLessThanOrEqual(120);
  });

  it('stays small when one folder holds them all', () => {
    expect(describePaths(many('src', 5000))).toBe('src/ (5000 files)');
    const flat = describePaths(Array.from({ length: 5000 }, (_, index) => `f${index}.js`)).split('\n');
    expect(flat).toHaveLength(121);
    expect(flat.at(-1)).toBe('… and 4880 more files here');
  });

  it('names the folders of one that it cannot open', () => {
    const paths = Array.from({ length: 300 }, (_, index) => [
      `src/part${index}/index.ts`,
      `src/part${index}/test.ts`,
    ]).flat();
    const text = describePaths(paths);
    expect(text).toMatch(/^src\/ \(600 files, in folders part0, part1, .* and \d+ more\)$/);
    expect(text.length).toBeLessThan(700);
  });
});

it('files that a text names are found by their name or their folder', () => {
  const paths = [
    'src/addDays/index.ts',
    'src/addDays/test.ts',
    'lib/parse.js',
    'lib/other.js',
    'test/a.js',
    'docs/x.md',
  ];
  expect(namedIn('addDays and `parse()` fail, see test/', paths)).toEqual([
    'lib/parse.js',
    'src/addDays/index.ts',
    'src/addDays/test.ts',
  ]);
  expect(namedIn('parse', many('parse', 50))).toEqual([]);
});
