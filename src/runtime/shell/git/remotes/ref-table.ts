/** The lines in which fetch and push tell what became of each ref. */

export interface RefRow {
  /** ` `, `*`, `+`, `-`, `=`, `!`. */
  mark: string;
  /** `1234567..89abcde`, `[new branch]`. */
  summary: string;
  from: string;
  to: string;
  note?: string | undefined;
}

const SUMMARY_WIDTH = 17;
const NARROWEST = 10;
const LINE = 80;

/** The rows of a fetch, their names below one another. */
export function fetchTable(rows: readonly RefRow[]): string {
  const counted = rows.filter(({ from, to }) => to !== 'FETCH_HEAD' && 21 + from.length + 4 + to.length < LINE);
  const width = Math.max(NARROWEST, ...counted.map(({ from }) => from.length));
  return rows.map((row) => line(row, `${row.from.padEnd(width)} -> ${row.to}`, '  ')).join('');
}

export function pushTable(rows: readonly RefRow[]): string {
  return rows.map((row) => line(row, row.from === '' ? row.to : `${row.from} -> ${row.to}`, ' ')).join('');
}

const line = ({ mark, summary, note }: RefRow, names: string, gap: string) =>
  ` ${mark} ${summary.padEnd(SUMMARY_WIDTH)} ${names}${note === undefined ? '' : `${gap}(${note})`}\n`;

/** What a new ref is called. */
export function newKind(ref: string): string {
  if (ref.startsWith('refs/heads/')) return '[new branch]';
  return ref.startsWith('refs/tags/') ? '[new tag]' : '[new reference]';
}

/** What a move is called: whether it loses commits tells the number of dots. */
export function movedBy(before: string, after: string, forced: boolean): string {
  return `${before.slice(0, 7)}${forced ? '...' : '..'}${after.slice(0, 7)}`;
}
