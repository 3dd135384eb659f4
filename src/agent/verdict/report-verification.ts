import type { TestResult, Verdict } from '../../session/values.ts';
import { elide } from '../elide.ts';
import { showOutput } from '../show-output.ts';
import { testKey } from '../test-key.ts';
import type { Outputs } from '../workspace/outputs.ts';
import type { Verification } from '../workspace/verification.ts';
import { describeAgainstStart } from './against-start.ts';
import { describeVerdict } from './describe-verdict.ts';
import { tellingOutput } from './telling-output.ts';

/** Characters of output: what says nothing new is kept short, for every later request carries it. */
const ROOM = { passed: 1_500, explained: 4_000, unexplained: 16_000 } as const;

/** A verification as the model reads it: the verdict first, then the output, which it can read on in where `outputs` keeps it. */
export function reportVerification(verification: Verification, outputs?: Outputs): string {
  const { verdict, output, ended, seconds, sinceStart, unsteady = [], asked = '', asAtStart, unasked } = verification;
  const needNotPass = (test: TestResult) => unasked?.has(testKey(test)) === true;
  const isKnown = (test: TestResult) => asAtStart?.has(testKey(test)) === true;
  const late =
    ended === 'timed-out'
      ? `The tests were killed after ${Math.round(seconds)} seconds: look for an endless loop or an open handle. Where they are only slow, run some of them with run_test.`
      : '';
  const since = sinceStart === null ? '' : describeAgainstStart(sinceStart);
  const remarks = [late, since, describeUnsteady(unsteady), asked].filter((remark) => remark !== '');
  // What a run said before it was killed tells little of why.
  const room = late === '' ? outputRoom(verdict) : ROOM.explained;
  return `${describeVerdict(verdict, { remarks, isKnown, needNotPass })}\n\n${reportOutput({ verdict, output, room, isCutOff: late !== '' }, outputs)}`;
}

function describeUnsteady(names: readonly string[]): string {
  if (names.length === 0) return '';
  const list = names.map((name) => `"${name}"`).join(', ');
  return `The tests were run twice on these files, and the second run counts: ${list} failed in one of the two only. A test that fails now and then may do so without your change; where the change has to do with timing or order, look.`;
}

/** Characters of output that are worth their place beside a verdict. */
export const outputRoom = (verdict: Verdict): number => ROOM[kindOf(verdict)];

interface Reported {
  readonly verdict: Verdict;
  readonly output: string;
  /** Characters. */
  readonly room: number;
  /** The tests were killed. */
  readonly isCutOff?: boolean;
}

/** The output of tests as the model reads it beside their verdict. */
export function reportOutput({ verdict, output, room, isCutOff = false }: Reported, outputs?: Outputs): string {
  const telling = tellingOutput(output, verdict, isCutOff);
  if (telling.trim() === output.trim() && telling !== '')
    return `Output:\n${outputs ? showOutput(outputs, telling, room) : elide(telling, room)}`;
  const whole = outputs ? `; all of it: read_output {"id": ${outputs.keep(output)}}` : '';
  if (telling === '') return `Output: nothing but what is told above and tests that passed${whole}.`;
  return `Output (without what is told above and tests that passed${whole}):\n${elide(telling, room)}`;
}

function kindOf({ passed, tests }: Verdict): keyof typeof ROOM {
  if (passed) return 'passed';
  const failures = tests.filter(({ status }) => status === 'failed');
  return failures.length > 0 && failures.every(({ message }) => message !== undefined) ? 'explained' : 'unexplained';
}
