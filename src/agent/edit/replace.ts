/** The edit engine: exact replacements, each of which must match exactly once. */

export interface Replacement {
  readonly find: string;
  readonly replace: string;
}

export type EditResult = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly error: string };

interface Span {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Applies all replacements to the text as it was, or none: every `find` must occur exactly once and no two may overlap. */
export function replaceExactly(text: string, replacements: readonly Replacement[]): EditResult {
  if (replacements.length === 0) return { ok: false, error: 'No replacement was given.' };
  const spans: Span[] = [];
  for (const [index, replacement] of replacements.entries()) {
    const found = locate(text, replacement);
    if (typeof found === 'string') {
      const which = replacements.length > 1 ? `Replacement ${index + 1} of ${replacements.length}: ` : '';
      return { ok: false, error: `${which}${found} Nothing was changed.` };
    }
    spans.push(found);
  }
  spans.sort((a, b) => a.start - b.start);
  const overlap = spans.some((span, index) => span.start < (spans[index - 1]?.end ?? 0));
  if (overlap) return { ok: false, error: 'Two replacements overlap: join them into one. Nothing was changed.' };
  const parts: string[] = [];
  let position = 0;
  for (const span of spans) {
    parts.push(text.slice(position, span.start), span.text);
    position = span.end;
  }
  const edited = parts.join('') + text.slice(position);
  if (edited === text) return { ok: false, error: 'The replacement changes nothing: `find` and `replace` are equal.' };
  return { ok: true, text: edited };
}

/** The one place where `find` stands, or why there is not exactly one. */
function locate(text: string, replacement: Replacement): Span | string {
  const adapt = text.includes('\r\n') ? (part: string) => part.replace(/\r?\n/g, '\r\n') : (part: string) => part;
  const find = adapt(replacement.find);
  if (find === '') return '`find` is empty.';
  const starts: number[] = [];
  for (let at = text.indexOf(find); at !== -1; at = text.indexOf(find, at + 1)) starts.push(at);
  const [start] = starts;
  if (start === undefined) return `\`find\` does not occur in the file.${nearestLines(text, replacement.find)}`;
  if (starts.length > 1) {
    const lines = starts.slice(0, 10).map((at) => text.slice(0, at).split('\n').length);
    return `\`find\` occurs ${starts.length} times (lines ${lines.join(', ')}): add surrounding lines to make it unique.`;
  }
  return { start, end: start + find.length, text: adapt(replacement.replace) };
}

/** The lines most like the first line of what was looked for, with their numbers. */
function nearestLines(text: string, find: string): string {
  const wanted = find.split('\n').find((line) => line.trim() !== '') ?? '';
  const scored = text
    .split(/\r?\n/)
    .map((line, index) => ({ line, number: index + 1, score: similarity(line.trim(), wanted.trim()) }))
    .filter(({ score }) => score > 0.4)
    .sort((a, b) => b.score - a.score)
    .slice(0, 3);
  if (scored.length === 0) return ' No line resembles it: read the file again.';
  return ` The nearest lines are:\n${scored.map(({ line, number }) => `${number}: ${line}`).join('\n')}\n`;
}

/** Share of common letter pairs (Dice), 0 to 1. */
function similarity(a: string, b: string): number {
  const pairs = (text: string) => Array.from({ length: Math.max(0, text.length - 1) }, (_, i) => text.slice(i, i + 2));
  const left = pairs(a);
  const right = pairs(b);
  if (left.length + right.length === 0) return a === b ? 1 : 0;
  const bag = new Map<string, number>();
  for (const pair of left) bag.set(pair, (bag.get(pair) ?? 0) + 1);
  let common = 0;
  for (const pair of right) {
    const count = bag.get(pair) ?? 0;
    if (count > 0) {
      common += 1;
      bag.set(pair, count - 1);
    }
  }
  return (2 * common) / (left.length + right.length);
}
