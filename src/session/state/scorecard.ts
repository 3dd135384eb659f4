/** What is known of an attempt beside its files, in figures: a fold over the log, for the command line, `eval` and the page. */
import { diffLines } from 'diff';
import { contentAt, isBinary } from '../content.ts';
import type { Content } from '../files.ts';
import type { AttemptId, CheckName, RunId, TestResult, Verdict } from '../values.ts';
import { changesBetween, filesOf, verdictChanges } from './selectors.ts';
import type { SessionState } from './session-state.ts';

export type Counts = NonNullable<Verdict['counts']>;

export interface DiffSize {
  /** Files that differ from the session's start. */
  readonly files: number;
  readonly linesAdded: number;
  readonly linesRemoved: number;
  /** Those of the files that are tests, by their names. */
  readonly testFiles: number;
}

/** A check of the code: whether it passes by what is new, and how many problems it found; null where they could not be read. */
export interface CodeScore {
  readonly passed: boolean;
  readonly problems: number | null;
  readonly added: number | null;
}

/** null stands for unknown or not done, everywhere. */
export interface Scorecard {
  readonly attempt: AttemptId;
  readonly parent: AttemptId | null;
  readonly run: RunId | null;
  readonly passed: boolean | null;
  readonly tests: Counts | null;
  /** Names of failing tests that did not fail in the nearest earlier attempt with a verdict. */
  readonly newFailures: readonly string[];
  readonly hidden: { readonly passed: boolean; readonly tests: Counts | null } | null;
  readonly lint: CodeScore | null;
  readonly types: CodeScore | null;
  readonly diff: DiffSize;
  /** What the run had spent when the attempt had its verdict; `cost` in US dollars. */
  readonly steps: number | null;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly cost: number | null;
  readonly milliseconds: number | null;
}

const TEST_FILE = /(^|\/)(__tests__|tests?|specs?)\/|[._-](test|spec)\.[cm]?[jt]sx?$|(^|\/)tests?\.[cm]?[jt]s$/i;
/** Differences that take longer are counted as a whole file replaced. */
const DIFF_MILLISECONDS = 500;

/** One for each attempt, in the order they were made. */
export function scorecards(state: SessionState): readonly Scorecard[] {
  return state.order.map((id) => scorecardOf(state, id));
}

/** Throws when there is no such attempt. */
export function scorecardOf(state: SessionState, id: AttemptId): Scorecard {
  const diff = diffSize(state, id);
  const attempt = state.attempts[id];
  if (!attempt) throw new Error(`There is no attempt "${id}" in this session`);
  const { parent, run, verdict, spent } = attempt;
  const hidden = attempt.checks.find(({ check }) => check === 'hidden');
  return {
    attempt: id,
    parent,
    run,
    passed: verdict?.passed ?? null,
    tests: verdict?.counts ?? null,
    newFailures: newFailures(state, id).map(({ name }) => name.join(' > ')),
    hidden: hidden ? { passed: hidden.passed, tests: hidden.verdict?.counts ?? null } : null,
    lint: codeScore(state, id, 'lint'),
    types: codeScore(state, id, 'types'),
    diff,
    steps: spent?.steps ?? null,
    inputTokens: spent?.inputTokens ?? null,
    outputTokens: spent?.outputTokens ?? null,
    cost: spent?.cost ?? null,
    milliseconds: spent?.milliseconds ?? null,
  };
}

function newFailures(state: SessionState, id: AttemptId): readonly TestResult[] {
  const changes = verdictChanges(state, id);
  if (!changes) return [];
  return [...changes.newlyFailing, ...changes.added.filter(({ status }) => status === 'failed')];
}

function codeScore(state: SessionState, id: AttemptId, check: CheckName): CodeScore | null {
  const result = state.attempts[id]?.checks.find((each) => each.check === check);
  if (!result) return null;
  const { passed, problems } = result;
  return { passed, problems: problems?.count ?? null, added: problems?.added.length ?? null };
}

function diffSize(state: SessionState, id: AttemptId): DiffSize {
  const [start = id] = state.order;
  const before = filesOf(state, start);
  const changes = changesBetween(state, start, id);
  const sizes = changes.map(({ path, content }) => lineCounts(contentAt(before, path) ?? null, content));
  return {
    files: changes.length,
    linesAdded: sizes.reduce((sum, { added }) => sum + added, 0),
    linesRemoved: sizes.reduce((sum, { removed }) => sum + removed, 0),
    testFiles: changes.filter(({ path }) => TEST_FILE.test(path)).length,
  };
}

/** Binary files have no lines. */
function lineCounts(before: Content | null, after: Content | null): { added: number; removed: number } {
  const [from, to] = [textOf(before), textOf(after)];
  const parts = diffLines(from, to, { timeout: DIFF_MILLISECONDS });
  if (!parts) return { added: countLines(to), removed: countLines(from) };
  const sum = (kind: 'added' | 'removed') =>
    parts.reduce((total, part) => total + (part[kind] ? (part.count ?? 0) : 0), 0);
  return { added: sum('added'), removed: sum('removed') };
}

const textOf = (content: Content | null): string => (content === null || isBinary(content) ? '' : content);

const countLines = (text: string): number => (text === '' ? 0 : text.replace(/\n$/, '').split('\n').length);
