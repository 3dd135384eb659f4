import type { Edit } from '../../process/modules/transform/edits.ts';

/** One replacement of one text in one module. */
export interface Patch {
  id: string;
  find: string;
  replace: string;
  /** How often `find` must occur; once when absent. */
  times?: number;
  /** A call in the replacement, and the word of `find` whose place it has in stacks. */
  calls?: { text: string; instead: string };
}

/** A patch keeps the lines of a module. */
export const onOneLine = (statements: string): string => statements.replaceAll(/\n\s*/g, ' ');

/**
 * The edits of every patch, by module. Throws when a text is not found as often as expected: then Node has changed, and
 * the patch must be looked at again.
 */
export function patchEdits(sources: Readonly<Record<string, string>>, patches: readonly Patch[]): Map<string, Edit[]> {
  const edits = new Map<string, Edit[]>();
  for (const patch of patches) {
    const source = sources[patch.id];
    if (source === undefined) throw new Error(`Patching Node's library: it has no module ${patch.id}.`);
    edits.set(patch.id, [...(edits.get(patch.id) ?? []), ...editsOf(source, patch)]);
  }
  return edits;
}

function editsOf(source: string, { id, find, replace, times = 1, calls }: Patch): Edit[] {
  const changes = lineEdits(find, replace);
  if (changes === null) throw new Error(`Patching Node's library: other lines than ${JSON.stringify(find)} in ${id}.`);
  const edits: Edit[] = [];
  let found = 0;
  for (let at = source.indexOf(find); at >= 0; at = source.indexOf(find, at + find.length)) {
    found++;
    for (const { start, end, text } of changes) {
      const edit = { start: at + start, end: at + end, text };
      const place = calls ? text.indexOf(calls.text) : -1;
      const mark = calls && place >= 0 && { at: place, original: at + find.indexOf(calls.instead) };
      edits.push(mark ? { ...edit, mark } : edit);
    }
  }
  if (found !== times) {
    throw new Error(`Patching Node's library: expected ${times} of ${JSON.stringify(find)} in ${id}, found ${found}.`);
  }
  return edits;
}

/**
 * Line by line only what differs: what the lines share at their ends keeps its place, and each line its number. Null when the texts
 * have not as many lines.
 */
function lineEdits(find: string, replace: string): Edit[] | null {
  const lines = find.split('\n');
  const others = replace.split('\n');
  if (lines.length !== others.length) return null;
  const edits: Edit[] = [];
  let at = 0;
  for (const [index, line] of lines.entries()) {
    const other = others[index] ?? '';
    const shorter = Math.min(line.length, other.length);
    let head = 0;
    while (head < shorter && line[head] === other[head]) head++;
    let tail = 0;
    while (tail < shorter - head && line.at(-1 - tail) === other.at(-1 - tail)) tail++;
    if (line !== other) {
      edits.push({ start: at + head, end: at + line.length - tail, text: other.slice(head, other.length - tail) });
    }
    at += line.length + 1;
  }
  return edits;
}
