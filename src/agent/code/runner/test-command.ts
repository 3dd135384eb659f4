import { contentAt } from '../../../session/content.ts';
import type { Files } from '../../../session/files.ts';
import { importsIn } from '../imports/imports.ts';
import { asRecord, readJson } from '../json-with-comments.ts';
import { folderOf } from '../paths.ts';
import { needsBuild } from './needs-build.ts';
import { findRunner, type RunnerName, type TestRunner } from './test-runner.ts';

/** What is to be run. A name is a test's title, alone or after its suites': "cart > adds". */
export interface WantedTest {
  readonly file: string | null;
  readonly name: string | null;
}

export interface TestCommand {
  readonly command: string;
  readonly runner: RunnerName;
  /** The runner itself runs no test but those of the name. */
  readonly filtersByName: boolean;
}

/** The command that runs one file, or the tests of one name, as the task's own test command would; null when the runner cannot be told. */
export function testCommandFor(files: Files, testCommand: string, wanted: WantedTest): TestCommand | null {
  const runner = runnerFor(files, testCommand, wanted.file);
  if (runner === null) return null;
  const file = wanted.file === null ? null : wanted.file.slice(runner.folder === '' ? 0 : runner.folder.length + 1);
  const isNodeTest = runner.name === 'node:test' || (wanted.file !== null && usesNodeTest(files, wanted.file));
  const built = build(runner, { file, name: wanted.name }, isNodeTest);
  const isBuilt = runner.builds.length > 0 && (wanted.file === null || needsBuild(files, wanted.file));
  const run = built.words.filter((word) => word !== '').join(' ');
  const command = [...(isBuilt ? runner.builds : []), run].join(' && ');
  const filtersByName = wanted.name !== null && built.filters;
  return {
    command: runner.folder === '' ? command : `cd ${quote(runner.folder)} && ${command}`,
    runner: runner.name,
    filtersByName,
  };
}

/** Of the package that the file stands in, where that has tests of its own; else the task's. */
function runnerFor(files: Files, testCommand: string, file: string | null): TestRunner | null {
  if (file !== null) {
    for (let folder = folderOf(file); folder !== ''; folder = folderOf(folder)) {
      if (contentAt(files, `${folder}/package.json`) === undefined) continue;
      const own = findRunner(files, 'npm test', folder);
      if (own) return own;
    }
  }
  return findRunner(files, testCommand) ?? (file === null ? null : guess(files, file));
}

const plainRunner = (name: RunnerName, start: string): TestRunner => ({
  name,
  start,
  options: [],
  files: [],
  folder: '',
  builds: [],
});

/** By what the file imports, then by what is installed. */
function guess(files: Files, file: string): TestRunner | null {
  const text = contentAt(files, file);
  const imported = typeof text === 'string' ? importsIn(text, file).map(({ specifier }) => specifier) : [];
  if (imported.includes('node:test')) return plainRunner('node:test', 'node');
  if (imported.includes('vitest')) return plainRunner('vitest', 'npx vitest run');
  if (imported.includes('ava')) return plainRunner('ava', 'npx ava');
  if (imported.includes('uvu') || imported.includes('tape')) return plainRunner('node', 'node');
  const manifest = contentAt(files, 'package.json');
  const { devDependencies, dependencies } = asRecord(typeof manifest === 'string' ? readJson(manifest) : undefined);
  const installed = { ...asRecord(dependencies), ...asRecord(devDependencies) };
  for (const name of ['vitest', 'jest', 'mocha', 'jasmine'] as const)
    if (Object.hasOwn(installed, name)) return plainRunner(name, name === 'vitest' ? 'npx vitest run' : `npx ${name}`);
  return null;
}

function usesNodeTest(files: Files, file: string): boolean {
  const text = contentAt(files, file);
  return typeof text === 'string' && /['"](?:node:)?test['"]/.test(text);
}

/** Options that make no sense for one test. */
const DROPPED = /^--(?:coverage|watch|watchAll|collectCoverage|check-coverage|forbid-only|100)\b/;

function build(
  runner: TestRunner,
  { file, name }: WantedTest,
  isNodeTest: boolean,
): { words: string[]; filters: boolean } {
  const { start } = runner;
  const options = runner.options.filter((option) => !DROPPED.test(option));
  const path = file === null ? runner.files.join(' ') : quote(file);
  const titles = name === null ? [] : name.split(/ (?:>|›) /);
  const full = titles.join(' ');
  const last = titles.at(-1) ?? '';
  const by = (...filter: string[]) => (name === null ? [] : filter);
  const filtered = (...words: string[]) => ({ words: [start, ...words], filters: true });
  switch (runner.name) {
    case 'mocha':
      return filtered(...options, path, ...by('--fgrep', quote(full)));
    case 'jest':
      return filtered(
        ...options,
        ...(file === null ? [path] : ['--runTestsByPath', path]),
        ...by('-t', quote(escapeRegex(full))),
      );
    case 'vitest':
      return filtered(path, ...options, ...by('-t', quote(escapeRegex(full))));
    case 'ava':
      return filtered(path, ...options, ...by(`--match=${quote(`*${last}*`)}`));
    case 'jasmine':
      return filtered(path, ...options, ...by(`--filter=${quote(escapeRegex(full))}`));
    case 'lab':
      return filtered(path, ...options, ...by('-g', quote(escapeRegex(last))));
    case 'qunit':
      return filtered(path, ...options, ...by('--filter', quote(last)));
    case 'tape':
    case 'tap':
      return { words: [start, ...options, path], filters: false };
    case 'uvu':
      // uvu's files run by themselves; its own command takes a folder and a pattern.
      return {
        words: file === null ? [start, ...options, path] : ['node', ...requiresOf(options), path],
        filters: false,
      };
    case 'node':
    case 'node:test': {
      const pattern = isNodeTest ? by(`--test-name-pattern=${quote(escapeRegex(last))}`) : [];
      return { words: [start, ...pattern, ...options, path], filters: isNodeTest };
    }
  }
}

const requiresOf = (options: readonly string[]): string[] =>
  options.flatMap((option, index) => (/^(?:-r|--require)$/.test(option) ? [option, options[index + 1] ?? ''] : []));

const quote = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);

const escapeRegex = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
