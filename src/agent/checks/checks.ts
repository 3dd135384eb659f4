/** What an attempt is checked with beside its tests: lint and types where they are asked for, held-out tests where the task has some. */
import picomatch from 'picomatch';
import type { Files } from '../../session/files.ts';
import { hashTree } from '../../session/tree.ts';
import type { CheckResult, LeftFailing, Outcome, TestResult, Verdict } from '../../session/values.ts';
import type { TaskDescription } from '../../task/task.ts';
import { elide } from '../elide.ts';
import { explainEnd } from '../explain.ts';
import { namedBy } from '../left/is-named.ts';
import { isSameFailure } from '../left/same-failure.ts';
import { testKey } from '../test-key.ts';
import { summarizeCounts } from '../verdict/describe-verdict.ts';
import { parseVerdict } from '../verdict/parse-verdict.ts';
import type { BookedAttempt } from '../workspace/attempt-book.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { CODE_CHECKS, type CodeCheck, checkCommand } from './check-command.ts';
import { type Baseline, isUsable, judgeCode } from './judge-code.ts';

/** What a run is checked with. */
export interface ChecksOptions {
  /** Held-out tests. They are in no sandbox, no prompt and no event before the run has its outcome. */
  readonly hidden?: Files;
  /** Run after the agent says it is done, as information. */
  readonly run?: readonly CodeCheck[];
  /** Run likewise, and must pass: else the model reads what they say and goes on. */
  readonly require?: readonly CodeCheck[];
}

export interface Checks {
  /** Whether an attempt must pass more than its tests. */
  readonly isDemanding: boolean;
  /** Before the first step: what lint and types say of the files that the run starts from. */
  measureStart(): Promise<void>;
  /** Why the files as they are may not end the run, for the model; null when all that is required passes. */
  complaint(workspace: Workspace): Promise<string | null>;
  /** At the end: checks the attempt that the run ends with, and adds to the outcome what came of it. */
  conclude(outcome: Outcome, attempt: BookedAttempt): Promise<Outcome>;
}

interface ChecksPlace {
  readonly task: TaskDescription;
  readonly workspace: Workspace;
  /** Of the run. */
  readonly signal: AbortSignal;
  /** Of the person: the checks at the end go on where the run's time is over. */
  readonly stop: AbortSignal;
}

const OUTPUT = 8000;
const isSetting = picomatch(
  [
    '**/{eslint,biome,prettier,oxlint,xo,stylelint}.config.*',
    '**/.{eslintrc,prettierrc,oxlintrc,stylelintrc,jshintrc,xo-config}*',
    '**/{biome,tsconfig,tsconfig.*,jsconfig}.{json,jsonc}',
    '**/.{eslint,prettier}ignore',
  ],
  { dot: true },
);

/** The settings of lint and types that an attempt changed, as they were at the start; those that the task lets change count as changed. */
function settingsOf(start: Files, files: Files, { editable }: TaskDescription): Files {
  const isNamed = picomatch([...editable], { dot: true });
  const changed = Object.keys(start).filter(
    (path) => isSetting(path) && !(editable.length > 0 && isNamed(path)) && files[path] !== start[path],
  );
  return Object.fromEntries(changed.flatMap((path) => (start[path] === undefined ? [] : [[path, start[path]]])));
}

export function createChecks({ hidden, run = [], require = [] }: ChecksOptions, place: ChecksPlace): Checks {
  const { task, workspace, signal, stop } = place;
  const wanted = CODE_CHECKS.filter((check) => run.includes(check) || require.includes(check));
  const start = workspace.attempts.base;
  const baselines = new Map<CodeCheck, Baseline & { readonly command: string }>();
  const results = new Map<string, CheckResult>();

  async function checkCode(
    check: CodeCheck,
    of: Pick<BookedAttempt, 'id' | 'files'>,
    where: Workspace,
    until: AbortSignal,
  ) {
    const baseline = baselines.get(check);
    if (!baseline || !isUsable(baseline)) return null;
    const key = `${check} ${hashTree(of.files)}`;
    const { command } = baseline;
    const judge = (result: Parameters<typeof judgeCode>[0]) => judgeCode(result, baseline);
    // What counts as a problem the attempt does not decide.
    const over = settingsOf(start.files, of.files, task);
    const result = results.get(key) ?? (await where.check(of, { check, command, over, judge, signal: until }));
    if (result) results.set(key, result);
    return result;
  }

  async function checkHidden(attempt: BookedAttempt, left: LeftFailing | undefined): Promise<CheckResult | null> {
    if (!hidden) return null;
    const command = task.checks?.hidden ?? task.test;
    const judge = judgeHidden({ task, left, visible: attempt.verdict });
    return workspace.check(attempt, { check: 'hidden', command, over: hidden, judge, signal: stop });
  }

  return {
    isDemanding: require.length > 0,
    async measureStart() {
      for (const check of wanted) {
        const command = checkCommand(task, start.files, check);
        if (command === null) continue;
        const judge = (result: Parameters<typeof judgeCode>[0]) => judgeCode(result, null);
        const result = await workspace.check(start, { check, command, judge, signal });
        signal.throwIfAborted();
        if (result) baselines.set(check, { ...result, command });
        if (result) results.set(`${check} ${hashTree(start.files)}`, result);
      }
    },
    async complaint(where) {
      const attempt = where.attempts.of(where.tree);
      if (!attempt) return null;
      for (const check of require) {
        const result = await checkCode(check, attempt, where, signal);
        signal.throwIfAborted();
        if (result && !result.passed) return describeComplaint(result);
      }
      return null;
    },
    async conclude(outcome, attempt) {
      if (outcome.kind === 'stopped' || outcome.kind === 'failed') return outcome;
      const notes: string[] = [];
      let end = outcome;
      try {
        for (const check of outcome.kind === 'solved' ? wanted : []) {
          const result = await checkCode(check, attempt, workspace, stop);
          if (!result || result.passed) continue;
          notes.push(`${describeCode(result)}.`);
          if (require.includes(check)) end = explainEnd('gave-up', `${check} must pass, and does not.`, attempt);
        }
        const isWorthIt = outcome.kind === 'solved' || attempt.own;
        const result = isWorthIt ? await checkHidden(attempt, outcome.left) : null;
        if (result) notes.push(describeHidden(result, attempt));
        else if (isWorthIt && hidden) notes.push('The held-out tests were stopped.');
      } catch (error) {
        // Whatever happens to a check, the run has its outcome.
        const why = stop.aborted ? 'it was stopped.' : error instanceof Error ? error.message : String(error);
        notes.push(`Not everything could be checked: ${why}`);
      }
      return notes.length === 0 ? end : { ...end, explanation: [end.explanation, ...notes].join('\n\n') };
    },
  };
}

interface Visible {
  readonly task: TaskDescription;
  /** What fails among the visible tests although the run is solved. */
  readonly left: LeftFailing | undefined;
  readonly visible: Verdict | null;
}

/** They pass where nothing fails but what fails among the visible tests, too, in the same way, and is known not to be of this task. */
const judgeHidden =
  ({ task: { known = [] }, left, visible }: Visible) =>
  ({ exitCode, output }: { exitCode: number; output: string }) => {
    const verdict = parseVerdict(exitCode, output);
    const failing = verdict.tests.filter(({ status }) => status === 'failed');
    const leftKeys = new Set(left?.tests.map(testKey));
    const isLeft = (test: TestResult) =>
      namedBy(known, test) ||
      (leftKeys.has(testKey(test)) &&
        visible?.tests.some((each) => testKey(each) === testKey(test) && isSameFailure(each.message, test.message)));
    const isTold = failing.length > 0 && failing.length >= (verdict.counts?.failed ?? 0);
    const passed = verdict.passed || (isTold && (verdict.counts?.passed ?? 0) > 0 && failing.every(isLeft));
    return { passed, verdict };
  };

/** Counts only: the names of held-out tests are in the log, and nowhere a model might read. */
function describeHidden({ passed, verdict, exitCode }: CheckResult, attempt: BookedAttempt): string {
  const counts = verdict ? summarizeCounts(verdict) : `exit code ${exitCode}`;
  if (passed && verdict?.passed === false)
    return `The held-out tests pass, too, but for what fails among the visible ones: ${counts}.`;
  if (passed) return `The held-out tests pass, too: ${counts}.`;
  return attempt.verdict?.passed
    ? `It passes the visible tests and fails the held-out ones: ${counts}.`
    : `The held-out tests fail: ${counts}.`;
}

function describeCode({ check, command, exitCode, problems }: CheckResult): string {
  const name = check === 'lint' ? 'The linter' : 'The type check';
  const count = problems?.added.length ?? 0;
  const what = count > 0 ? `${name} finds ${count} new problem${count === 1 ? '' : 's'}` : `${name} fails`;
  return `${what} (${command}, exit code ${exitCode})`;
}

function describeComplaint(result: CheckResult): string {
  const list = (result.problems?.added ?? []).map((text) => `- ${text}`).join('\n');
  const found = list === '' ? `Output:\n${elide(result.output, OUTPUT)}` : list;
  return `Not finished: the tests pass, but ${describeCode(result).replace(/^The/, 'the')}.\n${found}`;
}
