import { describe, expect, it } from 'vitest';
import { importsIn } from './imports/imports.ts';
import { scan } from './scan.ts';

const names = (source: string) => {
  const found: string[] = [];
  scan(source, (kind, start, end) => kind === 'name' && found.push(source.slice(start, end)));
  return found.join(' ');
};

describe('scan', () => {
  it.each([
    ['a // b\n/* c */ d', 'a d'],
    ['a("b\\"c", \'d\') + e', 'a e'],
    ['a / b / c', 'a b c'],
    ['x = /a"b/g.test(c)', 'x test c'],
    ['if (a) /b/.test(c)', 'if a test c'],
    ['(a) / b / c', 'a b c'],
    ['return /[/]a/', 'return'],
    ["<p>Don't {count}</p>\nnext", 'p Don t count p next'],
    ['<b>x</b><i>y</i>', 'b x b i y i'],
    ['a[0] / b; /c/', 'a b'],
    ['#!/usr/bin/env node\na', 'a'],
    ['"a\\\nb" + c', 'c'],
    ['`never closed', ''],
    ['const größe = 0x1f', 'const größe'],
    ['} / a', 'a'],
  ])('names of %j', (source, expected) => {
    expect(names(source)).toBe(expected);
  });
});

describe('templates', () => {
  it('are read into their expressions', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the source under test.
    expect(names('`a ${b + `c ${d}`} e` + f')).toBe('b d f');
  });
});

describe('importsIn', () => {
  it('finds what a file loads, mocks, joins and mentions', () => {
    const source = [
      "import a, { b } from './a.js';",
      "import './side.js';",
      "export * from '../c';",
      "const d = require('d');",
      'const e = await import(`./e.js`);',
      "jest.mock('./f');",
      "require(path.join(__dirname, '..', 'g'));",
      "spawn('node', ['bin/cli.js']);",
      "// require('./no')",
      'const text = "plain words";',
      "require.resolve('./h');",
      "new URL('./i.txt', import.meta.url);",
      "import type { T } from './t';",
      'Array.from("x/y z")',
    ].join('\n');
    expect(importsIn(source, 'x.js').map(({ specifier, kind, line }) => `${line} ${kind} ${specifier}`)).toEqual([
      '1 import ./a.js',
      '2 import ./side.js',
      '3 import ../c',
      '4 import d',
      '5 import ./e.js',
      '6 mock ./f',
      '7 path ./../g',
      '8 mention bin/cli.js',
      '11 import ./h',
      '12 import ./i.txt',
      '13 import ./t',
    ]);
  });
});
