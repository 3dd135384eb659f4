/** base64 xxd od hexdump strings tac rev nl paste fold shuf comm column. */
import { concatenate } from '../streams.ts';
import type { Utility, UtilityContext } from '../utility.ts';
import { eachInput } from './inputs.ts';
import { lastValue, parseOptions } from './options.ts';
import { wrongUse } from './wrong-use.ts';

async function allBytes(
  context: UtilityContext,
  names: readonly string[],
): Promise<{ bytes: Uint8Array; complete: boolean }> {
  const chunks: Uint8Array[] = [];
  const complete = await eachInput(context, { names }, async (reader) => {
    chunks.push(await reader.bytes());
  });
  return { bytes: concatenate(chunks), complete };
}

async function allLines(
  context: UtilityContext,
  names: readonly string[],
): Promise<{ lines: string[]; complete: boolean }> {
  const lines: string[] = [];
  const complete = await eachInput(context, { names }, async (reader) => {
    for await (const line of reader.lines()) lines.push(line);
  });
  return { lines, complete };
}

export const base64: Utility = async (context) => {
  const options = parseOptions(context.args, {
    short: 'diw:',
    long: { decode: 'd', 'ignore-garbage': 'i', 'wrap=': 'w' },
  });
  if (options.problem) return await wrongUse(context, options.problem);
  const { bytes, complete } = await allBytes(context, options.operands);
  if (!complete) return 1;
  if (options.flags.has('d')) {
    const text = new TextDecoder('latin1')
      .decode(bytes)
      .replace(options.flags.has('i') ? /[^A-Za-z\d+/=]/g : /\n/g, '');
    try {
      await context.stdout.write(Uint8Array.from(atob(text), (char) => char.charCodeAt(0)));
      return 0;
    } catch {
      await context.complain('invalid input');
      return 1;
    }
  }
  let binary = '';
  for (let i = 0; i < bytes.length; i += 8192) binary += String.fromCharCode(...bytes.subarray(i, i + 8192));
  const width = Number(lastValue(options, 'w') ?? '76');
  const text = btoa(binary);
  if (width === 0) await context.stdout.write(text);
  else for (let i = 0; i < text.length; i += width) await context.stdout.line(text.slice(i, i + width));
  return 0;
};

const hex = (value: number, width: number) => value.toString(16).padStart(width, '0');
const printable = (bytes: Uint8Array) =>
  [...bytes].map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.')).join('');

export const xxd: Utility = async (context) => {
  const options = parseOptions(context.args, { short: 'pl:s:c:g:ru', long: {} });
  if (options.problem) return await wrongUse(context, options.problem);
  const read = await allBytes(context, options.operands.slice(0, 1));
  if (!read.complete) return 2;
  if (options.flags.has('r')) {
    const text = new TextDecoder().decode(read.bytes);
    const digits = options.flags.has('p')
      ? text.replace(/\s/g, '')
      : text.replace(/^[\da-f]+: ((?:[\da-f]+ )+)[\s\S]*?$/gm, '$1').replace(/\s/g, '');
    await context.stdout.write(Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)));
    return 0;
  }
  const start = Number(lastValue(options, 's') ?? 0);
  const bytes = read.bytes.subarray(start, start + Number(lastValue(options, 'l') ?? Number.MAX_SAFE_INTEGER));
  const plain = options.flags.has('p');
  const columns = Number(lastValue(options, 'c') ?? (plain ? 30 : 16));
  const group = Number(lastValue(options, 'g') ?? 2) || columns;
  for (let at = 0; at < bytes.length; at += columns) {
    const row = bytes.subarray(at, at + columns);
    const pairs = [...row].map((byte) => (options.flags.has('u') ? hex(byte, 2).toUpperCase() : hex(byte, 2)));
    if (plain) {
      await context.stdout.line(pairs.join(''));
      continue;
    }
    let cells = '';
    for (let i = 0; i < columns; i += 1) cells += (pairs[i] ?? '  ') + ((i + 1) % group === 0 ? ' ' : '');
    await context.stdout.line(
      `${hex(start + at, 8)}: ${cells.trimEnd().length < cells.length ? cells : `${cells} `} ${printable(row)}`,
    );
  }
  return 0;
};

export const hexdump: Utility = async (context) => {
  const options = parseOptions(context.args, { short: 'Cvn:s:', long: { canonical: 'C' } });
  if (options.problem) return await wrongUse(context, options.problem);
  const read = await allBytes(context, options.operands);
  const start = Number(lastValue(options, 's') ?? 0);
  const bytes = read.bytes.subarray(start, start + Number(lastValue(options, 'n') ?? Number.MAX_SAFE_INTEGER));
  const canonical = options.flags.has('C');
  for (let at = 0; at < bytes.length; at += 16) {
    const row = bytes.subarray(at, at + 16);
    if (canonical) {
      const half = (from: number) =>
        Array.from({ length: 8 }, (_, i) => (row[from + i] === undefined ? '  ' : hex(row[from + i] ?? 0, 2))).join(
          ' ',
        );
      await context.stdout.line(`${hex(start + at, 8)}  ${half(0)}  ${half(8)}  |${printable(row)}|`);
    } else {
      const words = Array.from({ length: 8 }, (_, i) =>
        row[2 * i] === undefined ? '    ' : hex((row[2 * i] ?? 0) | ((row[2 * i + 1] ?? 0) << 8), 4),
      );
      await context.stdout.line(`${hex(start + at, 7)} ${words.join(' ')}`);
    }
  }
  if (bytes.length > 0) await context.stdout.line(hex(start + bytes.length, canonical ? 8 : 7));
  return read.complete ? 0 : 1;
};

const NAMES: Record<number, string> = {
  0: '\\0',
  7: '\\a',
  8: '\\b',
  9: '\\t',
  10: '\\n',
  11: '\\v',
  12: '\\f',
  13: '\\r',
};

export const od: Utility = async (context) => {
  const options = parseOptions(context.args, {
    short: 'cxbdvA:t:N:j:',
    long: { 'address-radix=': 'A', 'format=': 't', 'read-bytes=': 'N', 'skip-bytes=': 'j' },
  });
  if (options.problem) return await wrongUse(context, options.problem);
  const read = await allBytes(context, options.operands);
  const start = Number(lastValue(options, 'j') ?? 0);
  const bytes = read.bytes.subarray(start, start + Number(lastValue(options, 'N') ?? Number.MAX_SAFE_INTEGER));
  const radix = lastValue(options, 'A') ?? 'o';
  const address = (value: number) =>
    radix === 'n' ? '' : radix === 'x' ? hex(value, 6) : value.toString(radix === 'd' ? 10 : 8).padStart(7, '0');
  const format =
    lastValue(options, 't') ??
    (options.flags.has('c') ? 'c' : options.flags.has('x') ? 'x2' : options.flags.has('b') ? 'o1' : 'o2');
  const size = format === 'c' ? 1 : Number(/\d+/.exec(format)?.[0] ?? 4);
  for (let at = 0; at < bytes.length; at += 16) {
    let line = address(start + at);
    for (let i = at; i < Math.min(at + 16, bytes.length); i += size) {
      let value = 0;
      for (let b = size - 1; b >= 0; b -= 1) value = value * 256 + (bytes[i + b] ?? 0);
      if (format === 'c')
        line += (
          NAMES[value] ?? (value >= 32 && value < 127 ? String.fromCharCode(value) : value.toString(8).padStart(3, '0'))
        ).padStart(4);
      else if (format.startsWith('x')) line += ` ${hex(value, 2 * size)}`;
      else if (format.startsWith('u') || format.startsWith('d'))
        line += ` ${String(value).padStart(size === 1 ? 3 : size === 2 ? 5 : 10)}`;
      else line += ` ${value.toString(8).padStart(size === 1 ? 3 : size === 2 ? 6 : 11, '0')}`;
    }
    await context.stdout.line(line);
  }
  if (radix !== 'n') await context.stdout.line(address(start + bytes.length));
  return read.complete ? 0 : 1;
};

export const strings: Utility = async (context) => {
  const options = parseOptions(context.args, { short: 'an:', long: { 'bytes=': 'n' } });
  if (options.problem) return await wrongUse(context, options.problem);
  const { bytes, complete } = await allBytes(context, options.operands);
  const least = Number(lastValue(options, 'n') ?? 4);
  const text = new TextDecoder('latin1').decode(bytes);
  for (const [found] of text.matchAll(/[\t\x20-\x7e]+/g)) if (found.length >= least) await context.stdout.line(found);
  return complete ? 0 : 1;
};

export const tac: Utility = async (context) => {
  const { lines, complete } = await allLines(context, context.args);
  for (const line of lines.reverse()) await context.stdout.line(line);
  return complete ? 0 : 1;
};

export const rev: Utility = async (context) => {
  const complete = await eachInput(context, { names: context.args }, async (reader) => {
    for await (const line of reader.lines()) await context.stdout.line([...line].reverse().join(''));
  });
  return complete ? 0 : 1;
};

export const nl: Utility = async (context) => {
  const options = parseOptions(context.args, {
    short: 'b:w:s:n:v:i:',
    long: { 'body-numbering=': 'b', 'number-width=': 'w', 'number-separator=': 's' },
  });
  if (options.problem) return await wrongUse(context, options.problem);
  const width = Number(lastValue(options, 'w') ?? 6);
  const separator = lastValue(options, 's') ?? '\t';
  let number = Number(lastValue(options, 'v') ?? 1);
  const { lines, complete } = await allLines(context, options.operands);
  for (const line of lines) {
    if (line === '' && lastValue(options, 'b') !== 'a') await context.stdout.line(' '.repeat(width + separator.length));
    else {
      const text =
        lastValue(options, 'n') === 'ln'
          ? String(number).padEnd(width)
          : String(number).padStart(width, lastValue(options, 'n') === 'rz' ? '0' : ' ');
      await context.stdout.line(`${text}${separator}${line}`);
      number += Number(lastValue(options, 'i') ?? 1);
    }
  }
  return complete ? 0 : 1;
};

export const paste: Utility = async (context) => {
  const options = parseOptions(context.args, { short: 'd:s', long: { 'delimiters=': 'd', serial: 's' } });
  if (options.problem) return await wrongUse(context, options.problem);
  const delimiters = [
    ...(lastValue(options, 'd') ?? '\t').replaceAll('\\t', '\t').replaceAll('\\n', '\n').replaceAll('\\0', ''),
  ];
  const names = options.operands.length > 0 ? options.operands : ['-'];
  const dashes = names.filter((name) => name === '-').length;
  const stdin = dashes > 0 ? (await allLines(context, ['-'])).lines : [];
  const columns: string[][] = [];
  let dash = 0;
  for (const name of names) {
    if (name !== '-') columns.push((await allLines(context, [name])).lines);
    else {
      const own = dash;
      columns.push(dashes === 1 || options.flags.has('s') ? stdin : stdin.filter((_, index) => index % dashes === own));
      dash += 1;
    }
  }
  const join = (items: readonly string[]) =>
    items
      .map((item, index) => (index === 0 ? item : (delimiters[(index - 1) % (delimiters.length || 1)] ?? '') + item))
      .join('');
  if (options.flags.has('s')) for (const column of columns) await context.stdout.line(join(column));
  else {
    const rows = Math.max(...columns.map((column) => column.length));
    for (let row = 0; row < rows; row += 1) await context.stdout.line(join(columns.map((column) => column[row] ?? '')));
  }
  return 0;
};

export const fold: Utility = async (context) => {
  const options = parseOptions(
    context.args.map((arg) => arg.replace(/^-(\d+)$/, '-w$1')),
    { short: 'w:sb', long: { 'width=': 'w', spaces: 's' } },
  );
  if (options.problem) return await wrongUse(context, options.problem);
  const width = Number(lastValue(options, 'w') ?? 80);
  const { lines, complete } = await allLines(context, options.operands);
  for (const line of lines) {
    let rest = line;
    while (rest.length > width) {
      const space = options.flags.has('s') ? rest.lastIndexOf(' ', width - 1) : -1;
      const cut = space > 0 ? space + 1 : width;
      await context.stdout.line(rest.slice(0, cut));
      rest = rest.slice(cut);
    }
    await context.stdout.line(rest);
  }
  return complete ? 0 : 1;
};

export const shuf: Utility = async (context) => {
  const options = parseOptions(context.args, {
    short: 'n:ei:r',
    long: { 'head-count=': 'n', echo: 'e', 'input-range=': 'i' },
  });
  if (options.problem) return await wrongUse(context, options.problem);
  const range = /^(\d+)-(\d+)$/.exec(lastValue(options, 'i') ?? '');
  const items = range
    ? Array.from({ length: Number(range[2]) - Number(range[1]) + 1 }, (_, index) => String(Number(range[1]) + index))
    : options.flags.has('e')
      ? [...options.operands]
      : (await allLines(context, options.operands)).lines;
  for (let i = items.length - 1; i > 0; i -= 1) {
    const j = Math.floor(Math.random() * (i + 1));
    [items[i], items[j]] = [items[j] ?? '', items[i] ?? ''];
  }
  for (const item of items.slice(0, Number(lastValue(options, 'n') ?? items.length))) await context.stdout.line(item);
  return 0;
};

export const comm: Utility = async (context) => {
  const options = parseOptions(context.args, { short: '123', long: {} });
  if (options.problem) return await wrongUse(context, options.problem);
  const [left = '-', right = '-'] = options.operands;
  const [a, b] = [(await allLines(context, [left])).lines, (await allLines(context, [right])).lines];
  const { flags } = options;
  const indent = (column: number) => '\t'.repeat(['1', '2'].slice(0, column).filter((name) => !flags.has(name)).length);
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    const [x, y] = [a[i], b[j]];
    const column = y === undefined || (x !== undefined && x < y) ? 0 : x === undefined || y < x ? 1 : 2;
    if (column !== 1) i += 1;
    if (column !== 0) j += 1;
    if (!flags.has(String(column + 1))) await context.stdout.line(indent(column) + (column === 1 ? y : x));
  }
  return 0;
};

export const column: Utility = async (context) => {
  const options = parseOptions(context.args, {
    short: 'ts:o:',
    long: { table: 't', 'separator=': 's', 'output-separator=': 'o' },
  });
  if (options.problem) return await wrongUse(context, options.problem);
  const { lines, complete } = await allLines(context, options.operands);
  if (!options.flags.has('t')) {
    for (const line of lines) await context.stdout.line(line);
    return complete ? 0 : 1;
  }
  const separator = lastValue(options, 's');
  const rows = lines
    .filter((line) => line.trim() !== '')
    .map((line) => (separator === undefined ? line.trim().split(/\s+/) : line.split(separator)));
  const widths: number[] = [];
  for (const row of rows)
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length);
  const gap = lastValue(options, 'o') ?? '  ';
  for (const row of rows)
    await context.stdout.line(
      row.map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd(widths[index] ?? 0))).join(gap),
    );
  return complete ? 0 : 1;
};
