/** New lines that only say that others go on as they were, in the place of lines that the edit takes away: "// ...", "// rest of the class". */
import { diffArrays } from 'diff';
import { Refusal } from '../refusal.ts';

const OPEN = String.raw`(?:\/\/|#|--|;+|%|\/\*+|<!--|\{\s*\/\*+|\*)`;
const CLOSE = String.raw`(?:\*+\/\s*\}?|-->)?`;
const DOTS = String.raw`(?:\.{3,}|…|⋮|⋯)`;
/** Dots, in a comment or not, or words between dots. */
const MARK = new RegExp(String.raw`^${OPEN}?\s*${DOTS}(?:[^.…'"\`(){};=]*${DOTS})?\s*${CLOSE}$`);
const BARE_DOTS = new RegExp(`^${DOTS}$`);
const COMMENT = new RegExp(`^${OPEN}`);
const PROSE = /\.(mdx?|markdown|rst|txt|adoc)$/i;
/** One of these says that something is left out … */
const TELLING =
  /^(unchanged|omitted|remain(s|ing|der)?|existing|rest|previous|same|snip(ped)?|truncated|skipped|elided|etc|other|others|original|unmodified|continues)$/;
/** … when nothing else is said. */
const FILLING =
  /^(a|all|and|are|as|above|before|below|body|brevity|case|cases|class|code|constructor|content|contents|everything|else|fields|file|for|from|function|functions|goes|here|implementation|implementations|import|imports|in|is|it|its|just|keep|kept|left|like|line|lines|logic|method|methods|module|no|not|change|changed|changes|of|part|parts|props|properties|section|stay|stays|stuff|tests|that|the|there|this|to|todo|up|was|were|with|your)$/;

type Kind = 'dots' | 'mark' | 'words';

/** What a trimmed line says of lines that are not there; null for any other line. */
function kindOf(line: string): Kind | null {
  if (line.length > 120) return null;
  if (BARE_DOTS.test(line)) return 'dots';
  if (MARK.test(line)) return 'mark';
  if (!COMMENT.test(line)) return null;
  const words = line.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? [];
  const says =
    words.some((word) => TELLING.test(word)) && words.every((word) => TELLING.test(word) || FILLING.test(word));
  return says ? 'words' : null;
}

/** A stretch of lines that changed; lines of nothing but brackets do not end it. */
interface Stretch {
  readonly removed: string[];
  readonly added: string[];
  /** Of the lines added, how many stood when the last kept line came. */
  touched: number[];
}

/** Throws Refusal. `path` tells prose, in which dots are text, and languages in which "..." is a statement. */
export function refuseLeftOut(before: string, after: string, path: string): void {
  const old = linesOf(before);
  const known = new Set(old);
  const now = linesOf(after);
  const marks = now.filter((line) => kindOf(line) !== null && !known.has(line));
  if (marks.length === 0 || PROSE.test(path)) return;
  const stretches = stretchesOf(old, now);
  // Where a line is changed into one that stands further below, what is left out seems to stand above it.
  const isShorter =
    countOf(stretches.flatMap(({ removed }) => removed)) > countOf(stretches.flatMap(({ added }) => added));
  for (const stretch of stretches) {
    const found = stretch.added.find((line, at) => !known.has(line) && standsFor(stretch, at, { path, isShorter }));
    if (found !== undefined)
      throw new Refusal(
        `the edit puts in "${found.slice(0, 80)}" where it takes lines away, as if it stood for them: write them all, or change only the lines that differ.`,
      );
  }
}

const linesOf = (text: string) => text.split('\n').map((line) => line.trim());
const isCode = (line: string) => /[\p{L}\p{N}]/u.test(line) && !COMMENT.test(line);

const countOf = (lines: readonly string[]) => lines.filter((line) => isCode(line) && kindOf(line) === null).length;

interface About {
  readonly path: string;
  /** The whole edit takes more lines away than it puts in. */
  readonly isShorter: boolean;
}

function standsFor({ removed, added, touched }: Stretch, at: number, { path, isShorter }: About): boolean {
  const kind = kindOf(added[at] ?? '');
  const gone = countOf(removed);
  if (kind === null) return false;
  if (kind === 'mark') return isShorter || gone > 0;
  const lost = gone - countOf(added);
  const isStub = /\.pyi?$/.test(path) && /[:"']$/.test(added.slice(0, at).findLast((line) => line !== '') ?? ':');
  if (kind === 'dots') return (isShorter || lost > 0) && !isStub;
  // A comment beside new code is about that code.
  const isBeside = touched.includes(at) || touched.includes(at + 1);
  return lost > 0 && isBeside;
}

/** Edits after which no line of the text is as it was are compared no further. */
const MOST_EDITS = 20_000;

function stretchesOf(old: readonly string[], now: readonly string[]): readonly Stretch[] {
  const fresh = (): Stretch => ({ removed: [], added: [], touched: [0] });
  const stretches: Stretch[] = [fresh()];
  const parts = diffArrays(old.filter(Boolean), now.filter(Boolean), { maxEditLength: MOST_EDITS }) ?? [];
  for (const { added, removed, value } of parts) {
    const last = stretches.at(-1) ?? fresh();
    if (removed) last.removed.push(...value);
    else if (added) last.added.push(...value);
    else {
      last.touched.push(last.added.length);
      if (value.some((line) => /[\p{L}\p{N}]/u.test(line))) stretches.push(fresh());
    }
  }
  const end = stretches.at(-1);
  end?.touched.push(end.added.length);
  return stretches;
}
