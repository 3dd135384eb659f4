/** One sentence about the newest thing in the session. */
import type { SessionState } from '../session/state/session-state.ts';
import type { Verdict } from '../session/values.ts';

export function describeCounts(verdict: Verdict): string {
  if (verdict.counts) return `${verdict.counts.passed} passed, ${verdict.counts.failed} failed`;
  return verdict.passed ? 'Passed' : `Failed with exit code ${verdict.exitCode}`;
}

export function announcementOf(state: SessionState): string {
  const run = state.runs.at(-1);
  if (!run) return '';
  if (run.outcome) {
    const { kind, left, explanation } = run.outcome;
    return `Run ended: ${kind}${left ? ', not all tests pass' : ''}. ${explanation}`;
  }
  const step = run.steps.at(-1);
  const call = step?.calls.at(-1);
  const verdict = call?.attempt ? state.attempts[call.attempt]?.verdict : null;
  if (verdict) return `Attempt ${call?.attempt}: ${describeCounts(verdict)}.`;
  return step && call?.phase ? `Step ${step.number}: ${call.phase}, ${call.tool}.` : '';
}
