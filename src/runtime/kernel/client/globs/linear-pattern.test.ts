import picomatch from 'picomatch';
import { expect, it } from 'vitest';
import { linearPattern } from './linear-pattern.ts';

const GLOBS = [
  ...['*', '**', '**/*.js', '*-*-*.js', 'a/**/b', '{a,b}/**', '!(foo)*.js', '+(a|b)', '?(x)y', '*(a|bc)d', '[a-z]*'],
  ...['!foo/**', '**/node_modules/**', '.git', '*.{js,ts}', 'a{1..3}', '@(a|b)', '\\*x', 'a.b', '**/*', '[[:alpha:]]x'],
  ...['(a|b)c', 'a+b', '*.!(js)', '**/!(a|b)/*', './a', '{a..z}', '[!a]*', '[^a]?', 'a[]]b', 'a\\d', 'a?c', '', 'é*😀'],
  ...[
    '**/.*',
    '.*/**',
    'a/*/',
    '+(+(a))b',
    '[.]x',
    '{a,b{c,d}}/*',
    '!(a|b|*.js)',
    'src/**/*.test.?s',
    'a\\[b',
    '[a\\]]',
  ],
];
const PATHS = [
  ...['a', 'b', 'ab', 'aab', 'a/b', 'a/x/b', 'a/x/y/b', 'foo', 'foo.js', 'bar.js', 'foo/x', '.git', '.git/x', 'a/.x/b'],
  ...[
    'x-y-z.js',
    'xy',
    'y',
    'abcd',
    'bcbcd',
    'ac',
    'bc',
    'a+b',
    'a.b',
    '*x',
    'a1',
    'a4',
    'node_modules/x',
    'q/node_modules',
  ],
  ...[
    'q/node_modules/a/b',
    'a]b',
    'a[b',
    'é1😀',
    'a\nc',
    '..',
    '.',
    'a/..',
    'src/a/b.test.ts',
    'src/b.test.js',
    'bd/x',
    ']',
    '5x',
    'c/q',
    '',
  ],
];

it.each(GLOBS)('finds with the glob %j what the engine finds', (glob) => {
  const pattern = glob === '' ? /^(?:a|(?=b)\x62{1,2}|c{2}|\u0064{2,}e?)$/ : picomatch.makeRe(glob, { dot: true });
  const matches = linearPattern(pattern.source);
  const paths = [...PATHS, 'bb', 'bbb', 'cc', 'dd', 'ddde'];
  expect(paths.filter(matches)).toEqual(paths.filter((path) => pattern.test(path)));
});

it.each([
  ['*-*-*-*-*-*-*-*-*.js', '-'.repeat(255)],
  ['+(+(a))b', 'a'.repeat(255)],
  ['**/*-*-*.js', `${`${'-'.repeat(255)}/`.repeat(15)}x`],
  ['**/!(a*a*a*a)/**/!(*b*b*b)', `${'ab'.repeat(120)}/`.repeat(16)],
  ['*(a|b|ab|*)*(a|b|ab|*)c', 'ab'.repeat(127)],
])('matches %s against a long name in one go', (glob, path) => {
  expect(typeof linearPattern(picomatch.makeRe(glob, { dot: true }).source)(path)).toBe('boolean');
});

it.each(['(?<=a)b', '(?<!a)b', '(?<n>a)', '(a)\\1', 'a{99999}', '(', 'a)', '*', '[', '\\'])('refuses %s', (source) => {
  expect(() => linearPattern(source)).toThrow(SyntaxError);
});
