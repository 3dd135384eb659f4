import type { Outcome, OutcomeKind } from '../session/values.ts';
import { summarizeCounts } from './verdict/describe-verdict.ts';
import type { BookedAttempt } from './workspace/attempt-book.ts';

const MOST_TESTS = 10;

/** An outcome with what a person needs next: the reason, the best attempt and what still fails in it. */
export function explainEnd(kind: Exclude<OutcomeKind, 'solved'>, reason: string, best: BookedAttempt): Outcome {
  return { kind, explanation: `${reason.trim()}\n\n${describeBest(best)}` };
}

function describeBest({ id, own, verdict }: BookedAttempt): string {
  if (!verdict) return 'The tests were not run.';
  const name = own ? `The best attempt is ${id}` : 'No attempt was better than the files this run started from';
  if (verdict.passed) return `${name}: its tests pass (${summarizeCounts(verdict)}).`;
  const failed = verdict.tests.filter(({ status }) => status === 'failed').map((test) => `- ${test.name.join(' > ')}`);
  const more = failed.length > MOST_TESTS ? `\n- … and ${failed.length - MOST_TESTS} more` : '';
  const list = failed.length > 0 ? ` Still failing:\n${failed.slice(0, MOST_TESTS).join('\n')}${more}` : '';
  return `${name}: ${summarizeCounts(verdict)}.${list}`;
}
