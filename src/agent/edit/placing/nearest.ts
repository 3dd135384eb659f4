import type { SourceText } from '../source-text.ts';
import { similarTo } from './similarity.ts';

const WIDTH = 160;
/** Lines of a region that are shown. */
const MOST = 12;
/** Lines of the file that are compared letter by letter; beyond it only equal lines count. */
const MOST_COMPARED = 5000;

/** The stretch of the file most like what was looked for, with its line numbers, and where the two differ first. */
export function describeNearest(source: SourceText, wanted: readonly string[]): string {
  const first = bestStart(source, wanted);
  if (first === null) return ' No line of the file resembles it: read the file again.';
  const start = Math.max(0, first);
  const end = Math.min(source.lines.length, first + wanted.length, start + MOST);
  const width = String(end).length;
  const rows = source.lines
    .slice(start, end)
    .map((line, index) => `${String(start + index + 1).padStart(width)}: ${shorten(line)}`);
  const differing = wanted.findIndex((line, index) => source.lines[first + index] !== line);
  const found = source.lines[first + differing];
  const note =
    differing === -1 || found === undefined
      ? ''
      : `\nLine ${first + differing + 1} is ${quote(found)} where the edit has ${quote(wanted[differing] ?? '')}.`;
  return ` The nearest lines are:\n${rows.join('\n')}${note}`;
}

const shorten = (line: string) => (line.length > WIDTH ? `${line.slice(0, WIDTH)}…` : line);
/** Shows what the eye does not see: tabs, spaces at the end, quotes that are not ASCII. */
const quote = (line: string) => JSON.stringify(shorten(line));

/** Index of the file's line where the first wanted line would stand; null when nothing resembles it. */
function bestStart(source: SourceText, wanted: readonly string[]): number | null {
  return votedStart(source, wanted) ?? similarStart(source, wanted);
}

/** Every wanted line votes for the starts that its equals speak for, the rarer the louder. */
function votedStart(source: SourceText, wanted: readonly string[]): number | null {
  const places = new Map<string, number[]>();
  for (const line of wanted) if (line.trim() !== '') places.set(line.trim(), []);
  for (const [index, line] of source.lines.entries()) places.get(line.trim())?.push(index);
  const votes = new Map<number, number>();
  for (const [index, line] of wanted.entries()) {
    const found = places.get(line.trim()) ?? [];
    if (found.length > 1000) continue;
    for (const place of found) votes.set(place - index, (votes.get(place - index) ?? 0) + 1 / found.length);
  }
  let best: number | null = null;
  for (const [start, weight] of votes) if (best === null || weight > (votes.get(best) ?? 0)) best = start;
  return best;
}

function similarStart(source: SourceText, wanted: readonly string[]): number | null {
  const index = wanted.findIndex((line) => line.trim() !== '');
  const line = wanted[index]?.trim();
  if (line === undefined) return null;
  let best: number | null = null;
  let most = 0.4;
  const compare = similarTo(line);
  for (const [place, candidate] of source.lines.slice(0, MOST_COMPARED).entries()) {
    const score = compare(candidate.trim(), most);
    if (score > most) [best, most] = [place - index, score];
  }
  return best;
}
