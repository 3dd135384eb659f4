import { compareVerdicts } from '../../session/state/selectors.ts';
import type { BookedAttempt } from '../workspace/attempt-book.ts';

/** Negative when `one` is better; tested is better than untested. */
export function compareAttempts(one: BookedAttempt, other: BookedAttempt): number {
  if (one.verdict && other.verdict) return compareVerdicts(one.verdict, other.verdict);
  return (one.verdict ? 0 : 1) - (other.verdict ? 0 : 1);
}
