/** Puts the hunks of a patch into a text: at their place, else near it, else with less context. */
import { append } from '../../kernel/large-lists.ts';
import type { Hunk, PatchLine } from './parse-patch.ts';

export type HunkOutcome =
  | { kind: 'applied'; line: number; offset: number; fuzz: number }
  /** `line`: where it should have been. */
  | { kind: 'failed'; line: number };

export interface ApplyOptions {
  /** How many lines of context at each end may be left out. */
  fuzz: number;
  /** White space need not agree. */
  ignoreSpace?: boolean;
}

export function reverseHunk(hunk: Hunk): Hunk {
  const swapped: Record<PatchLine['mark'], PatchLine['mark']> = { '-': '+', '+': '-', ' ': ' ' };
  const { oldStart, oldCount, newStart, newCount } = hunk;
  const lines = hunk.lines.map(({ mark, text }) => ({ mark: swapped[mark], text }));
  return { ...hunk, oldStart: newStart, oldCount: newCount, newStart: oldStart, newCount: oldCount, lines };
}

export function applyHunks(
  lines: readonly string[],
  hunks: readonly Hunk[],
  { fuzz, ignoreSpace = false }: ApplyOptions,
): { lines: string[]; outcomes: HunkOutcome[] } {
  const result: string[] = [];
  const outcomes: HunkOutcome[] = [];
  const plain = (text: string) => (ignoreSpace ? text.replace(/\s+/g, ' ') : text);
  /** Lines of the original that are done, and how far the last hunk was from its place. */
  let done = 0;
  let drift = 0;
  for (const hunk of hunks) {
    const wanted = Math.max(0, hunk.oldCount === 0 ? hunk.oldStart : hunk.oldStart - 1);
    const growth = result.length - done;
    const place = findPlace(lines, hunk, { from: done, guess: wanted + drift, fuzz, plain });
    if (!place) {
      outcomes.push({ kind: 'failed', line: hunk.newStart + (hunk.newCount === 0 ? 1 : 0) + drift });
      continue;
    }
    drift = place.at - place.skipped - wanted;
    append(result, lines.slice(done, place.at));
    let at = place.at;
    for (const { mark, text } of place.lines) {
      if (mark === '+') result.push(text);
      else {
        // What is there stays as it is: it may differ in white space.
        if (mark === ' ') result.push(lines[at] ?? text);
        at += 1;
      }
    }
    done = at;
    outcomes.push({ kind: 'applied', line: place.at - place.skipped + growth + 1, offset: drift, fuzz: place.fuzz });
  }
  append(result, lines.slice(done));
  return { lines: result, outcomes };
}

interface Place {
  at: number;
  fuzz: number;
  /** Lines of context at the start that were left out. */
  skipped: number;
  lines: readonly PatchLine[];
}

interface Where {
  from: number;
  guess: number;
  fuzz: number;
  plain: (text: string) => string;
}

function findPlace(lines: readonly string[], hunk: Hunk, { from, guess, fuzz, plain }: Where): Place | undefined {
  const leading = countContext(hunk.lines);
  const trailing = countContext([...hunk.lines].reverse());
  const most = Math.max(leading, trailing);
  for (let level = 0; level <= Math.min(fuzz, most); level += 1) {
    // The longer end loses first: a hunk at the start of a file has less context there.
    const skipped = Math.max(0, level - (most - leading));
    const dropped = Math.max(0, level - (most - trailing));
    const kept = hunk.lines.slice(skipped, hunk.lines.length - dropped);
    const old = kept.filter(({ mark }) => mark !== '+').map(({ text }) => plain(text));
    const matches = (at: number) =>
      at >= from &&
      at + old.length <= lines.length &&
      old.every((text, index) => plain(lines[at + index] ?? '') === text);
    const start = guess + skipped;
    if (hunk.oldCount === 0)
      return start <= lines.length && start >= from ? { at: start, fuzz: level, skipped, lines: kept } : undefined;
    // Less context at one end than at the other means that the file begins or ends there.
    const anchors = [
      ...(level < most - leading ? [0] : []),
      ...(level < most - trailing ? [lines.length - old.length] : []),
    ];
    const [anchor] = anchors;
    if (anchor !== undefined) {
      if (anchors.every((place) => place === anchor) && matches(anchor))
        return { at: anchor, fuzz: level, skipped, lines: kept };
      continue;
    }
    for (let distance = 0; distance <= lines.length; distance += 1) {
      if (matches(start + distance)) return { at: start + distance, fuzz: level, skipped, lines: kept };
      if (distance > 0 && matches(start - distance)) return { at: start - distance, fuzz: level, skipped, lines: kept };
    }
  }
  return undefined;
}

function countContext(lines: readonly PatchLine[]): number {
  const first = lines.findIndex(({ mark }) => mark !== ' ');
  return first === -1 ? lines.length : first;
}
