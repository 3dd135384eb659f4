/** Textual edits of a source, with the map from what they give back to the source. */

/** Replaces `start`…`end` of the source by `text`. */
export interface Edit {
  start: number;
  end: number;
  text: string;
  /** The character behind the replacement belongs to the replaced text (the `(` of a call, whose position is its callee's). */
  callee?: boolean;
  /** A place inside `text` whose position is that of another place of the source. */
  mark?: { at: number; original: number };
}

export interface Edited {
  code: string;
  /** Flat pairs: offset in `code`, offset in the source; ascending. */
  segments: number[];
}

export const insertion = (at: number, text: string): Edit => ({ start: at, end: at, text });

/** Applies edits that do not overlap; those at the same place apply in their order in the array. */
export function applyEdits(source: string, edits: readonly Edit[]): Edited {
  const sorted = edits.slice().sort((a, b) => a.start - b.start || a.end - b.end);
  const segments = [0, 0];
  const parts: string[] = [];
  let position = 0;
  let length = 0;
  for (const { start, end, text, callee, mark } of sorted) {
    parts.push(source.slice(position, start), text);
    length += start - position;
    segments.push(length, start);
    if (mark) segments.push(length + mark.at, mark.original);
    length += text.length;
    if (callee) segments.push(length, start, length + 1, end + 1);
    else segments.push(length, end);
    position = end;
  }
  parts.push(source.slice(position));
  return { code: parts.join(''), segments };
}

/** The same text between a prefix and a suffix. */
export function wrapEdited({ code, segments }: Edited, prefix: string, suffix: string): Edited {
  const shifted = segments.slice();
  for (let i = 0; i < shifted.length; i += 2) shifted[i] = (shifted[i] ?? 0) + prefix.length;
  return { code: prefix + code + suffix, segments: shifted };
}

/** The original offset of a compiled one; `segments` are flat pairs (compiled, original), ascending. */
export function originalOffset(segments: readonly number[], offset: number): number {
  let low = 0;
  let high = segments.length / 2 - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((segments[2 * middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  const base = segments[2 * low + 1] ?? 0;
  const mapped = base + Math.max(0, offset - (segments[2 * low] ?? 0));
  // Inside inserted text there is no further to go than where the source continues; a mark may lie beyond that.
  return Math.max(base, Math.min(mapped, segments[2 * low + 3] ?? mapped));
}
