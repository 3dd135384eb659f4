import type * as acorn from 'acorn';

/**
 * Empties the lines that hold nothing but comments, and drops blanks at the ends of such lines: every other character
 * keeps its line and column, and a line of code that is shown in an error message is still Node's own.
 */
export function blankComments(source: string, comments: readonly acorn.Comment[]): string {
  const lines = source.split('\n');
  const starts = lineStarts(lines);
  const covered = new Map<number, string>();
  for (const comment of comments) {
    for (let index = lineAt(starts, comment.start); index < lines.length; index++) {
      const start = starts[index] ?? 0;
      if (start >= comment.end) break;
      const line = covered.get(index) ?? lines[index] ?? '';
      const from = Math.max(0, comment.start - start);
      const to = Math.min(line.length, comment.end - start);
      covered.set(index, line.slice(0, from) + ' '.repeat(Math.max(0, to - from)) + line.slice(to));
    }
  }
  for (const [index, line] of covered) if (line.trim() === '') lines[index] = '';
  return lines.join('\n');
}

function lineStarts(lines: readonly string[]): number[] {
  const starts: number[] = [];
  let offset = 0;
  for (const line of lines) {
    starts.push(offset);
    offset += line.length + 1;
  }
  return starts;
}

/** Index of the line that holds the offset. */
function lineAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
