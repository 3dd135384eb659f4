import { z } from 'zod';
import type { TestResult, Verdict } from '../../session/values.ts';
import { testCommandFor } from '../code/runner/test-command.ts';
import { testFiles } from '../code/runner/test-files.ts';
import { findRunner } from '../code/runner/test-runner.ts';
import { normalizePath } from '../policy/paths.ts';
import { describeVerdict } from '../verdict/describe-verdict.ts';
import { parseVerdict } from '../verdict/parse-verdict.ts';
import { outputRoom, reportOutput } from '../verdict/report-verification.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { similarPaths } from './text-file.ts';
import { defineTool, failure, success } from './tool.ts';

export const runTest = defineTool({
  name: 'run_test',
  description:
    'Runs one test file, or the tests of one name in it, and tells what fails and why. Quicker than run_tests; the run is not judged by it.',
  schema: z.object({
    file: z.string().optional().describe('The test file.'),
    name: z.string().optional().describe('The title of a test, alone or after its suites: "adds", "cart > adds".'),
    seconds: z.number().min(1).max(3600).default(120).describe('Deadline.'),
  }),
  file: { key: 'file', exists: true },
  phase: 'verify',
  run: async ({ file: named, name: title, seconds }, { workspace, call }) => {
    const file = named === undefined || named === '' ? null : normalizePath(named);
    const name = title === undefined || title === '' ? null : title;
    if (file === null && name === null) return failure('Name a test file, or a test, or both. All tests: run_tests.');
    if (file !== null && !Object.hasOwn(workspace.files, file)) return failure(missing(workspace, file));
    const built = testCommandFor(workspace.files, workspace.testCommand, { file, name });
    if (built === null)
      return failure(
        `How "${workspace.testCommand}" runs its tests could not be told: use run_command with the command for one test.`,
      );
    const result = await workspace.tryOut(call, built.command, seconds);
    const verdict = parseVerdict(result.exitCode, result.output);
    const late =
      result.ended === 'timed-out'
        ? `Killed after ${workspace.deadlineOf(seconds)} seconds: look for an endless loop or an open handle.\n`
        : '';
    const shown =
      name === null ? describeVerdict(verdict) : describeNamed(withoutSkipped(verdict), name, built.filtersByName);
    const { output } = result;
    const told = reportOutput({ verdict, output, room: outputRoom(verdict) }, workspace.outputs);
    return success(`$ ${built.command}\n${late}${shown}\n\n${told}`);
  },
});

/** What was left out by name says nothing of the project. */
const withoutSkipped = (verdict: Verdict): Verdict =>
  verdict.counts === null ? verdict : { ...verdict, counts: { ...verdict.counts, skipped: 0 } };

/** Where the runner ran more than was asked for, only that is told. */
function describeNamed(verdict: Verdict, name: string, isFiltered: boolean): string {
  const found = verdict.tests.filter((test) => isMeant(test, name));
  if (found.length === 0) {
    // What the runner chose by name was run, and the reporter names what fails only.
    const isChosen = isFiltered && verdict.passed && verdict.tests.every(({ status }) => status !== 'passed');
    if (isChosen) return describeVerdict(verdict);
    const isPartial = (verdict.counts?.passed ?? 0) > verdict.tests.filter(({ status }) => status === 'passed').length;
    const hint = isPartial ? ' It is not among those that fail; those that pass have no names.' : '';
    const note = isFiltered
      ? `No test named "${name}" is in the output.${hint}`
      : `The runner cannot choose by name, and no test named "${name}" is in its output.${hint}`;
    return `${describeVerdict(verdict)}\n${note}`;
  }
  if (isFiltered) return describeVerdict(verdict);
  const count = (status: TestResult['status']) => found.filter((test) => test.status === status).length;
  const counts = { passed: count('passed'), failed: count('failed'), skipped: count('skipped') + count('todo') };
  const note = '(The runner cannot choose by name: the whole file ran, and this is the part that was asked for.)';
  return `${describeVerdict({ ...verdict, passed: counts.failed === 0, counts, tests: found })}\n${note}`;
}

const isMeant = (test: TestResult, name: string): boolean => {
  const words = (text: string) =>
    text
      .replace(/ (?:>|›) /g, ' ')
      .trim()
      .toLowerCase();
  return words(test.name.join(' ')).includes(words(name));
};

function missing(workspace: Workspace, file: string): string {
  const tests = testFiles(workspace.files, findRunner(workspace.files, workspace.testCommand));
  const similar = similarPaths(tests, file);
  const hint = similar.length > 0 ? `Did you mean ${similar.join(' or ')}?` : 'find_tests lists them.';
  return `There is no test file "${file}". ${hint}`;
}
