/** Changes as commands for ed (`diff -e`) and in the form of RCS (`diff -n`). */
import type { Change } from './hunks.ts';

const body = (lines: readonly string[]) => lines.map((line) => (line.endsWith('\n') ? line : `${line}\n`)).join('');

/** From the end of the file, so that the numbers of the lines before stay right. */
export function edScript(changes: readonly Change[], right: readonly string[]): string {
  return changes
    .map(({ left, leftEnd, right: start, rightEnd }) => {
      const range = leftEnd - left === 1 ? String(leftEnd) : `${left + 1},${leftEnd}`;
      if (start === rightEnd) return `${range}d\n`;
      return `${left === leftEnd ? `${left}a` : `${range}c`}\n${body(right.slice(start, rightEnd))}.\n`;
    })
    .reverse()
    .join('');
}

export function rcsScript(changes: readonly Change[], right: readonly string[]): string {
  return changes
    .map(({ left, leftEnd, right: start, rightEnd }) => {
      const removed = left === leftEnd ? '' : `d${left + 1} ${leftEnd - left}\n`;
      const added =
        start === rightEnd ? '' : `a${leftEnd} ${rightEnd - start}\n${right.slice(start, rightEnd).join('')}`;
      return removed + added;
    })
    .join('');
}
