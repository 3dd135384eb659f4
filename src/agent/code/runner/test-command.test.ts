import { describe, expect, it } from 'vitest';
import { testCommandFor } from './test-command.ts';
import { findRunner, splitCommands } from './test-runner.ts';

const project = (scripts: Record<string, string>, more: Record<string, string> = {}) => ({
  'package.json': JSON.stringify({ scripts, devDependencies: { mocha: '1' } }),
  'test/a.js': '',
  ...more,
});
const command = (
  script: string,
  wanted: { file?: string; name?: string } = { file: 'test/a.js', name: "cart > it's (ok)" },
) =>
  testCommandFor(project({ test: script }), 'npm test', { file: wanted.file ?? null, name: wanted.name ?? null })
    ?.command;

describe('testCommandFor', () => {
  it.each([
    ['mocha', "npx mocha test/a.js --fgrep 'cart it'\\''s (ok)'"],
    [
      'mocha --require ./setup.js -t 500 "test/**/*.js"',
      "npx mocha --require ./setup.js -t 500 test/a.js --fgrep 'cart it'\\''s (ok)'",
    ],
    ['NODE_ENV=test nyc --reporter=text mocha test', "NODE_ENV=test npx mocha test/a.js --fgrep 'cart it'\\''s (ok)'"],
    [
      'eslint . && cross-env CI=1 jest --coverage',
      "npx cross-env CI=1 jest --runTestsByPath test/a.js -t 'cart it'\\''s \\(ok\\)'",
    ],
    ['cross-env A=1 node --test', "npx cross-env A=1 node --test-name-pattern='it'\\''s \\(ok\\)' --test test/a.js"],
    ['tsx --test', "npx tsx --test-name-pattern='it'\\''s \\(ok\\)' --test test/a.js"],
    ['dotenv -- mocha', "node_modules/.bin/dotenv -- npx mocha test/a.js --fgrep 'cart it'\\''s (ok)'"],
    ['vitest', "npx vitest run test/a.js -t 'cart it'\\''s \\(ok\\)'"],
    ['vitest run --config v.ts', "npx vitest run test/a.js --config v.ts -t 'cart it'\\''s \\(ok\\)'"],
    ['node --test', "node --test-name-pattern='it'\\''s \\(ok\\)' --test test/a.js"],
    [
      'node --import tsx --test "src/**/*.test.ts"',
      "node --test-name-pattern='it'\\''s \\(ok\\)' --import tsx --test test/a.js",
    ],
    ['xo && c8 ava', "npx ava test/a.js --match='*it'\\''s (ok)*'"],
    ["tape 'test/*.js' | tap-spec", 'npx tape test/a.js'],
    ['uvu -r esm tests', 'node -r esm test/a.js'],
    ['node test/all.js', 'node test/a.js'],
    ['node_modules/.bin/mocha -R dot', "node_modules/.bin/mocha -R dot test/a.js --fgrep 'cart it'\\''s (ok)'"],
    ['node node_modules/mocha/bin/_mocha', "node node_modules/mocha/bin/_mocha test/a.js --fgrep 'cart it'\\''s (ok)'"],
    ['npx jasmine', "npx jasmine test/a.js --filter='cart it'\\''s \\(ok\\)'"],
    ['lab -a @hapi/code -t 100', "node_modules/.bin/lab test/a.js -a @hapi/code -t 100 -g 'it'\\''s \\(ok\\)'"],
    [
      'react-scripts test --watchAll=false',
      "npx react-scripts test --runTestsByPath test/a.js -t 'cart it'\\''s \\(ok\\)'",
    ],
  ])('%s', (script, expected) => {
    expect(command(script)).toBe(expected);
  });
  it.each([
    ['tsc -p . && mocha', 'npx tsc -p . && npx mocha test/a.js'],
    ['yarn tsc && eslint . && mocha', 'npx tsc && npx mocha test/a.js'],
    ['npm run lint && npm run build && mocha', 'npm run build && npx mocha test/a.js'],
    ['tsc --noEmit && mocha', 'npx mocha test/a.js'],
    ['run-s build unit', 'npm run build && npx mocha test/a.js'],
    ['node scripts/build.js && mocha', 'node scripts/build.js && npx mocha test/a.js'],
  ])('%s: builds what the test runs before it', (script, expected) => {
    const built = { 'test/a.js': "import '../dist/a.js';", '.gitignore': 'dist' };
    const files = project({ test: script, unit: 'mocha' }, built);
    const of = (each: Record<string, string>) => testCommandFor(each, 'npm test', { file: 'test/a.js', name: null });
    expect(of(files)?.command).toBe(expected);
    // The sources themselves need no build.
    expect(of({ ...files, 'dist/a.js': '' })?.command).toBe('npx mocha test/a.js');
    const early = project({ pretest: script.replace(/ (?:&& mocha|unit)$/, ''), test: 'mocha' }, built);
    if (script.startsWith('tsc -p')) expect(of(early)?.command).toBe(expected);
  });
  it('keeps the files of the command where only a name is wanted', () => {
    expect(command('mocha "test/**/*.js"', { name: 'adds' })).toBe('npx mocha "test/**/*.js" --fgrep adds');
  });
  it('follows scripts, and arguments that are given to them', () => {
    const files = project({ test: 'npm run lint && npm run unit -- --bail', lint: 'eslint .', unit: 'mocha' });
    expect(testCommandFor(files, 'npm test', { file: 'test/a.js', name: null })?.command).toBe(
      'npx mocha --bail test/a.js',
    );
    expect(findRunner(project({ test: 'npm test' }), 'npm test')).toBeNull();
  });
  it('runs the tests of a package of its own in that package', () => {
    const files = project(
      { test: 'lerna run test' },
      { 'packages/x/package.json': '{"scripts":{"test":"jest"}}', 'packages/x/t/b.js': '' },
    );
    expect(testCommandFor(files, 'npm test', { file: 'packages/x/t/b.js', name: null })?.command).toBe(
      'cd packages/x && npx jest --runTestsByPath t/b.js',
    );
  });
  it('guesses by what the test file imports, then by what is installed', () => {
    const guess = (text: string) =>
      testCommandFor(project({ test: 'gulp' }, { 'test/g.js': text }), 'npm test', { file: 'test/g.js', name: null })
        ?.command;
    expect(guess("import test from 'node:test'")).toBe('node test/g.js');
    expect(guess("require('tape')")).toBe('node test/g.js');
    expect(guess('it()')).toBe('npx mocha test/g.js');
  });
  it('knows when it does not know', () => {
    expect(testCommandFor({ 'package.json': '{}' }, 'make check', { file: 'a.js', name: null })).toBeNull();
  });
});

describe('splitCommands', () => {
  it('splits lines of sh into words, quotes kept', () => {
    expect(splitCommands(`a "b && c" 'd;e' && f | g; h`)).toEqual([['a', '"b && c"', "'d;e'"], ['f'], ['g'], ['h']]);
  });
});
