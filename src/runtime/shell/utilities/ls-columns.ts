/** The names of files, as `ls` sets them on a line. */
import { everyNth, greatest } from '../../kernel/large-lists.ts';

const LEAST_COLUMN = 3;
const GAP = 2;
const TAB = 8;

/** Down columns of one width, one blank apart: how the reference for the client's interface shows a folder on a terminal. */
export function inEqualColumns(names: readonly string[], terminalWidth: number): string[] {
  const width =
    greatest(
      names.map((name) => name.length),
      0,
    ) + 1;
  const columns = Math.max(1, Math.floor((terminalWidth + 1) / width));
  const lines = Math.ceil(names.length / columns);
  return Array.from({ length: lines }, (_, line) => {
    return everyNth(names, line, lines)
      .map((name) => name.padEnd(width))
      .join('')
      .trimEnd();
  });
}

/** In as many columns as fit, each as wide as it must be: down the columns, or across. */
export function inColumns(names: readonly string[], width: number, across = false): string[] {
  const most = Math.max(1, Math.min(names.length, Math.floor(width / LEAST_COLUMN)));
  for (let columns = most; columns >= 1; columns -= 1) {
    const lines = Math.ceil(names.length / columns);
    const columnOf = (index: number) => (across ? index % columns : Math.floor(index / lines));
    const widths: number[] = Array.from({ length: columns }, () => 0);
    for (const [index, name] of names.entries()) {
      const column = columnOf(index);
      widths[column] = Math.max(widths[column] ?? 0, name.length + (column === columns - 1 ? 0 : GAP));
    }
    if (columns > 1 && widths.reduce((sum, each) => sum + each, 0) >= width) continue;
    return Array.from({ length: lines }, (_, line) =>
      lineOf(across ? names.slice(line * columns, (line + 1) * columns) : everyNth(names, line, lines), widths),
    );
  }
  return [...names];
}

/** The gaps are tabs as far as they go. */
function lineOf(names: readonly string[], widths: readonly number[]): string {
  let text = '';
  let start = 0;
  for (const [column, name] of names.entries()) {
    text += name;
    if (column === names.length - 1) break;
    let at = start + name.length;
    start += widths[column] ?? 0;
    while (at < start) {
      const tab = Math.floor(start / TAB) > Math.floor((at + 1) / TAB);
      text += tab ? '\t' : ' ';
      at += tab ? TAB - (at % TAB) : 1;
    }
  }
  return text;
}

/** All after each other, in lines that are not too long. */
export function withCommas(names: readonly string[], width: number): string[] {
  const lines: string[] = [''];
  for (const [index, name] of names.entries()) {
    const text = index === names.length - 1 ? name : `${name},`;
    const current = lines.at(-1) ?? '';
    if (current !== '' && current.length + 1 + text.length >= width + 1) lines.push(text);
    else lines[lines.length - 1] = current === '' ? text : `${current} ${text}`;
  }
  return lines[0] === '' ? [] : lines;
}
