import { expect, it } from 'vitest';
import { NEVER_KEPT, Stamps } from './channel/stamps.ts';
import { type AskAs, lookAhead } from './look-ahead.ts';
import { type Stat, SystemError } from './syscalls.ts';

const REGULAR = 0o100644;
const FOLDER = 0o40755;
const LINK = 0o120777;
const MODES: Record<string, number> = { '/': FOLDER, '/p': FOLDER, '/p/src': FOLDER, '/l': LINK };
const FILES: Record<string, string> = { '/p/src/a.js': 'run()', '/p/package.json': '{}', '/l/b.js': 'x' };

const ask = ((name: string, args: unknown[], visited: number[]) => {
  visited.push(7);
  if (name === 'getcwd') return '/p';
  if (name === 'descriptorKind') {
    if (args[0] === 2) throw new SystemError('EBADF');
    return 'pipe';
  }
  const path = String(args[0]);
  const mode = path in FILES ? REGULAR : MODES[path];
  if (mode === undefined) throw new SystemError('ENOENT');
  return name === 'stat' ? { mode, size: 5 } : new TextEncoder().encode(FILES[path]);
}) as AskAs;

const stamps = () => new Stamps(new Int32Array(new SharedArrayBuffer(4 << 13)));
const asked = (argv: string[]) =>
  lookAhead(ask, stamps(), argv).answers.map(({ kind, path, code }) => `${kind} ${path}${code ? ` ${code}` : ''}`);

it('answers where the main script is, what it holds, and of which package it is', () => {
  expect(asked(['node', 'src/../src/./a.js'])).toEqual([
    'stat /p/src/a.js',
    'linkStat /p',
    'linkStat /p/src',
    'linkStat /p/src/a.js',
    'content /p/src/a.js',
    'stat /p/src/package.json ENOENT',
    'stat /p/package.json',
    'content /p/package.json',
    'linkStat /p/package.json',
  ]);
  const { cwd, kinds } = lookAhead(ask, stamps(), ['node', '--test']);
  expect({ cwd, kinds }).toEqual({ cwd: '/p', kinds: ['pipe', 'pipe', null] });
});

it('goes no further where there is no file, or where a link leads elsewhere', () => {
  expect(asked(['node', 'none.js'])).toEqual(['stat /p/none.js ENOENT']);
  expect(asked(['node', '/l/b.js'])).toEqual(['stat /l/b.js', 'linkStat /l', 'linkStat /l/b.js']);
  expect(asked(['node', '-e', '1'])).toEqual([]);
  // The names of all its folders would take gigabytes.
  expect(asked(['node', `${'a/'.repeat(60_000)}x`])).toEqual([]);
});

it('leaves out what must not be kept, and ties the rest to what it depends on', () => {
  const never = ((name, args, visited) => {
    visited.push(NEVER_KEPT);
    return ask(name, args, visited);
  }) as AskAs;
  expect(lookAhead(never, stamps(), ['node', 'src/a.js']).answers).toEqual([]);
  const numbers = stamps();
  numbers.bump(7);
  const [first] = lookAhead(ask, numbers, ['node', 'src/a.js']).answers;
  expect(first).toMatchObject({ value: { mode: REGULAR } satisfies Partial<Stat>, indices: [8], sum: 1 });
});

it('is still true after what it has read itself', () => {
  const numbers = stamps();
  const reading = ((name, args, visited) => {
    if (name === 'readFile') numbers.bump(7);
    return ask(name, args, visited);
  }) as AskAs;
  const { answers } = lookAhead(reading, numbers, ['node', 'package.json']);
  const own = answers.filter(({ path }) => path === '/p/package.json');
  expect(own.map(({ kind }) => kind)).toEqual(['stat', 'linkStat', 'content']);
  for (const { sum } of own) expect(sum).toBe(numbers.sum([7]));
});
