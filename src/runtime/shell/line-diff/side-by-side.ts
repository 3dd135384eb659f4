/** `diff -y`: both files beside each other, laid out with tabs as GNU diff does. */
import type { Change } from './hunks.ts';

const TAB = 8;
const LEAST_GUTTER = 3;

interface Sides {
  left: readonly string[];
  right: readonly string[];
  changes: readonly Change[];
  width: number;
  /** Leaves out lines that are the same. */
  differencesOnly: boolean;
}

export function sideBySide({ left, right, changes, width, differencesOnly }: Sides): string {
  const offset = Math.floor((width + TAB + LEAST_GUTTER) / (2 * TAB)) * TAB;
  const half = Math.max(0, Math.min(offset - LEAST_GUTTER, width - offset));
  const layout = { half, second: half > 0 ? offset : width };
  let text = '';
  let at = 0;
  const same = (end: number, shift: number) => {
    for (; at < end; at += 1) if (!differencesOnly) text += row(layout, left[at], ' ', right[at + shift]);
  };
  for (const change of changes) {
    same(change.left, change.right - change.left);
    const [old, fresh] = [left.slice(change.left, change.leftEnd), right.slice(change.right, change.rightEnd)];
    for (let i = 0; i < Math.max(old.length, fresh.length); i += 1) {
      const mark = i >= old.length ? '>' : i >= fresh.length ? '<' : '|';
      text += row(layout, old[i], mark, fresh[i]);
    }
    at = change.leftEnd;
  }
  const last = changes.at(-1);
  same(left.length, last ? last.rightEnd - last.leftEnd : 0);
  return text;
}

interface Layout {
  half: number;
  /** Column of the second file. */
  second: number;
}

function row({ half, second }: Layout, left: string | undefined, mark: string, right: string | undefined): string {
  let { text, column } = cut(left ?? '', half);
  if (mark !== ' ') {
    const place = Math.floor((half + second - 1) / 2);
    text += gap(column, place) + mark;
    column = place + 1;
  }
  const other = cut(right ?? '', half);
  if (other.text !== '') text += gap(column, second) + other.text;
  return `${text}\n`;
}

/** As much of a line as fits; its tabs are filled up with blanks. */
function cut(line: string, width: number): { text: string; column: number } {
  let text = '';
  for (const char of line.replace(/\n$/, '')) {
    const next = char === '\t' ? ' '.repeat(TAB - (text.length % TAB)) : char;
    if (text.length + next.length > width) break;
    text += next;
  }
  return { text, column: text.length };
}

/** From one column to another: tabs as far as they go. */
function gap(from: number, to: number): string {
  let text = '';
  let column = from;
  for (let tab = from + TAB - (from % TAB); tab <= to; tab += TAB) {
    text += '\t';
    column = tab;
  }
  return text + ' '.repeat(Math.max(0, to - column));
}
