/** `lineOffset` and `columnOffset`: where the caller says that the source stands in its file. */
import { lineAt } from '../modules/lines.ts';

export interface Shift {
  /** Lines before it, and characters before its first line. */
  lines: number;
  columns: number;
}

/** Beyond this an offset is a number to play with, not a place in a file. */
const LARGEST_OFFSET = 1_000_000;

/** No numbers, and negative ones, are none. */
export function shiftBy(lines: unknown, columns: unknown): Shift {
  const count = (value: unknown) => (typeof value === 'number' && value > 0 && value <= LARGEST_OFFSET ? value : 0);
  return { lines: count(lines), columns: count(columns) };
}

/** The source at its place: blank lines and columns before it. */
export const shifted = (source: string, { lines, columns }: Shift): string =>
  '\n'.repeat(lines) + ' '.repeat(columns) + source;

/** The line of the shifted source that is marked, as the caller wrote it, and the mark in that. */
export function unshifted<Mark extends { line: number; column: number }>(
  source: string,
  mark: Mark,
  { lines, columns }: Shift,
): [line: string, mark: Mark] {
  const line = lineAt(source, mark.line) ?? '';
  const before = mark.line === lines ? columns : 0;
  return [line.slice(before), { ...mark, column: Math.max(0, mark.column - before) }];
}
