/** pr: texts in pages with headers, in columns, or beside each other. */

import { describeError, errorCode } from '../errors.ts';
import type { Utility, UtilityContext } from '../utility.ts';
import { readWholeText } from './inputs.ts';
import { lastValue, type Options, parseOptions } from './options.ts';
import { strftime, zoneOf } from './strftime.ts';
import { wrongUse } from './wrong-use.ts';

const WIDTH = 72;
const PAGE = 66;
/** Lines of a header, and of what is left free below. */
const MARGIN = 5;
const TAB = 8;
const NUMBER = 5;

interface Layout {
  columns: number;
  width: number;
  /** Lines of text a page. */
  lines: number;
  /** Without headers. */
  plain: boolean;
  /** Between columns, which then keep their own width. */
  separator: string | undefined;
  numbered: string | undefined;
  across: boolean;
  doubled: boolean;
  indent: string;
}

interface Text {
  title: string;
  timeMs: number;
  lines: string[];
}

export const pr: Utility = async (context) => {
  const args = context.args.map((arg) =>
    arg.replace(/^-(\d+)(.*)$/s, '--columns=$1$2').replace(/^-([sn])$/, '--default-$1'),
  );
  const options = parseOptions(args, {
    short: 'tTmadfFrl:w:W:h:s:n:o:D:',
    long: {
      'columns=': 'columns',
      'omit-header': 't',
      'omit-pagination': 'T',
      merge: 'm',
      across: 'a',
      'double-space': 'd',
      'form-feed': 'F',
      'no-file-warnings': 'r',
      'length=': 'l',
      'width=': 'w',
      'page-width=': 'W',
      'header=': 'h',
      'separator=': 's',
      'number-lines': 'default-n',
      'number-lines=': 'n',
      'indent=': 'o',
      'date-format=': 'D',
      'default-s': 'default-s',
      'default-n': 'default-n',
    },
  });
  if (options.problem) return await wrongUse(context, options.problem);
  const texts: Text[] = [];
  let status = 0;
  for (const name of options.operands.length > 0 ? options.operands : ['-']) {
    const text = await readText(context, name, options);
    if (text) texts.push(text);
    else status = 1;
  }
  const merged = options.flags.has('m');
  const layout = layoutOf(options, merged ? texts.length : Number(lastValue(options, 'columns') ?? '1'));
  const [first] = texts;
  if (merged && first)
    await print(context, { text: { ...first, title: lastValue(options, 'h') ?? '' }, layout, beside: texts });
  else for (const text of texts) await print(context, { text, layout });
  return status;
};

async function readText(context: UtilityContext, name: string, options: Options): Promise<Text | undefined> {
  try {
    const text = await readWholeText(context, name);
    const stat = name === '-' ? null : context.sys.call('statOrNull', context.resolve(name), true);
    const lines = text.split('\n');
    if (lines.at(-1) === '') lines.pop();
    const title = lastValue(options, 'h') ?? (name === '-' ? '' : name);
    return { title, timeMs: stat?.mtimeMs ?? Date.now(), lines };
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    if (!options.flags.has('r')) await context.complain(`${name}: ${describeError(error)}`);
    return undefined;
  }
}

function layoutOf(options: Options, columns: number): Layout {
  const has = (flag: string) => options.flags.has(flag);
  const page = Number(lastValue(options, 'l') ?? PAGE);
  const plain = has('t') || has('T') || page <= 2 * MARGIN;
  const numbered = has('n') || has('default-n') ? (/^\D/.exec(lastValue(options, 'n') ?? '')?.[0] ?? '\t') : undefined;
  return {
    columns,
    width: Number(lastValue(options, 'W') ?? lastValue(options, 'w') ?? WIDTH),
    lines: plain ? page : page - 2 * MARGIN,
    plain,
    separator: has('s') || has('default-s') ? (lastValue(options, 's') ?? '\t') : undefined,
    numbered,
    across: has('a'),
    doubled: has('d'),
    indent: ' '.repeat(Number(lastValue(options, 'o') ?? '0')),
  };
}

async function print(
  context: UtilityContext,
  { text, layout, beside }: { text: Text; layout: Layout; beside?: readonly Text[] },
): Promise<void> {
  const { plain, columns, numbered, doubled, indent } = layout;
  const perPage = Math.max(1, doubled ? Math.floor(layout.lines / 2) : layout.lines);
  const size = perPage * (beside ? 1 : columns);
  const total = Math.max(...(beside ?? [text]).map(({ lines }) => lines.length));
  for (let start = 0, page = 1; start < total; start += size, page += 1) {
    const part = ({ lines }: Text) => lines.slice(start, start + size);
    const rows = beside ? besideEachOther(beside.map(part)) : inColumns(part(text), layout, start + size < total);
    let number = start;
    const shown = rows.map((row) => {
      const first = numbered === undefined || !beside ? '' : `${String(++number).padStart(NUMBER)}${numbered}`;
      return `${indent}${first}${laidOut(row, layout)}`.replace(/[ ]+$/, (blanks) => (row.length > 1 ? '' : blanks));
    });
    const body = numbered !== undefined && !beside && columns === 1 ? numberedRows(shown, start, numbered) : shown;
    if (!plain) await context.stdout.write(headerOf(context, text, { page, width: layout.width }));
    await context.stdout.write(body.map((line) => `${line}\n${doubled ? '\n' : ''}`).join(''));
    if (!plain) await context.stdout.write('\n'.repeat(layout.lines - body.length * (doubled ? 2 : 1) + MARGIN));
  }
}

const numberedRows = (rows: readonly string[], start: number, separator: string): string[] =>
  rows.map((row, index) => `${String(start + index + 1).padStart(NUMBER)}${separator}${row}`);

function headerOf(
  { env }: UtilityContext,
  { title, timeMs }: Text,
  { page, width }: { page: number; width: number },
): string {
  const date = strftime('%Y-%m-%d %H:%M', timeMs, zoneOf(env.get('TZ')));
  const number = `Page ${page}`;
  const free = Math.max(2, width - date.length - number.length - title.length);
  const left = ' '.repeat(Math.floor(free / 2));
  return `\n\n${date}${left}${title}${' '.repeat(free - left.length)}${number}\n\n\n`;
}

function besideEachOther(texts: readonly (readonly string[])[]): string[][] {
  const most = Math.max(...texts.map((lines) => lines.length));
  return Array.from({ length: most }, (_, index) => texts.map((lines) => lines[index] ?? ''));
}

/** Columns are filled one after another; those of the last page have about as many lines each. */
function inColumns(lines: readonly string[], { columns, across }: Layout, whole: boolean): string[][] {
  if (columns === 1) return lines.map((line) => [line]);
  if (across) {
    return Array.from({ length: Math.ceil(lines.length / columns) }, (_, row) =>
      lines.slice(row * columns, (row + 1) * columns),
    );
  }
  const rest = whole ? 0 : lines.length % columns;
  const filled: string[][] = [];
  for (let at = 0, column = 0; column < columns; column += 1) {
    const count = Math.floor(lines.length / columns) + (column < rest ? 1 : 0);
    filled.push(lines.slice(at, at + count));
    at += count;
  }
  const most = filled[0]?.length ?? 0;
  return Array.from({ length: most }, (_, row) => filled.flatMap((column) => column[row] ?? []));
}

function laidOut(row: readonly string[], { columns, width, separator }: Layout): string {
  if (columns === 1) return row[0] ?? '';
  if (separator !== undefined) return row.join(separator);
  const each = Math.floor((width - (columns - 1)) / columns);
  let text = '';
  let at = 0;
  let wanted = 0;
  for (const cell of row) {
    // Empty places are filled with tabs as far as they reach.
    const tabs = cell === '' ? 0 : Math.floor(wanted / TAB) - Math.floor(at / TAB);
    if (cell !== '') {
      text += '\t'.repeat(tabs) + ' '.repeat(tabs > 0 ? wanted % TAB : wanted - at);
      const shown = cell.slice(0, each);
      text += shown;
      at = wanted + shown.length;
    }
    wanted += each + 1;
  }
  return text;
}
