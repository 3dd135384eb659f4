import { createTwoFilesPatch } from 'diff';
import type { Files } from '../../session/files.ts';
import { diffFiles } from '../../session/tree.ts';
import { elide } from '../elide.ts';
import { describeVerdict } from '../verdict/describe-verdict.ts';
import type { BookedAttempt } from '../workspace/attempt-book.ts';
import type { CandidateResult } from './candidate.ts';

const PATCH = 2000;
const TESTS = 1500;
const WORDS = 600;

/** A candidate for those of the next round: what it changed, what the tests said, what it said itself. */
export function describeCandidateResult(
  { number, tried, outcome }: CandidateResult,
  { base, kept }: { readonly base: BookedAttempt; readonly kept: boolean },
): string {
  const patch = patchBetween(base.files, tried.files);
  const words = outcome.explanation.trim();
  return [
    `Candidate ${number}${kept ? ', which was kept: you begin with its files' : ', whose change is not in your files'}.`,
    patch === '' ? 'It changed nothing.' : `It changed:\n${elide(patch, PATCH)}`,
    tried.verdict ? elide(describeVerdict(tried.verdict), TESTS) : 'It ran no tests.',
    ...(words === '' ? [] : [`It ended with: ${elide(words, WORDS)}`]),
  ].join('\n');
}

function patchBetween(before: Files, after: Files): string {
  return diffFiles(before, after)
    .map(({ path, content }) => {
      const old = Object.hasOwn(before, path) ? (before[path] ?? '') : '';
      if (typeof old !== 'string' || (content !== null && typeof content !== 'string')) return `${path}: not text`;
      // Without the head that names the file twice over.
      return createTwoFilesPatch(path, path, old, content ?? '')
        .split('\n')
        .slice(1)
        .join('\n');
    })
    .join('\n');
}
