import type { Verdict } from '../../session/events.ts';
import { withoutEscapes } from './without-escapes.ts';

/** A test that passed or was skipped, as the runners' reporters write it. */
const UNTOLD = [
  /^\s*(?:✔|✓|√|○|↓|﹣|ok \d+\b)/,
  /^PASS \S/,
  // A mark a test: the dots of mocha, of vitest and of uvu.
  /^\s*[.·•,!x]{6,}$/,
  /^\s*(?:\S.* )?(?:• )+\s*\((\d+) \/ \1\)$/,
];
const SUITE = /^\s*(?:▶|▼|❯|# Subtest:|#)?\s*(.+?)(?: \([\d.]+ ?m?s\))?$/;

/**
 * The output of tests without what their verdict tells: lines of tests that passed or were skipped, headings of suites, and failures whose
 * messages were read. What the program printed is left. The output itself where no verdict could be read.
 */
export function tellingOutput(output: string, { counts, tests }: Verdict): string {
  if (counts === null) return output;
  const suites = new Set(tests.flatMap(({ name }) => name.slice(0, -1)));
  const told = new Set(tests.flatMap(({ message }) => message?.split('\n') ?? []).map((line) => line.trim()));
  const isTold = (line: string): boolean => {
    const text = line.trim();
    return (
      text !== '' &&
      (told.has(text) || UNTOLD.some((mark) => mark.test(line)) || suites.has(SUITE.exec(line)?.[1] ?? ''))
    );
  };
  const kept: string[] = [];
  let block: string | null = null;
  let before = '';
  for (const line of output.split('\n')) {
    const plain = withoutEscapes(line);
    const text = plain.trim();
    // TAP: details of the test above.
    if (block === null && text === '---' && /^\s*ok \d+\b/.test(before)) block = plain;
    else if (block !== null) block = text === '...' ? null : block;
    else if (!isTold(plain) && (text !== '' || kept.at(-1)?.trim() !== '')) kept.push(line);
    before = plain;
  }
  return kept.join('\n').trim();
}
