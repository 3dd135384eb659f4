/** A file's text as lines that remember how each ended, so that what an edit does not name stays as it is, byte for byte. */

const BOM = '\uFEFF';

export interface SourceText {
  readonly text: string;
  /** Without line ends, and the first without a byte order mark. */
  readonly lines: readonly string[];
  /** '\n', '\r\n', or '' for a last line without one. A lone '\r' belongs to its line. */
  readonly ends: readonly string[];
  /** Offset in `text` of each line. */
  readonly starts: readonly number[];
}

/** No line at all for an empty text; no empty line after the final line break. */
export function readSource(text: string): SourceText {
  const lines: string[] = [];
  const ends: string[] = [];
  const starts: number[] = [];
  let start = text.startsWith(BOM) ? BOM.length : 0;
  while (start < text.length) {
    const found = text.indexOf('\n', start);
    const stop = found === -1 ? text.length : found;
    const isWindows = found > start && text[found - 1] === '\r';
    lines.push(text.slice(start, isWindows ? stop - 1 : stop));
    ends.push(found === -1 ? '' : isWindows ? '\r\n' : '\n');
    starts.push(start);
    start = found === -1 ? text.length : found + 1;
  }
  return { text, lines, ends, starts };
}

/** The line ending of what is put in before this line: the neighbour's above, else below, else the text's first. */
export function endingNear(source: SourceText, line: number): string {
  return source.ends[line - 1] || source.ends[line] || source.ends[0] || '\n';
}

/** Index of the line that holds this offset. */
export function lineAt(source: SourceText, offset: number): number {
  let low = 0;
  let high = source.starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((source.starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return Math.max(low, 0);
}

export const hasBom = (text: string): boolean => text.startsWith(BOM);
export const withBom = (text: string): string => `${BOM}${text}`;
export const withoutBom = (text: string): string => (hasBom(text) ? text.slice(BOM.length) : text);
