/** What whoever writes a diff by heart gets wrong, beyond numbers and white space. */
import type { StructuredPatchHunk } from 'diff';
import { type Damage, isContext, meant, recount, write } from './damaged.ts';
import type { Random } from './random.ts';
import { hunksOf } from './render.ts';

interface Spot {
  readonly hunk: number;
  readonly line: number;
}

type Wanted = (lines: readonly string[], at: number) => boolean;

/** A line that is wanted, of any hunk; null when there is none. */
function pickSpot(hunks: readonly StructuredPatchHunk[], random: Random, isWanted: Wanted): Spot | null {
  const spots = hunks.flatMap(({ lines }, hunk) =>
    lines.flatMap((_, line) => (isWanted(lines, line) ? [{ hunk, line }] : [])),
  );
  return spots.length === 0 ? null : random.pick(spots);
}

/** `count` lines at the spot give way to others; the header counts what is there then. */
function replaceAt(
  hunks: readonly StructuredPatchHunk[],
  { hunk, line }: Spot,
  { count, by }: { readonly count: number; readonly by: readonly string[] },
): StructuredPatchHunk[] {
  return hunks.map((one, at) =>
    at === hunk ? recount({ ...one, lines: one.lines.toSpliced(line, count, ...by) }) : one,
  );
}

/** The lines at a spot altered; what is meant stays, or (null) nobody can tell it. */
const slip =
  (
    isWanted: Wanted,
    count: number,
    alter: (lines: readonly string[]) => readonly string[],
    isTellable = true,
  ): Damage =>
  (change, random) => {
    const hunks = hunksOf(change);
    const spot = pickSpot(hunks, random, isWanted);
    if (!spot) return null;
    const old = hunks[spot.hunk]?.lines.slice(spot.line, spot.line + count) ?? [];
    const damaged = meant(change, write(change, replaceAt(hunks, spot, { count, by: alter(old) })));
    return isTellable ? damaged : { ...damaged, after: null };
  };

const areContext: Wanted = (lines, at) => isContext(lines[at]) && isContext(lines[at + 1]);
const isInside = (lines: readonly string[], at: number) => at > 0 && at < lines.length - 1;

export const SLIPS: Readonly<Record<string, Damage>> = {
  'two context lines swapped': slip(
    (lines, at) => areContext(lines, at) && lines[at]?.trim() !== lines[at + 1]?.trim(),
    2,
    (lines) => lines.toReversed(),
  ),
  'a context line twice': slip(
    (lines, at) => isContext(lines[at]),
    1,
    (lines) => [...lines, ...lines],
  ),
  'context left out, and said so': slip(areContext, 2, ([line = ' ']) => [
    `${/^ [ \t]*/.exec(line)?.[0] ?? ' '}// ... existing code ...`,
  ]),
  'a removed line left out': slip(
    (lines, at) => lines[at]?.startsWith('-') === true && isInside(lines, at) && areContextAround(lines, at),
    1,
    () => [],
    false,
  ),
  reversed: (change) => ({
    text: write(
      { ...change, before: change.after, after: change.before },
      hunksOf({ ...change, before: change.after, after: change.before }),
    ),
    before: change.before,
    after: null,
  }),
  'hunks merged': (change) => {
    const [first, second, ...others] = hunksOf(change);
    if (!first || !second) return null;
    return meant(change, write(change, [recount({ ...first, lines: [...first.lines, ...second.lines] }), ...others]));
  },
  'line endings change half way': (change) => {
    if (change.before.includes('\r') || change.after.includes('\r')) return null;
    const lines = write(change, hunksOf(change)).split('\n');
    return meant(
      change,
      lines.map((line, at) => (at > lines.length / 2 && /^[ +-]/.test(line) ? `${line}\r` : line)).join('\n'),
    );
  },
};

/** Context above and below the lines that go and come around this one. */
function areContextAround(lines: readonly string[], at: number): boolean {
  return lines.slice(0, at).some(isContext) && lines.slice(at + 1).some(isContext);
}
