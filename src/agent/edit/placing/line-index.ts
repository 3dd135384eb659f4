import { foldPunctuation } from '../drift/punctuation.ts';
import type { SourceText } from '../source-text.ts';

/** Where each line of a file stands, by what is left of it without indentation, blanks at its end and fine punctuation. */
export interface LineIndex {
  readonly source: SourceText;
  readonly keys: readonly string[];
  readonly places: ReadonlyMap<string, readonly number[]>;
}

export const keyOf = (line: string): string => foldPunctuation(line).trim();

export function indexLines(source: SourceText): LineIndex {
  const keys = source.lines.map(keyOf);
  const places = new Map<string, number[]>();
  for (const [at, key] of keys.entries()) {
    const known = places.get(key);
    if (known) known.push(at);
    else places.set(key, [at]);
  }
  return { source, keys, places };
}

/** Places that are looked at; of so many none is certain. */
export const MOST_RUNS = 50;

/** Every place (up to a number, `stated` before all others) where these keys stand one below the other. */
export function findRuns(index: LineIndex, wanted: readonly string[], stated?: number): number[] {
  const rarest = rarestOf(index, wanted);
  if (rarest === null) return [];
  const starts: number[] = [];
  const isRun = (start: number) => wanted.every((key, offset) => index.keys[start + offset] === key);
  if (stated !== undefined && rarest.places.length > MOST_RUNS && isRun(stated)) starts.push(stated);
  for (const place of rarest.places) {
    const start = place - rarest.at;
    if (start < 0 || start + wanted.length > index.keys.length) continue;
    if (start !== starts[0] && isRun(start)) starts.push(start);
    if (starts.length === MOST_RUNS) break;
  }
  return starts;
}

/** The wanted line that has the fewest places; null when one has none. */
function rarestOf(
  index: LineIndex,
  wanted: readonly string[],
): { readonly at: number; readonly places: readonly number[] } | null {
  let rarest: { at: number; places: readonly number[] } | null = null;
  for (const [at, key] of wanted.entries()) {
    const places = index.places.get(key);
    if (!places) return null;
    if (!rarest || places.length < rarest.places.length) rarest = { at, places };
  }
  return rarest;
}
