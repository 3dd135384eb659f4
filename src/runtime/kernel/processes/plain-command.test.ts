import { beforeEach, describe, expect, it, test } from 'vitest';
import { builtinNames } from '../../shell/builtins/index.ts';
import { setMode } from '../file-system/attributes.ts';
import { writeWhole } from '../file-system/contents.ts';
import { makeDirectories } from '../file-system/entries.ts';
import { FileSystem } from '../file-system/file-system.ts';
import { layOut } from '../file-system/layout.ts';
import { findDirectory, type Place } from '../file-system/lookup.ts';
import { resolveStart, SHELL_WORDS } from './plain-command.ts';

const HOME = '/home/project';
const ENV = [`PATH=${HOME}/bin:/usr/local/bin:/usr/bin:/bin`, 'PWD=/elsewhere', 'A=1'];
let place: Place;

beforeEach(() => {
  const fs = new FileSystem();
  layOut(fs, ['sh', 'bash', 'ls', 'npm'], HOME);
  place = { root: fs.root, cwd: fs.root, umask: 0o022 };
  place.cwd = findDirectory(place, HOME);
  makeDirectories(fs, place, 'bin', 0o755);
  for (const name of ['mocha', 'test', 'time']) {
    const data = new TextEncoder().encode('#!/usr/bin/env node\n');
    setMode(fs, { inode: writeWhole(fs, place, `bin/${name}`, { data }) }, 0o755);
  }
});

const start = (argv: string[], env = ENV) => resolveStart(place, { file: argv[0] ?? '', argv, env, cwdPath: HOME });
const shell = (text: string, env?: string[]) => start(['/bin/sh', '-c', text], env);
const argvOf = (text: string) => shell(text).command?.program.argv;

describe('resolveStart', () => {
  it('starts the program that a shell would wait for, in the environment that it would give it', () => {
    expect(shell('node x.js --a=b').command).toEqual({
      program: { image: 'node', argv: ['node', 'x.js', '--a=b'], execPath: '/usr/local/bin/node' },
      env: [ENV[0], `PWD=${HOME}`, 'A=1'],
    });
    expect(argvOf(` mocha  'test/**/*.js'\t"a b"c'' `)).toEqual([
      '/usr/local/bin/node',
      `${HOME}/bin/mocha`,
      'test/**/*.js',
      'a bc',
    ]);
  });

  it('makes the assignments in front of it, and passes on what a shell takes for variables', () => {
    const { command } = shell(`A=2 NODE_OPTIONS='--a --b' node x.js B=3`, ['A=1', 'a.b=1', 'C=3']);
    expect(command?.env).toEqual(['A=2', 'C=3', `PWD=${HOME}`, 'NODE_OPTIONS=--a --b']);
  });

  it.each([
    'node x.js; node y.js',
    'node $x',
    'node "$x"',
    'node `x`',
    'node *.js',
    'node a?b',
    'node ~/x',
    'node x > y',
    'node x &',
    'node "a\\b"',
    'node x\nnode y',
    'node x # y',
    "node 'x",
    'A=1',
    'PATH=/bin node x',
    'test -f x',
    'time node x',
    '"test" x',
    'ls',
    'npm test',
    'nothing-of-this-name',
    './missing.js',
    '',
    ' ',
  ])('leaves %j to the shell', (text) => {
    expect(shell(text)).toEqual({
      program: { image: 'shell', argv: ['/bin/sh', '-c', text], execPath: '/bin/sh' },
      command: null,
    });
  });

  it('leaves other shells, other options and what a shell keeps to itself alone', () => {
    expect(start(['bash', '-c', 'node x']).command).toBe(null);
    expect(start(['sh', '-ec', 'node x']).command).toBe(null);
    expect(start(['sh', '-c', 'node x', 'name']).command).toBe(null);
    expect(shell('node x', [...ENV, 'IFS=:']).command).toBe(null);
    expect(start(['sh', '-c', 'node x']).command?.program.image).toBe('node');
  });

  it('reads a long text in time that grows with its length', () => {
    expect(shell(`node ${'a'.repeat(100_000)};`).command).toBe(null);
    expect(shell(`node ${"'a'b".repeat(50_000)}`).command?.program.image).toBe('node');
  });
});

test('the words of the shell are all its builtins, and the reserved ones', () => {
  const missing = [...builtinNames(true), ...builtinNames(false)].filter(
    (name) => /^[\w.:]+$/.test(name) && !SHELL_WORDS.has(name),
  );
  expect(missing).toEqual([]);
});
