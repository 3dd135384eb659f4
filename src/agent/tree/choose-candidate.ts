import { diffLines } from 'diff';
import type { Content, Files } from '../../session/files.ts';
import { diffFiles } from '../../session/tree.ts';
import type { BookedAttempt } from '../workspace/attempt-book.ts';
import type { CandidateResult } from './candidate.ts';
import { compareAttempts } from './compare-attempts.ts';

/** The one to go on from: accepted before not accepted, then the better verdict, then the smaller change, then the lower number. */
export function chooseCandidate(results: readonly CandidateResult[], base: BookedAttempt): CandidateResult | null {
  const sizes = new Map(results.map((each) => [each, changeSize(base.files, each.attempt.files)]));
  const size = (each: CandidateResult) => sizes.get(each) ?? 0;
  const accepted = ({ outcome }: CandidateResult) => (outcome.kind === 'solved' ? 0 : 1);
  const [first] = results
    .filter((each) => accepted(each) === 0 || isBetter(each.attempt, base))
    .sort(
      (one, other) =>
        accepted(one) - accepted(other) ||
        compareAttempts(one.attempt, other.attempt) ||
        size(one) - size(other) ||
        one.number - other.number,
    );
  return first ?? null;
}

/** Its tests say more than those of what it began with. */
export const isBetter = (attempt: BookedAttempt, base: BookedAttempt): boolean =>
  attempt.id !== base.id && compareAttempts(attempt, base) < 0;

/** Lines removed and added; a file that is not text counts as one. */
function changeSize(before: Files, after: Files): number {
  return diffFiles(before, after).reduce((sum, { path, content }) => {
    const old = Object.hasOwn(before, path) ? (before[path] ?? '') : '';
    return sum + linesBetween(old, content ?? '');
  }, 0);
}

function linesBetween(before: Content, after: Content): number {
  if (typeof before !== 'string' || typeof after !== 'string') return 1;
  return diffLines(before, after).reduce((sum, part) => sum + (part.added || part.removed ? part.count : 0), 0);
}
