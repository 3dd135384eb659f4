/** Lines of a source as V8 counts them: https://tc39.es/ecma262/#sec-line-terminators. */

const LINE_TERMINATOR = /\r\n|[\n\r\u2028\u2029]/g;

/** The lines without what ends them. */
export const linesOf = (source: string): string[] => source.split(LINE_TERMINATOR);

/** One line, counted from 0; undefined behind the last. */
export const lineAt = (source: string, line: number): string | undefined => linesOf(source)[line];

/** The offsets at which lines start. */
export function lineStarts(source: string): number[] {
  const starts = [0];
  for (const { 0: end, index } of source.matchAll(LINE_TERMINATOR)) starts.push(index + end.length);
  return starts;
}
