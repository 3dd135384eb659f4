import { describe, expect, it } from 'vitest';
import { addedProblems, readProblems } from './problems.ts';

const STYLISH = `
/home/project/src/a.js
  3:5   error    'x' is assigned a value but never used  no-unused-vars
  9:1   warning  Unexpected console statement            no-console

/home/project/src/b.js
  1:1  error  Parsing error: Unexpected token

✖ 3 problems (2 errors, 1 warning)
`;
const TSC = `src/a.ts(3,5): error TS2322: Type 'string' is not assignable to type 'number'.
  The types of 'x' are incompatible.
Found 1 error in src/a.ts:3
`;
const PRETTY = `\u001b[96msrc/a.ts\u001b[0m:\u001b[93m3\u001b[0m:\u001b[93m5\u001b[0m - \u001b[91merror\u001b[0m TS2322: No.

3 const a: number = '';
      ~
`;
const BIOME = `src/a.ts:7:3 lint/suspicious/noDoubleEquals  FIXABLE  ━━━━━━━━━━━━

  × Using == may be unsafe.

    6 │ function f() {
`;
const OXLINT = `  x eslint(no-debugger): \`debugger\` statement is not allowed
   ,-[src/a.js:1:1]
 1 | debugger;
`;
const STANDARD = `standard: Use JavaScript Standard Style
  /home/project/index.js:2:7: 'a' is never used. (no-unused-vars)
`;

describe('readProblems', () => {
  it.each([
    [
      'eslint',
      STYLISH,
      [
        "/home/project/src/a.js:3:5 error 'x' is assigned a value but never used no-unused-vars",
        '/home/project/src/a.js:9:1 warning Unexpected console statement no-console',
        '/home/project/src/b.js:1:1 error Parsing error: Unexpected token',
      ],
    ],
    ['tsc', TSC, ["src/a.ts:3:5 error TS2322: Type 'string' is not assignable to type 'number'."]],
    ['tsc --pretty', PRETTY, ['src/a.ts:3:5 error TS2322: No.']],
    ['biome', BIOME, ['src/a.ts:7:3 lint/suspicious/noDoubleEquals FIXABLE']],
    ['oxlint', OXLINT, ['src/a.js:1:1 x eslint(no-debugger): `debugger` statement is not allowed']],
    ['standard', STANDARD, ["/home/project/index.js:2:7 'a' is never used. (no-unused-vars)"]],
    [
      'a unix format',
      'src/a.js:3:5: Missing semicolon. [Error/semi]\n',
      ['src/a.js:3:5 Missing semicolon. [Error/semi]'],
    ],
    ['something else', 'All good.\nTook 3:05 minutes.\n', []],
  ])('of %s', (_, output, texts) => {
    expect(readProblems(output).map(({ text }) => text)).toEqual(texts);
  });
});

describe('addedProblems', () => {
  it('takes a problem that moved for the old one, and a second one like it for a new one', () => {
    const before = readProblems('a.js:1:1: No semicolon\n');
    expect(addedProblems(before, readProblems('a.js:7:1: No semicolon\n'))).toEqual([]);
    const twice = readProblems('a.js:7:1: No semicolon\na.js:8:1: No semicolon\nb.js:1:1: No semicolon\n');
    expect(addedProblems(before, twice).map(({ text }) => text)).toEqual([
      'a.js:8:1 No semicolon',
      'b.js:1:1 No semicolon',
    ]);
  });
});
