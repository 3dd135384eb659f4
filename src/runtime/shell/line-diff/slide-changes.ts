/**
 * Moves groups of changed lines to where a reader expects them. A group between equal lines can often be shifted ("a b a" with "b a" new
 * is the same as with "a b" new): it goes down as far as possible, or where the other side has a change too, or, as git does
 * since 2.14, to the best place by indentation and blank lines.
 */
import type { Changes } from './changed-lines.ts';

export interface SlideInput {
  left: readonly number[];
  right: readonly number[];
  /** For git's choice by indentation; absent: as GNU diff. */
  texts?: { left: readonly string[]; right: readonly string[] };
}

export function slideChanges(changes: Changes, { left, right, texts }: SlideInput): void {
  slideSide(
    { flags: changes.left, lines: left, texts: texts?.left },
    { flags: changes.right, lines: right, texts: undefined },
  );
  slideSide(
    { flags: changes.right, lines: right, texts: texts?.right },
    { flags: changes.left, lines: left, texts: undefined },
  );
}

interface Side {
  flags: Uint8Array;
  lines: readonly number[];
  texts: readonly string[] | undefined;
}

/** A run of changed lines; empty ones stand between each two lines that are equal on both sides. */
class Group {
  readonly #side: Side;
  start = 0;
  end = 0;

  constructor(side: Side) {
    this.#side = side;
    this.#extend();
  }

  #extend(): void {
    while (this.#side.flags[this.end]) this.end += 1;
  }

  get empty(): boolean {
    return this.start === this.end;
  }

  next(): boolean {
    if (this.end === this.#side.lines.length) return false;
    this.start = this.end + 1;
    this.end = this.start;
    this.#extend();
    return true;
  }

  previous(): boolean {
    if (this.start === 0) return false;
    this.end = this.start - 1;
    this.start = this.end;
    while (this.start > 0 && this.#side.flags[this.start - 1]) this.start -= 1;
    return true;
  }

  slideDown(): boolean {
    const { flags, lines } = this.#side;
    if (this.end >= lines.length || lines[this.start] !== lines[this.end]) return false;
    flags[this.start++] = 0;
    flags[this.end++] = 1;
    this.#extend();
    return true;
  }

  slideUp(): boolean {
    const { flags, lines } = this.#side;
    if (this.start === 0 || lines[this.start - 1] !== lines[this.end - 1]) return false;
    flags[--this.start] = 1;
    flags[--this.end] = 0;
    while (this.start > 0 && flags[this.start - 1]) this.start -= 1;
    return true;
  }
}

const MOST_SLIDING = 100;

function slideSide(side: Side, otherSide: Side): void {
  const group = new Group(side);
  const other = new Group(otherSide);
  do {
    if (!group.empty) placeGroup(group, other, side);
    other.next();
  } while (group.next());
}

function placeGroup(group: Group, other: Group, side: Side): void {
  let size: number;
  let earliest: number;
  let beside: number;
  do {
    size = group.end - group.start;
    beside = -1;
    while (group.slideUp()) other.previous();
    earliest = group.end;
    if (!other.empty) beside = group.end;
    while (group.slideDown()) {
      other.next();
      if (!other.empty) beside = group.end;
    }
    // Sliding may have joined it with another group.
  } while (size !== group.end - group.start);
  if (group.end === earliest) return;
  const up = () => {
    group.slideUp();
    other.previous();
  };
  if (beside !== -1) while (other.empty) up();
  else if (side.texts) {
    const best = bestEnd(side.texts, { size, earliest, end: group.end });
    while (group.end > best) up();
  }
}

function bestEnd(
  texts: readonly string[],
  { size, earliest, end }: { size: number; earliest: number; end: number },
): number {
  let best: { end: number; score: Score } | undefined;
  for (let at = Math.max(earliest, end - size - 1, end - MOST_SLIDING); at <= end; at += 1) {
    const score: Score = { indent: 0, penalty: 0 };
    addSplit(texts, at, score);
    addSplit(texts, at - size, score);
    if (!best || compareScores(score, best.score) <= 0) best = { end: at, score };
  }
  return best?.end ?? end;
}

interface Score {
  indent: number;
  penalty: number;
}

/** Weights of git's indent heuristic, found there by trying many on real changes. */
const WEIGHT = {
  startOfFile: 1,
  endOfFile: 21,
  blanks: -30,
  blanksAfter: 6,
  indented: -4,
  indentedAfterBlank: 10,
  outdented: 24,
  outdentedAfterBlank: 17,
  dedented: 23,
  dedentedAfterBlank: 17,
  indentation: 60,
};

function compareScores(a: Score, b: Score): number {
  return WEIGHT.indentation * Math.sign(a.indent - b.indent) + (a.penalty - b.penalty);
}

const MOST_INDENT = 200;
const MOST_BLANKS = 20;
const TAB = 8;

/** -1 for a blank line. */
function indentOf(text: string | undefined): number {
  let indent = 0;
  for (const char of text ?? '') {
    if (char === ' ') indent += 1;
    else if (char === '\t') indent += TAB - (indent % TAB);
    else if (!/\s/.test(char)) return indent;
    if (indent >= MOST_INDENT) return MOST_INDENT;
  }
  return -1;
}

/** The next line that is not blank, from `at` in the direction of `step`. */
function lookFrom(texts: readonly string[], at: number, step: 1 | -1): { indent: number; blanks: number } {
  let blanks = 0;
  for (let i = at; i >= 0 && i < texts.length; i += step) {
    const indent = indentOf(texts[i]);
    if (indent !== -1) return { indent, blanks };
    blanks += 1;
    if (blanks === MOST_BLANKS) return { indent: 0, blanks };
  }
  return { indent: -1, blanks };
}

/** Adds how bad it is to split the text in front of line `at`. */
function addSplit(texts: readonly string[], at: number, score: Score): void {
  const atEnd = at >= texts.length;
  const here = atEnd ? -1 : indentOf(texts[at]);
  const before = lookFrom(texts, at - 1, -1);
  const after = lookFrom(texts, at + 1, 1);
  if (before.indent === -1 && before.blanks === 0) score.penalty += WEIGHT.startOfFile;
  if (atEnd) score.penalty += WEIGHT.endOfFile;
  const blanksAfter = here === -1 ? 1 + after.blanks : 0;
  const blanks = before.blanks + blanksAfter;
  score.penalty += WEIGHT.blanks * blanks + WEIGHT.blanksAfter * blanksAfter;
  const indent = here === -1 ? after.indent : here;
  score.indent += indent;
  if (indent === -1 || before.indent === -1 || indent === before.indent) return;
  if (indent > before.indent) score.penalty += blanks > 0 ? WEIGHT.indentedAfterBlank : WEIGHT.indented;
  else if (after.indent !== -1 && after.indent > indent) {
    score.penalty += blanks > 0 ? WEIGHT.outdentedAfterBlank : WEIGHT.outdented;
  } else score.penalty += blanks > 0 ? WEIGHT.dedentedAfterBlank : WEIGHT.dedented;
}
