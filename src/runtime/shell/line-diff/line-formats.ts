/** diff's `--old-line-format`, `--changed-group-format` and their like. */
import type { Change } from './hunks.ts';

/** Undefined where it was not given. */
export interface LineFormats {
  old: string | undefined;
  fresh: string | undefined;
  unchanged: string | undefined;
  changedGroup: string | undefined;
  unchangedGroup: string | undefined;
}

interface Sides {
  left: readonly string[];
  right: readonly string[];
  changes: readonly Change[];
}

/** All lines of both files, each in its format. */
export function inLineFormats({ left, right, changes }: Sides, formats: LineFormats): string {
  const lines = (texts: readonly string[], start: number, end: number, format = '%L') =>
    texts
      .slice(start, end)
      .map((line, index) => formatLine(format, line, start + index + 1))
      .join('');
  const group = (format: string | undefined, parts: Record<string, () => string>) =>
    (format ?? Object.keys(parts).join('')).replace(/%([<>=%])/g, (all, kind: string) =>
      kind === '%' ? '%' : (parts[`%${kind}`]?.() ?? all),
    );
  let text = '';
  let at = 0;
  const same = (end: number) => {
    if (end > at) text += group(formats.unchangedGroup, { '%=': () => lines(left, at, end, formats.unchanged) });
  };
  for (const change of changes) {
    same(change.left);
    text += group(formats.changedGroup, {
      '%<': () => lines(left, change.left, change.leftEnd, formats.old),
      '%>': () => lines(right, change.right, change.rightEnd, formats.fresh),
    });
    at = change.leftEnd;
  }
  same(left.length);
  return text;
}

function formatLine(format: string, line: string, number: number): string {
  return format.replace(/%(?:%|L|l|([-']?\d*)dn)/g, (all, width?: string) => {
    if (all === '%%') return '%';
    if (all === '%L') return line;
    if (all === '%l') return line.replace(/\n$/, '');
    const size = Math.abs(Number.parseInt(width ?? '', 10)) || 0;
    return width?.startsWith('-') ? String(number).padEnd(size) : String(number).padStart(size);
  });
}
