import { expect, test } from 'vitest';
import { fileRows, visibleRows } from './file-rows.ts';

test('folders come first, each with its files', () => {
  expect(
    fileRows(['package.json', 'src/b.js', 'test/a.test.js', 'src/deep/c.js']).map((row) => `${row.depth} ${row.path}`),
  ).toEqual(['0 src', '1 src/deep', '2 src/deep/c.js', '1 src/b.js', '0 test', '1 test/a.test.js', '0 package.json']);
});

test('a closed folder keeps its row and hides all below it', () => {
  const rows = fileRows(['srcs.js', 'src/b.js', 'src/deep/c.js']);
  expect(visibleRows(rows, new Set(['src'])).map(({ path }) => path)).toEqual(['src', 'srcs.js']);
  expect(visibleRows(rows, new Set(['src/deep'])).map(({ path }) => path)).toEqual([
    'src',
    'src/deep',
    'src/b.js',
    'srcs.js',
  ]);
});
