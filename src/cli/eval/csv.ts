type Cell = string | number | boolean | null;

/** A spreadsheet would take a text that begins so for a formula. */
const FORMULA = /^[=+\-@\t\r]/;

/** RFC 4180, with the names of the columns first. null is an empty cell. */
export function toCsv(rows: readonly Readonly<Record<string, Cell>>[]): string {
  const [first] = rows;
  if (!first) return '';
  const columns = Object.keys(first);
  const lines = rows.map((row) => columns.map((column) => quote(row[column] ?? null)));
  return [columns.map(quote), ...lines].map((line) => `${line.join(',')}\r\n`).join('');
}

function quote(cell: Cell): string {
  if (typeof cell !== 'string') return cell === null ? '' : String(cell);
  const text = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
