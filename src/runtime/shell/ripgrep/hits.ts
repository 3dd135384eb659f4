/** Where an expression matches in a text, by lines. */

export interface Hit {
  /** From 0; of several lines where a match spans them. */
  first: number;
  last: number;
  /** Places in the text of these lines. */
  matches: { start: number; end: number; found: RegExpExecArray }[];
}

export interface SearchedText {
  lines: readonly string[];
  /** Where each line starts. */
  starts: readonly number[];
  hits: readonly Hit[];
}

export interface Search {
  expression: RegExp;
  inverted: boolean;
  multiline: boolean;
  /** At most so many lines that match. */
  limit: number;
  /** A text that this does not match has no line that the expression matches. */
  prefilter?: RegExp;
}

/** Undefined where nothing of the text needs to be looked at. */
export function searchText(text: string, search: Search): SearchedText | undefined {
  if (search.prefilter && !search.prefilter.test(text)) return undefined;
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const starts: number[] = [];
  let offset = 0;
  for (const line of lines) {
    starts.push(offset);
    offset += line.length + 1;
  }
  return { lines, starts, hits: search.multiline ? acrossLines(text, starts, search) : byLine(lines, search) };
}

function byLine(lines: readonly string[], { expression, inverted, limit }: Search): Hit[] {
  const hits: Hit[] = [];
  for (const [index, line] of lines.entries()) {
    if (hits.length >= limit) break;
    const matches = inverted ? [] : [...line.matchAll(expression)].map(placed);
    expression.lastIndex = 0;
    if (inverted ? !expression.test(line) : matches.length > 0) hits.push({ first: index, last: index, matches });
  }
  return hits;
}

const placed = (found: RegExpExecArray) => ({ start: found.index, end: found.index + found[0].length, found });

function acrossLines(text: string, starts: readonly number[], { expression, inverted, limit }: Search): Hit[] {
  const hits: Hit[] = [];
  let line = 0;
  for (const found of text.matchAll(expression)) {
    if (found.index === text.length && text.length > 0 && found[0] === '') break;
    while ((starts[line + 1] ?? Infinity) <= found.index) line += 1;
    let last = line;
    while ((starts[last + 1] ?? Infinity) < found.index + found[0].length) last += 1;
    const before = hits.at(-1);
    const joined = before && line <= before.last;
    if (!joined && hits.length >= limit) break;
    const hit = joined ? before : { first: line, last, matches: [] };
    const base = starts[hit.first] ?? 0;
    hit.last = Math.max(hit.last, last);
    hit.matches.push({ start: found.index - base, end: found.index + found[0].length - base, found });
    if (!joined) hits.push(hit);
  }
  if (!inverted) return hits;
  const matched = new Set(hits.flatMap(({ first, last }) => range(first, last)));
  return range(0, starts.length - 1)
    .filter((index) => !matched.has(index))
    .map((index) => ({ first: index, last: index, matches: [] }))
    .slice(0, limit);
}

const range = (first: number, last: number): number[] =>
  Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
