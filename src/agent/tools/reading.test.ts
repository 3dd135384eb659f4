import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBench, type ToolBench } from './tools.test-support.ts';

const numbered = Array.from({ length: 700 }, (_, index) => `line ${index + 1}`).join('\n');
const files = {
  'package.json': '{"scripts":{"test":"mocha test"}}',
  'src/cart.js':
    "const { price } = require('./price');\n\nexports.total = (cart) =>\n  cart.map(price).reduce((a, b) => a + b, 0);\n",
  'src/price.js': 'function price(item) {\n  return item.price; // the price\n}\nmodule.exports = { price };\n',
  'src/long.txt': numbered,
  'src/wide.js': `const data = "${'x'.repeat(5000)}needle${'y'.repeat(5000)}";\n`,
  'assets/logo.png': { base64: 'iVBORw0KGgoAAAANSUhEUgAA/w==' },
  'test/cart.test.js': "const { total } = require('../src/cart');\nit('adds', () => { total([]); });\n",
  'empty.txt': '',
  '.env': 'KEY=secret',
};
let bench: ToolBench;
beforeAll(async () => {
  bench = await openBench(files);
  const { folder } = bench.sandbox;
  await mkdir(path.join(folder, 'node_modules/lodash/node_modules/deep'), { recursive: true });
  await writeFile(path.join(folder, 'node_modules/lodash/merge.js'), 'module.exports = function merge(a) {};\n');
  await writeFile(path.join(folder, 'node_modules/lodash/node_modules/deep/x.js'), 'merge');
  await symlink('.env', path.join(folder, 'alias.txt'));
  await symlink('/etc', path.join(folder, 'outside'));
});
afterAll(() => bench.sandbox.dispose());
const text = (tool: string, args: unknown) => bench.text(tool, args);

describe('read_file', () => {
  it('reads whole files, ranges, several ranges and the surroundings of a line', async () => {
    expect(await text('read_file', { path: 'src/price.js' })).toBe(
      'src/price.js, lines 1 to 4 of 4\n1: function price(item) {\n2:   return item.price; // the price\n3: }\n4: module.exports = { price };',
    );
    expect(await text('read_file', { path: './src/long.txt' })).toMatch(
      /^src\/long.txt, lines 1 to 600 of 700\n {2}1: line 1\n/,
    );
    expect(await text('read_file', { path: 'src/long.txt', from: 699 })).toBe(
      'src/long.txt, lines 699 to 700 of 700\n699: line 699\n700: line 700',
    );
    expect(await text('read_file', { path: 'src/long.txt', ranges: ['2-3', { from: 9, to: 9 }, '12'] })).toBe(
      'src/long.txt, lines 2 to 3 of 700\n2: line 2\n3: line 3\nsrc/long.txt, lines 9 to 9 of 700\n9: line 9\nsrc/long.txt, lines 12 to 12 of 700\n12: line 12',
    );
    expect(await text('read_file', { path: 'src/long.txt', around: 300 })).toMatch(
      /^src\/long.txt, lines 260 to 340 of 700/,
    );
    expect(await text('read_file', { path: 'src/long.txt', start_line: '5', end_line: '4' })).toContain(
      'last line is before the first',
    );
    expect(await text('read_file', { path: 'src/long.txt', from: 701 })).toBe('src/long.txt has 700 lines only.');
    expect(await text('read_file', { path: 'empty.txt' })).toBe('empty.txt is empty.');
  });
  it('shortens long lines', async () => {
    const result = await text('read_file', { path: 'src/wide.js' });
    expect(result.length).toBeLessThan(1200);
    expect(result).toContain('… [9022 characters more]');
  });
  it('says what it is that it cannot read, and what may have been meant', async () => {
    expect(await text('read_file', { path: 'assets/logo.png' })).toMatch(/is an image \(\d+ bytes\)/);
    expect(await text('read_file', { path: 'lib/cart.js' })).toBe(
      'There is no file "lib/cart.js". Did you mean src/cart.js or test/cart.test.js?',
    );
    expect(await text('read_file', { path: 'src/cart.ts' })).toContain('Did you mean src/cart.js');
    expect(await text('read_file', { path: 'src' })).toMatch(/^"src" is a folder\. In it: .*cart\.js/);
    expect(await text('read_file', { path: '/home/me/project/src/cart.js' })).toContain(
      '("/home/me/project/src/cart.js" was taken for src/cart.js.)',
    );
  });
  it('reads installed code, but no secrets, not by a link either', async () => {
    expect(await text('read_file', { path: 'node_modules/lodash/merge.js' })).toContain(
      '1: module.exports = function merge',
    );
    expect(await text('read_file', { path: '.env' })).toContain('may hold secrets');
    expect(await text('read_file', { path: 'alias.txt' })).toContain('There is no file "alias.txt"');
  });
  it('leaves what no conversation could hold to commands', async () => {
    await writeFile(path.join(bench.sandbox.folder, 'node_modules/lodash/all.js'), 'x'.repeat(17 * 2 ** 20));
    expect(await text('read_file', { path: 'node_modules/lodash/all.js' })).toContain('has more than 16 MiB');
    await rm(path.join(bench.sandbox.folder, 'node_modules/lodash/all.js'));
  });
});

describe('search', () => {
  it('tells matches by file, with line numbers and counts', async () => {
    expect(await text('search', { query: 'price(' })).toBe(
      '1 line in 1 file.\nsrc/price.js\n1: function price(item) {',
    );
    expect(await text('search', { query: 'total', files: 'src/**/*.js' })).toBe(
      '1 line in 1 file.\nsrc/cart.js\n3: exports.total = (cart) =>',
    );
    expect(await text('search', { query: '^const.*require', regex: true })).toBe(
      "2 lines in 2 files.\nsrc/cart.js\n1: const { price } = require('./price');\ntest/cart.test.js\n1: const { total } = require('../src/cart');",
    );
  });
  it('takes folders, names and context, and shows what is around', async () => {
    expect(await text('search', { query: 'RETURN', ignoreCase: true, files: ['src'], context: 1 })).toBe(
      '1 line in 1 file.\nsrc/price.js\n1- function price(item) {\n2:   return item.price; // the price\n3- }',
    );
    expect(await text('search', { query: 'needle', files: '*.js' })).toMatch(
      /^1: \[\d+ characters\] …x+needley+… \[\d+ characters more\]$/m,
    );
    expect(await text('search', { query: '=>\n  cart' })).toContain('3: exports.total');
  });
  it('limits what it shows and says so', async () => {
    const result = await text('search', { query: 'line ' });
    expect(result).toMatch(/^700 lines in 1 file\.\n/);
    expect(result).toContain('… and 600 more in this file');
  });
  it('helps when there is nothing', async () => {
    expect(await text('search', { query: 'foo.*bar' })).toContain('was taken as a regular expression');
    expect(await text('search', { query: 'cart.map|item.price', files: 'src' })).toMatch(
      /^2 lines in 2 files\.[\s\S]+No line has this as plain text/,
    );
    expect(await text('search', { query: 'a(|b' })).toContain('set regex to true');
    expect(await text('search', { query: 'nowhere' })).toContain('Nothing found.');
    expect(await text('search', { query: '(', regex: true })).toContain('cannot be searched for');
    expect(await text('search', { query: 'x', files: 'lib/**' })).toContain('No file matches "lib/**"');
  });
  it('looks into one installed package, without those that it brings', async () => {
    expect(await text('search', { query: 'merge', files: 'node_modules/lodash' })).toBe(
      '1 line in 1 file.\nnode_modules/lodash/merge.js\n1: module.exports = function merge(a) {};',
    );
    expect(await text('search', { query: 'merge', files: 'node_modules' })).toContain('name one package');
  });
  it('never hangs on a pattern', async () => {
    expect(await text('search', { query: '(x+x+)+z', regex: true })).toContain('Nothing found');
    expect(await text('search', { query: '(?=(x+x+)+z)', regex: true })).toContain('write it simpler');
    expect(await text('search', { query: '(x|x)*needle(?!z)', regex: true })).toContain('write it simpler');
  });
  it('does not look into secrets', async () => {
    expect(await text('search', { query: 'KEY=secret' })).toContain('Nothing found');
  });
});

describe('list_files', () => {
  it('lists files with sizes, what may not be changed, and what is left out', async () => {
    const lines = (await text('list_files', {})).split('\n');
    expect(lines).toContainEqual(expect.stringMatching(/^src\/price\.js {2}\d+$/));
    expect(lines).toContainEqual(expect.stringMatching(/^test\/cart\.test\.js {2}\d+ \(read only\)$/));
    expect(lines.join()).not.toContain('.env');
    expect(lines.at(-1)).toBe('Left out (installed, ignored, large or links): alias.txt, node_modules/, outside');
    expect(await text('list_files', { folder: 'src/', glob: '*.js' })).toMatch(
      /^src\/cart\.js {2}\d+\nsrc\/price\.js {2}\d+\nsrc\/wide\.js {2}\d+$/,
    );
    expect(await text('list_files', { path: 'node_modules/lodash' })).toBe(
      'node_modules/lodash/merge.js\nnode_modules/lodash/node_modules/',
    );
    expect(await text('list_files', { folder: 'lib' })).toContain('There are no files in "lib"');
  });
  it('tells a large project by its folders', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 1200 }, (_, index) => [`packages/p${index % 40}/src/f${index}.js`, '']),
    );
    const large = await openBench({ ...many, 'README.md': 'x' });
    const result = await large.text('list_files', {});
    large.sandbox.dispose();
    expect(result.split('\n')).toHaveLength(41);
    expect(result).toContain('README.md  1');
    expect(result).toContain('packages/p7/src/  (30 files)');
  });
});

describe('knowing code', () => {
  it('outlines', async () => {
    expect(await text('outline', { path: 'src/price.js' })).toBe(
      'src/price.js, 4 lines\n1-3: function price(item) (exported)',
    );
    expect(await text('outline', { path: 'src/long.txt' })).toContain('is no JavaScript');
    expect(await text('outline', { path: 'node_modules/lodash/merge.js' })).toContain(
      '1: module.exports = function merge(a)',
    );
  });
  it('finds definitions and references', async () => {
    expect(await text('find_definition', { name: 'price' })).toBe('src/price.js:1-3: function price(item) (exported)');
    expect(await text('find_definition', { name: 'Price' })).toContain('Names like it: price.');
    expect(await text('find_definition', { name: 'merge', files: ['node_modules/lodash'] })).toContain(
      'node_modules/lodash/merge.js:1',
    );
    expect(await text('find_references', { name: 'price' })).toBe(
      "5 lines in 2 files.\nsrc/cart.js\n1: const { price } = require('./price');\n4: cart.map(price).reduce((a, b) => a + b, 0);\n" +
        'src/price.js\n1: function price(item) {  <- definition\n2: return item.price; // the price\n4: module.exports = { price };',
    );
    expect(await text('find_references', { name: 'total', definedIn: 'src/cart.js' })).toMatch(/^3 lines in 2 files/);
  });
  it('tells who imports whom, and which tests touch a file', async () => {
    expect(await text('dependencies', { path: 'src/cart.js' })).toBe(
      'src/cart.js imports (1):\n  src/price.js (line 1: "./price")\nImported by (1):\n  test/cart.test.js:1',
    );
    expect(await text('find_tests', { path: 'src/price.js' })).toBe(
      'The runner is mocha (test command: npm test).\nTests that touch src/price.js (1):\n  test/cart.test.js (through src/cart.js), 1 test\nAll test files: 1.',
    );
    expect(await text('find_tests', {})).toContain('Test files (1):\n  test/cart.test.js, 1 test');
  });
});
