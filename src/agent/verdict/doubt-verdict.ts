/** Green that proves nothing: tests that fail to run fail nothing. */
import picomatch from 'picomatch';
import { contentAt } from '../../session/content.ts';
import type { Files } from '../../session/files.ts';
import type { TestResult, Verdict } from '../../session/values.ts';
import { findRunner } from '../code/runner/test-runner.ts';
import { DEFAULT_PROTECTED } from '../policy/protected.ts';

export interface Doubtful {
  /** What the same command said of the files that the run started from; null when it was never run on them. */
  readonly before: Verdict | null;
  readonly startFiles: Files;
  readonly files: Files;
  readonly command: string;
}

const isTest = picomatch([...DEFAULT_PROTECTED], { dot: true, nocase: true });
/** These always say what they ran, however few tests there are. */
const TALKING: ReadonlySet<string> = new Set(['node:test', 'mocha', 'jest', 'vitest', 'ava', 'uvu']);
const CODE_FILE = /\.[cm]?[jt]sx?$/;

/** Why a verdict that passed is not believed; null when it is. Where tests were changed, which their policy allowed, fewer may run. */
export function doubtOf(verdict: Verdict, doubtful: Doubtful): string | null {
  if (!verdict.passed) return null;
  if (verdict.format === null) return doubtSilence(doubtful);
  const { before } = doubtful;
  if (before === null || before.format !== verdict.format || changedTests(doubtful)) return null;
  const hidden = verdict.tests.find((test) => isHollow(test, doubtful) && !passedIn(before, test));
  if (hidden)
    return `${hidden.name.join(' > ')} ended before any of its tests was reported: something ends the process early.`;
  const missing = before.tests.filter((test) => !isFile(test) && !isThere(test, verdict));
  const fewer = runOf(verdict) < runOf(before) - before.tests.filter(isFile).length;
  const [first] = missing;
  return first && fewer
    ? `${missing.length === 1 ? 'A test' : `${missing.length} tests`} that ran before did not run at all ("${first.name.join(' > ')}").`
    : null;
}

/** Where a runner that always says what it ran says nothing, it did not come to its end. */
function doubtSilence({ before, files, command }: Doubtful): string | null {
  const runner = findRunner(files, command)?.name;
  const spokeBefore = before !== null && before.format !== null;
  return spokeBefore || (runner !== undefined && TALKING.has(runner) && before !== null && before.exitCode !== 0)
    ? 'The exit code is 0, but no test was reported: something ends the process early.'
    : null;
}

const changedTests = ({ startFiles, files }: Doubtful): boolean =>
  [...new Set([...Object.keys(startFiles), ...Object.keys(files)])].some(
    (path) => isTest(path) && contentAt(startFiles, path) !== contentAt(files, path),
  );

const runOf = ({ counts }: Verdict): number => (counts === null ? 0 : counts.passed + counts.failed + counts.skipped);

/** node:test reports a file as a test where nothing in it was reported. */
const isFile = ({ name }: TestResult): boolean =>
  name.length === 1 && CODE_FILE.test(name[0] ?? '') && /[/\\]|(?:test|spec)/i.test(name[0] ?? '');

function isHollow(test: TestResult, { files }: Doubtful): boolean {
  if (!isFile(test) || test.status !== 'passed') return false;
  const [name = ''] = test.name;
  const path = Object.keys(files).find((each) => name === each || name.endsWith(`/${each}`));
  const content = path === undefined ? undefined : contentAt(files, path);
  return typeof content === 'string' && /['"]node:test['"]/.test(content);
}

const isThere = (test: TestResult, { tests }: Verdict): boolean =>
  tests.some(({ name }) => name.length === test.name.length && name.every((part, at) => part === test.name[at]));

const passedIn = ({ tests }: Verdict, { name }: TestResult): boolean =>
  tests.some((each) => each.status === 'passed' && each.name.join('\n') === name.join('\n'));
