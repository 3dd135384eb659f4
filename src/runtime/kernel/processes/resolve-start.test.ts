import { beforeEach, describe, expect, it, test } from 'vitest';
import { builtinNames } from '../../shell/builtins/index.ts';
import { setMode } from '../file-system/attributes.ts';
import { writeWhole } from '../file-system/contents.ts';
import { makeDirectories } from '../file-system/entries.ts';
import { FileSystem } from '../file-system/file-system.ts';
import { layOut } from '../file-system/layout.ts';
import { findDirectory, type Place } from '../file-system/lookup.ts';
import { SHELL_WORDS } from './plain-command.ts';
import { resolveStart } from './resolve-start.ts';

const HOME = '/home/project';
const ENV = [`PATH=${HOME}/bin:/usr/local/bin:/usr/bin:/bin`, 'PWD=/elsewhere', 'A=1'];
let fs: FileSystem;
let place: Place;

beforeEach(() => {
  fs = new FileSystem();
  layOut(fs, ['sh', 'bash', 'ls', 'npm'], HOME);
  place = { root: fs.root, cwd: fs.root, umask: 0o022 };
  place.cwd = findDirectory(place, HOME);
  makeDirectories(fs, place, 'bin', 0o755);
  for (const name of ['mocha', 'test', 'time']) {
    const data = new TextEncoder().encode('#!/usr/bin/env node\n');
    setMode(fs, { inode: writeWhole(fs, place, `bin/${name}`, { data }) }, 0o755);
  }
});

const write = (path: string, text: string) => writeWhole(fs, place, path, { data: new TextEncoder().encode(text) });
const start = (argv: string[], env = ENV) =>
  resolveStart(place, { file: argv[0] ?? '', argv, env, cwd: place.cwd, cwdPath: HOME });
const shell = (text: string, env?: string[]) => start(['/bin/sh', '-c', text], env);
const argvOf = (text: string) => shell(text).command?.program.argv;

describe('resolveStart', () => {
  it('starts the program that a shell would wait for, in the environment that it would give it', () => {
    expect(shell('node x.js --a=b').command).toMatchObject({
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
    expect(shell(text)).toMatchObject({
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

describe('node --run', () => {
  interface Around {
    words?: string[];
    env?: string[];
  }
  const run = (manifest: unknown, { words = ['test'], env = ENV }: Around = {}) => {
    write('package.json', typeof manifest === 'string' ? manifest : JSON.stringify(manifest));
    return start(['node', '--run', ...words], env);
  };

  it('waits for a shell that waits for the program, in the folder of the package', () => {
    makeDirectories(fs, place, 'node_modules/.bin', 0o755);
    makeDirectories(fs, place, 'src/inner', 0o755);
    write('package.json', JSON.stringify({ scripts: { test: 'mocha --bail' } }));
    place.cwd = findDirectory(place, 'src/inner');
    const { program, command } = start(['node', '--run', 'test']);
    expect(program.argv).toEqual(['node', '--run', 'test']);
    expect(command?.program.argv).toEqual(['/bin/sh', '-c', 'mocha --bail']);
    expect(command?.cwdPath).toBe(HOME);
    expect(command?.env).toEqual([
      `PATH=${HOME}/node_modules/.bin:${HOME}/bin:/usr/local/bin:/usr/bin:/bin`,
      'PWD=/elsewhere',
      'A=1',
      'NODE_RUN_SCRIPT_NAME=test',
      `NODE_RUN_PACKAGE_JSON_PATH=${HOME}/package.json`,
    ]);
    expect(command?.command?.program.argv).toEqual(['/usr/local/bin/node', `${HOME}/bin/mocha`, '--bail']);
    expect(command?.command?.cwdPath).toBe(HOME);
  });

  it('waits for a shell that has more to do', () => {
    const { command } = run({ scripts: { test: 'mocha && node x' } });
    expect(command?.program.image).toBe('shell');
    expect(command?.command).toBe(null);
  });

  it('starts a script that runs itself in a process of its own', () => {
    expect(run({ scripts: { test: 'node --run test' } }).command?.command?.command).toBe(null);
  });

  it.each<[what: string, manifest: unknown, around?: Around]>([
    ['no such script', { scripts: { other: 'node x' } }],
    ['no scripts', {}],
    ['a script of the prototype', { scripts: {} }, { words: ['toString'] }],
    ['what is no JSON', '{'],
    ['what is no text', { scripts: { test: 1 } }],
    ['a large manifest', { scripts: { test: 'mocha' }, padding: 'x'.repeat(300_000) }],
    ['arguments', { scripts: { test: 'mocha' } }, { words: ['test', '--', 'a'] }],
    ['an option for a name', { scripts: { '-x': 'mocha' } }, { words: ['-x'] }],
    ['options of the environment', { scripts: { test: 'mocha' } }, { env: [...ENV, 'NODE_OPTIONS=--v8-options'] }],
  ])('leaves %s to Node', (_what, manifest, more = {}) => {
    expect(run(manifest, more).command).toBe(null);
  });

  it('leaves a manifest that cannot be read to Node', () => {
    makeDirectories(fs, place, 'package.json', 0o755);
    expect(start(['node', '--run', 'test']).command).toBe(null);
  });
});

test('the words of the shell are all its builtins, and the reserved ones', () => {
  const missing = [...builtinNames(true), ...builtinNames(false)].filter(
    (name) => /^[\w.:]+$/.test(name) && !SHELL_WORDS.has(name),
  );
  expect(missing).toEqual([]);
});
