import type { TestResult, Verdict } from '../../session/values.ts';
import { elide } from '../elide.ts';
import { describeLongDifference } from './long-difference.ts';
import { ANY_FRAME, withOwnFrames } from './own-frames.ts';

/** Failures told with their messages, and by name alone after them. */
const MOST_FAILURES = 20;
const MOST_NAMES = 60;
/** More failures that are the same as at the start are told by name alone. */
const MOST_REPEATED = 5;
const MOST_OF_FILE = 4;
/** Characters of one message, and of all messages together: many failures mostly have few causes. */
const MESSAGE = { most: 1500, least: 300, all: 9000 } as const;

/** "2 failed, 5 passed (exit code 1)". */
export function summarizeCounts({ counts, exitCode }: Verdict): string {
  if (counts === null) return `no test results could be read (exit code ${exitCode})`;
  const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
  return `${counts.failed} failed, ${counts.passed} passed${skipped} (exit code ${exitCode})`;
}

/** Exercises come with all tests but the first skipped; projects skip a few. */
export function isMostlySkipped({ counts }: Verdict): boolean {
  return counts !== null && counts.skipped > 0 && counts.skipped >= counts.passed + counts.failed;
}

/** Every test that was counted passed, and still the command failed. */
const isFailingBeside = ({ counts, exitCode }: Verdict): boolean =>
  counts !== null && counts.failed === 0 && counts.passed > 0 && exitCode !== 0;

const FAILING_BESIDE =
  'No test is counted as failed, but the command failed: something beside the tests did, or they ended early. The output says what.';

const MOSTLY_SKIPPED =
  'Most tests are skipped, so this says little. What they describe is wanted as far as the goal asks for it: read them, and make the code right for them as well.';

/** What is known of a verdict beside itself. */
interface Beside {
  readonly remarks?: readonly string[];
  /** The failure is the one of the start, which was told. */
  readonly isKnown?: (test: TestResult) => boolean;
  /** The task says so. */
  readonly needNotPass?: (test: TestResult) => boolean;
}

function describeUnasked(tests: readonly TestResult[]): string[] {
  if (tests.length === 0) return [];
  const names = tests.slice(0, MOST_OF_FILE).map(({ name }) => name.join(' > '));
  const more = tests.length > names.length ? ` and ${tests.length - names.length} more` : '';
  return [`Fail and need not pass, as the task says: ${names.join('; ')}${more}`];
}

/** A verdict as the model reads it: counts, what else is known of the whole, then each failing test with its message. */
export function describeVerdict(verdict: Verdict, beside: Beside = {}): string {
  const { remarks = [], isKnown = () => false, needNotPass = () => false } = beside;
  const { passed, counts, exitCode, tests, doubt } = verdict;
  const head = `Tests ${passed ? 'PASS' : 'FAIL'}: ${summarizeCounts(verdict)}.`;
  const none = counts !== null && counts.passed + counts.failed === 0 && exitCode === 0;
  const doubted = doubt === undefined ? [] : [`This does not count as a pass: ${doubt}`];
  const all = tests.filter(({ status }) => status === 'failed');
  const unasked = all.filter(needNotPass);
  const failed = all.filter((test) => !needNotPass(test));
  const known = failed.filter(isKnown);
  const failing = known.length > MOST_REPEATED ? failed.filter((test) => !isKnown(test)) : failed;
  const asBefore = failed.length - failing.length;
  const listed = withoutRepeats(failing.slice(0, MOST_NAMES));
  const told = new Set(listed.filter(({ isRepeated }) => !isRepeated).slice(0, MOST_FAILURES));
  const room = Math.max(MESSAGE.least, Math.min(MESSAGE.most, Math.floor(MESSAGE.all / told.size)));
  const lines = listed.map((test) =>
    describeFailure(told.has(test) || test.isRepeated ? test : { ...test, message: undefined }, room),
  );
  const before = asBefore > 0 ? [describeAsBefore(known)] : [];
  const more = failing.length > MOST_NAMES ? [`… and ${failing.length - MOST_NAMES} more`] : [];
  const notes = [
    ...remarks,
    ...doubted,
    ...(isFailingBeside(verdict) ? [FAILING_BESIDE] : []),
    ...(none ? ['No test was run at all, which is not a pass.'] : []),
    ...(isMostlySkipped(verdict) ? [MOSTLY_SKIPPED] : []),
  ];
  return [head, ...notes, ...lines, ...more, ...before, ...describeUnasked(unasked)].join('\n');
}

/** By their files, where these are known: the messages were told at the start. */
function describeAsBefore(tests: readonly TestResult[]): string {
  const titles = Map.groupBy(tests, ({ file = '' }) => file);
  const lines = [...titles].map(([file, all]) => {
    const names = all.slice(0, MOST_OF_FILE).map(({ name }) => name.join(' > '));
    const more = all.length > names.length ? ` and ${all.length - names.length} more` : '';
    return `  ${file === '' ? '' : `${file}: `}${names.join('; ')}${more}`;
  });
  return `FAILED as at the start, with the same message (run_test tells it again), ${tests.length}:\n${lines.join('\n')}`;
}

interface Told extends Pick<TestResult, 'name' | 'file'> {
  readonly message?: string | undefined;
  /** It has been told in full before. */
  readonly isRepeated?: boolean;
}

/** Many tests often fail for one cause, at one place: it is told in full once. */
function withoutRepeats(tests: readonly Told[]): Told[] {
  const seen = new Set<string>();
  return tests.map((test) => {
    const lines = withOwnFrames(test.message ?? '').split('\n');
    const place = lines.findIndex((line) => ANY_FRAME.test(line));
    const isPlace = place > 0;
    // Jest shows the code around the place before it.
    const cause = lines.slice(0, place + 1).join('\n');
    const first = lines.find((line) => line.trim() !== '') ?? '';
    if (!isPlace || !seen.has(cause)) {
      seen.add(cause);
      return test;
    }
    return { ...test, message: `${first.trim()} (at the same place as above)`, isRepeated: true };
  });
}

function describeFailure({ name, file, message, isRepeated = false }: Told, room: number): string {
  const where = file === undefined ? '' : ` (${file})`;
  const why = message === undefined ? '' : `\n${describeMessage(message, room).replace(/^/gm, '    ')}`;
  if (isRepeated) return `FAILED: ${name.join(' > ')}${where}: ${message}`;
  return `FAILED: ${name.join(' > ')}${where}${why}`;
}

function describeMessage(message: string, room: number): string {
  const whole = withOwnFrames(message);
  const shown = elide(whole, room);
  const difference = shown === whole ? null : describeLongDifference(whole);
  return difference === null ? shown : `${shown}\n${difference}`;
}
