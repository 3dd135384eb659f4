/** Which runner a project's test command starts, and with what. */

import { contentAt } from '../../../session/content.ts';
import type { Files } from '../../../session/files.ts';
import { asRecord, readJson } from '../json-with-comments.ts';
import { buildsIn } from './builds.ts';

export type RunnerName =
  | 'node'
  | 'node:test'
  | 'mocha'
  | 'jest'
  | 'vitest'
  | 'ava'
  | 'tape'
  | 'tap'
  | 'uvu'
  | 'jasmine'
  | 'lab'
  | 'qunit';

/** One command of a test script, split where it starts the runner. */
export interface TestRunner {
  readonly name: RunnerName;
  /** What stands before the runner's arguments, as sh reads it: "NODE_ENV=test npx mocha". */
  readonly start: string;
  /** Arguments of the runner that are no files. */
  readonly options: readonly string[];
  /** Files, folders and globs that it is given. */
  readonly files: readonly string[];
  /** The folder that it runs in, '' for the project's own. */
  readonly folder: string;
  /** Commands that build what the tests run, before them: "npx tsc -p ." */
  readonly builds: readonly string[];
}

const PROGRAMS: Readonly<Record<string, RunnerName>> = {
  mocha: 'mocha',
  _mocha: 'mocha',
  'electron-mocha': 'mocha',
  jest: 'jest',
  'react-scripts': 'jest',
  vitest: 'vitest',
  ava: 'ava',
  tape: 'tape',
  tap: 'tap',
  uvu: 'uvu',
  jasmine: 'jasmine',
  lab: 'lab',
  qunit: 'qunit',
  node: 'node',
  tsx: 'node',
  'ts-node': 'node',
};
/** They start another program, after options of their own. */
const WRAPPERS = new Set(['npx', 'cross-env', 'env', 'dotenv', 'time', 'exec', 'bunx', 'pnpx', 'borp']);
/** Options that take the next word, by runner. */
const VALUED: Partial<Record<RunnerName, RegExp>> = {
  mocha:
    /^(?:-[rRtguIO]|--(?:require|reporter|timeout|grep|fgrep|ui|file|spec|config|extension|ignore|exclude|loader|import|slow|retries|reporter-options?|package|jobs|opts|compilers))$/,
  jest: /^(?:-[cwt]|--(?:config|maxWorkers|testTimeout|env|testEnvironment|testNamePattern|testPathPattern|testPathPatterns|testRegex|rootDir|projects|reporters|setupFiles|coverageDirectory))$/,
  vitest: /^(?:-[crt]|--(?:config|root|dir|testNamePattern|environment|reporter|pool|project|mode))$/,
  ava: /^(?:-[mcTt]|--(?:match|config|timeout|concurrency|node-arguments))$/,
  tape: /^(?:-[ri]|--(?:require|ignore))$/,
  uvu: /^(?:-[rit]|--(?:require|ignore|tsmodule|cwd))$/,
  lab: /^(?:-[aceglmMoPprStT]|--(?:assert|coverage-path|environment|grep|leaks|timeout|reporter|output|pattern|threshold|transform|shuffle|id))$/,
  tap: /^(?:-[RjtTcgo]|--(?:reporter|jobs|timeout|grep|node-arg|require))$/,
  qunit: /^(?:-[fr]|--(?:filter|require|reporter|module|seed))$/,
  node: /^(?:-[reCp]|--(?:require|import|loader|experimental-loader|conditions|test-reporter|test-name-pattern|test-concurrency|test-timeout|env-file|test-reporter-destination|max-old-space-size|stack-trace-limit))$/,
};
const DEEPEST = 6;

/** Follows npm scripts to the runner; null when the command starts none that is known. */
export function findRunner(files: Files, testCommand: string, folder = ''): TestRunner | null {
  return inCommand(files, testCommand, { folder, depth: 0 });
}

interface Where {
  readonly folder: string;
  readonly depth: number;
}

function inCommand(files: Files, command: string, where: Where): TestRunner | null {
  if (where.depth > DEEPEST) return null;
  const commands = splitCommands(command);
  const found = commands.flatMap((words, at) => {
    const runner = inWords(files, words, { ...where, command });
    return runner ? [{ ...runner, builds: [...buildsIn(commands.slice(0, at)), ...runner.builds] }] : [];
  });
  // Of several (lint && test) the first that runs tests; a plain program only where there is nothing better.
  return found.find(({ name }) => name !== 'node') ?? found[0] ?? null;
}

function inWords(files: Files, words: readonly string[], where: Where & { command: string }): TestRunner | null {
  let at = 0;
  const before: string[] = [];
  for (; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const program =
      unquote(word)
        .split('/')
        .at(-1)
        ?.replace(/\.[cm]?js$/, '') ?? '';
    const called = scriptsOf(program, words.slice(at + 1));
    if (called !== null) return inScripts(files, called, where);
    // Coverage of one test says nothing.
    if (/^(?:nyc|c8|istanbul)$/.test(program)) {
      while (/^(?:-|cover$)/.test(words[at + 1] ?? '')) at += 1;
      continue;
    }
    const isEntry = /(^|\/)node_modules\//.test(word);
    const name = program === 'node' && isNodeModule(words[at + 1]) ? undefined : PROGRAMS[program];
    if (name !== undefined && (name !== 'node' || !isEntry)) return runnerAt(name, { words, at, before }, where);
    const isKnown =
      /^\w+=/.test(word) || WRAPPERS.has(program) || program === 'node' || word.startsWith('-') || before.length > 0;
    if (!isKnown) return null;
    before.push(word);
  }
  return null;
}

/** `node node_modules/.bin/mocha`: the program that counts comes after. */
const isNodeModule = (word: string | undefined): boolean => word !== undefined && /(^|\/)node_modules\//.test(word);

function runnerAt(
  program: RunnerName,
  { words, at, before }: { words: readonly string[]; at: number; before: readonly string[] },
  { command, folder }: Where & { command: string },
): TestRunner | null {
  const rest = words.slice(at + 1);
  const name = program === 'node' && rest.includes('--test') ? 'node:test' : program;
  const valued = VALUED[program];
  const options: string[] = [];
  const given: string[] = [];
  for (let index = 0; index < rest.length; index += 1) {
    const word = rest[index] ?? '';
    if (/^\d*[<>|&]/.test(word)) break;
    if (word.startsWith('-') && word !== '--') {
      options.push(word);
      const next = rest[index + 1];
      if (valued?.test(word) && next !== undefined) {
        options.push(next);
        index += 1;
      }
    } else if (word !== '--') given.push(word);
  }
  // `node build.js` of a longer command is no test.
  if (name === 'node' && !given.some((file) => /test|spec/i.test(file)) && /&&|;/.test(command)) return null;
  const subcommand =
    (name === 'vitest' && /^(?:run|watch|dev)$/.test(given[0] ?? '')) ||
    (given[0] === 'test' && words[at] === 'react-scripts');
  const start = [
    ...startOf([...before, words[at] ?? '']),
    // Without it vitest waits for changes where it sees a terminal.
    ...(name === 'vitest' ? ['run'] : subcommand ? ['test'] : []),
  ];
  return { name, start: start.join(' '), options, files: subcommand ? given.slice(1) : given, folder, builds: [] };
}

const BY_NPX = /^(?:npx|bunx|pnpx)$/;
/** What is there without a package. */
const SYSTEM = /^(?:node|env|time|exec)$/;
/** By another name than its package's, npx would look for a package that is not there. */
const OTHER_NAME = /^(?:lab|_mocha|dotenv)$/;

/** Scripts find what is installed, sh alone does not: npx does, for itself and for what is started by what it starts. */
function startOf(words: readonly string[]): string[] {
  let hasPath = words.some((word) => BY_NPX.test(word));
  return words.map((word) => {
    const isProgram = Object.hasOwn(PROGRAMS, word) || WRAPPERS.has(word);
    if (hasPath || !isProgram || SYSTEM.test(word)) return word;
    if (OTHER_NAME.test(word)) return `node_modules/.bin/${word}`;
    hasPath = true;
    return `npx ${word}`;
  });
}

/** "npm test", "yarn run unit -- --bail", "run-s lint unit" */
function scriptsOf(
  program: string,
  rest: readonly string[],
): { scripts: readonly string[]; extra: readonly string[] } | null {
  const separator = rest.indexOf('--');
  const extra = separator === -1 ? [] : rest.slice(separator + 1);
  const words = (separator === -1 ? rest : rest.slice(0, separator)).filter((word) => !word.startsWith('-'));
  if (/^(?:npm-run-all|run-s|run-p)$/.test(program)) return { scripts: words, extra: [] };
  if (!/^(?:npm|yarn|pnpm|bun)$/.test(program)) return null;
  const [first = '', second = ''] = words;
  if (/^(?:run|run-script)$/.test(first)) return { scripts: [second], extra };
  if (/^(?:t|tst)$/.test(first)) return { scripts: ['test'], extra };
  return first === '' || first === 'exec' ? null : { scripts: [first], extra };
}

function inScripts(files: Files, called: NonNullable<ReturnType<typeof scriptsOf>>, where: Where): TestRunner | null {
  const path = where.folder === '' ? 'package.json' : `${where.folder}/package.json`;
  const text = contentAt(files, path);
  const lines = asRecord(asRecord(typeof text === 'string' ? readJson(text) : undefined).scripts);
  const isList = called.scripts.length > 1;
  for (const [at, name] of called.scripts.entries()) {
    const line = Object.hasOwn(lines, name) ? lines[name] : undefined;
    if (typeof line !== 'string') continue;
    const found = inCommand(files, line, { ...where, depth: where.depth + 1 });
    if (!found) continue;
    const pre = lines[`pre${name}`];
    const before = isList ? called.scripts.slice(0, at).map((each) => ['npm', 'run', each]) : [];
    const builds = buildsIn([...before, ...(typeof pre === 'string' ? splitCommands(pre) : [])]);
    return { ...found, options: [...found.options, ...called.extra], builds: [...builds, ...found.builds] };
  }
  return null;
}

const unquote = (word: string): string => word.replace(/^(['"])([\s\S]*)\1$/, '$2');

/** The words of each command of a line of sh, as they are written: quotes stay. */
export function splitCommands(line: string): string[][] {
  const commands: string[][] = [[]];
  for (const [token] of line.matchAll(/&&|\|\||[;|&](?![&|])|(?:"(?:[^"\\]|\\.)*"|'[^']*'|\\.|[^\s;&|"'\\])+/g)) {
    if (/^(?:&&|\|\||[;|&])$/.test(token)) commands.push([]);
    else commands.at(-1)?.push(token);
  }
  return commands.filter((words) => words.length > 0);
}
