/** xxd od hexdump. */

import { concatenate } from '../streams.ts';
import type { Utility, UtilityContext } from '../utility.ts';
import { CONTROL_ESCAPES } from './control-escapes.ts';
import { BadFormat, formatBlock, formatEnd, readHexFormats } from './hexdump-format.ts';
import { eachInput } from './inputs.ts';
import { lastValue, type Options, parseOptions } from './options.ts';
import { wrongUse } from './wrong-use.ts';

const hex = (value: number, width: number) => value.toString(16).padStart(width, '0');
const printable = (bytes: Uint8Array) =>
  [...bytes].map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.')).join('');

interface Part {
  bytes: Uint8Array;
  start: number;
  complete: boolean;
}

/** `0x10` and `010` are understood. */
const count = (text: string | undefined, otherwise: number) => {
  if (text === undefined) return otherwise;
  return /^0[0-7]+$/.test(text) ? Number.parseInt(text, 8) : Number(text);
};

/** The part of the inputs that two options choose. */
async function readPart(context: UtilityContext, options: Options, [skip, length]: [string, string]): Promise<Part> {
  const chunks: Uint8Array[] = [];
  const complete = await eachInput(context, { names: options.operands }, async (reader) => {
    chunks.push(await reader.bytes());
  });
  const all = concatenate(chunks);
  const start = count(lastValue(options, skip), 0);
  return {
    bytes: all.subarray(start, start + count(lastValue(options, length), Number.MAX_SAFE_INTEGER)),
    start,
    complete,
  };
}

/** Gives the rows of so many bytes to `print`; of rows that repeat the one before it is told with `*`. */
async function eachRow(
  context: UtilityContext,
  { bytes, width, all }: { bytes: Uint8Array; width: number; all: boolean },
  print: (row: Uint8Array, at: number) => Promise<void>,
): Promise<void> {
  let last: string | undefined;
  let told = false;
  for (let at = 0; at < bytes.length; at += width) {
    const row = bytes.subarray(at, at + width);
    const text = row.join();
    if (!all && text === last && row.length === width) {
      if (!told) await context.stdout.line('*');
      told = true;
      continue;
    }
    [last, told] = [text, false];
    await print(row, at);
  }
}

export const xxd: Utility = async (context) => {
  const options = parseOptions(
    context.args.map(
      (arg) => ({ '-ps': '-p', '-bits': '-b', '-include': '-i', '-revert': '-r', '-len': '-l' })[arg] ?? arg,
    ),
    { short: 'pbil:s:c:g:ruEao:n:', long: {} },
  );
  if (options.problem) return await wrongUse(context, options.problem);
  const [file] = options.operands;
  const { bytes, start, complete } = await readPart(context, { ...options, operands: options.operands.slice(0, 1) }, [
    's',
    'l',
  ]);
  if (!complete) return 2;
  if (options.flags.has('r')) {
    await context.stdout.write(reverted(new TextDecoder().decode(bytes), options.flags.has('p')));
    return 0;
  }
  const upper = (text: string) => (options.flags.has('u') ? text.toUpperCase() : text);
  if (options.flags.has('i')) {
    await context.stdout.write(
      include(bytes, { name: lastValue(options, 'n') ?? file, columns: count(lastValue(options, 'c'), 12) }),
    );
    return 0;
  }
  const plain = options.flags.has('p');
  const bits = options.flags.has('b');
  const columns = count(lastValue(options, 'c'), plain ? 30 : bits ? 6 : 16) || bytes.length;
  const group = count(lastValue(options, 'g'), bits ? 1 : 2) || columns;
  const offset = start + count(lastValue(options, 'o'), 0);
  for (let at = 0; at < bytes.length; at += columns) {
    const row = bytes.subarray(at, at + columns);
    const cells = [...row].map((byte) => (bits ? byte.toString(2).padStart(8, '0') : upper(hex(byte, 2))));
    if (plain) {
      await context.stdout.line(cells.join(''));
      continue;
    }
    let text = '';
    for (let i = 0; i < columns; i += 1)
      text += (cells[i] ?? ' '.repeat(bits ? 8 : 2)) + ((i + 1) % group === 0 ? ' ' : '');
    const gap = columns % group === 0 ? '' : ' ';
    await context.stdout.line(`${hex(offset + at, 8)}: ${text}${gap} ${printable(row)}`);
  }
  return 0;
};

function reverted(text: string, plain: boolean): Uint8Array {
  const digits = plain
    ? text.replace(/\s/g, '')
    : text.replace(/^\s*[\da-f]+: ?((?:[\da-f]{2,}(?: |$))+)[\s\S]*?$/gim, '$1').replace(/\s/g, '');
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** As a C array. */
function include(bytes: Uint8Array, { name, columns }: { name: string | undefined; columns: number }): string {
  const rows: string[] = [];
  for (let at = 0; at < bytes.length; at += columns)
    rows.push(`  ${[...bytes.subarray(at, at + columns)].map((byte) => `0x${hex(byte, 2)}`).join(', ')}`);
  const body = rows.length > 0 ? `${rows.join(',\n')}\n` : '';
  if (name === undefined || name === '-') return body;
  const variable = name.replace(/^(?=\d)/, '__').replace(/\W/g, '_');
  return `unsigned char ${variable}[] = {\n${body}};\nunsigned int ${variable}_len = ${bytes.length};\n`;
}

/** A column of hexdump: how many bytes a cell shows, and what goes before it. */
interface HexStyle {
  size: number;
  gap: string;
  width: number;
  show(value: number): string;
}

const CONTROLS: Readonly<Record<number, string>> = { ...CONTROL_ESCAPES, 0: '\\0' };
const characterOf = (value: number) =>
  CONTROLS[value] ?? (value >= 32 && value < 127 ? String.fromCharCode(value) : value.toString(8).padStart(3, '0'));

const HEX_STYLES: Record<string, HexStyle> = {
  '': { size: 2, gap: ' ', width: 4, show: (value) => hex(value, 4) },
  x: { size: 2, gap: '    ', width: 4, show: (value) => hex(value, 4) },
  d: { size: 2, gap: '   ', width: 5, show: (value) => String(value).padStart(5, '0') },
  o: { size: 2, gap: '  ', width: 6, show: (value) => value.toString(8).padStart(6, '0') },
  b: { size: 1, gap: ' ', width: 3, show: (value) => value.toString(8).padStart(3, '0') },
  c: { size: 1, gap: ' ', width: 3, show: (value) => characterOf(value).padStart(3) },
};

function hexRow(row: Uint8Array, { size, gap, width, show }: HexStyle): string {
  let text = '';
  for (let i = 0; i < 16; i += size)
    text +=
      gap + (i < row.length ? show((row[i] ?? 0) | (size === 2 ? (row[i + 1] ?? 0) << 8 : 0)) : ' '.repeat(width));
  return text;
}

function canonicalRow(row: Uint8Array): string {
  const half = (from: number) =>
    Array.from({ length: 8 }, (_, i) => (row[from + i] === undefined ? '  ' : hex(row[from + i] ?? 0, 2))).join(' ');
  return `  ${half(0)}  ${half(8)}  |${printable(row)}|`;
}

/** The lines of the files of `-f`. */
function ownFormats(context: UtilityContext, files: readonly string[]): string[] {
  return files.flatMap((file) =>
    new TextDecoder()
      .decode(context.sys.call('readFile', context.resolve(file)))
      .split('\n')
      .filter((line) => line.trim() !== '' && !line.startsWith('#')),
  );
}

async function printFormatted(
  context: UtilityContext,
  texts: readonly string[],
  { bytes, start, all }: { bytes: Uint8Array; start: number; all: boolean },
): Promise<number> {
  try {
    const { formats, block } = readHexFormats(texts);
    if (block > 0)
      await eachRow(context, { bytes, width: block, all }, async (row, at) => {
        await context.stdout.write(formatBlock(formats, row, start + at));
      });
    if (bytes.length > 0) await context.stdout.write(formatEnd(formats, start + bytes.length));
    return 0;
  } catch (error) {
    if (!(error instanceof BadFormat)) throw error;
    await context.complain(error.message);
    return 1;
  }
}

/** Called `hd` it is `hexdump -C`. */
export const hexdump: Utility = async (context) => {
  const options = parseOptions(context.args, {
    short: 'Cvxdobcn:s:e:f:',
    long: { 'format=': 'e', 'format-file=': 'f', canonical: 'C', 'no-squeezing': 'v', 'length=': 'n', 'skip=': 's' },
  });
  if (options.problem) return await wrongUse(context, options.problem);
  const { bytes, start, complete } = await readPart(context, options, ['s', 'n']);
  const own = [...(options.values.get('e') ?? []), ...ownFormats(context, options.values.get('f') ?? [])];
  if (own.length > 0) return await printFormatted(context, own, { bytes, start, all: options.flags.has('v') });
  const canonical = options.flags.has('C') || context.name === 'hd';
  const style = HEX_STYLES[['x', 'd', 'o', 'b', 'c'].find((letter) => options.flags.has(letter)) ?? ''];
  await eachRow(context, { bytes, width: 16, all: options.flags.has('v') }, async (row, at) => {
    const address = hex(start + at, canonical ? 8 : 7);
    await context.stdout.line(address + (canonical || !style ? canonicalRow(row) : hexRow(row, style)));
  });
  if (bytes.length > 0) await context.stdout.line(hex(start + bytes.length, canonical ? 8 : 7));
  return complete ? 0 : 1;
};

/** How od shows a number of so many bytes: its letter, and the width of a column without the blank before it. */
const OD_WIDTHS: Record<string, Record<number, number>> = {
  o: { 1: 3, 2: 6, 4: 11, 8: 22 },
  u: { 1: 3, 2: 5, 4: 10, 8: 20 },
  d: { 1: 4, 2: 6, 4: 11, 8: 20 },
  x: { 1: 2, 2: 4, 4: 8, 8: 16 },
};
const SIZES: Record<string, number> = { C: 1, S: 2, I: 4, L: 8 };
/** The letters of tradition. */
const TRADITIONAL: Record<string, string> = {
  a: 'a',
  b: 'o1',
  c: 'c',
  d: 'u2',
  i: 'dI',
  l: 'dL',
  o: 'o2',
  s: 'd2',
  x: 'x2',
};
const ASCII_NAMES =
  'nul soh stx etx eot enq ack bel bs ht nl vt ff cr so si dle dc1 dc2 dc3 dc4 nak syn etb can em sub esc fs gs rs us sp'.split(
    ' ',
  );

interface OdFormat {
  letter: string;
  size: number;
  /** With the characters behind it, as hexdump -C. */
  text: boolean;
}

function odFormats(types: readonly string[]): OdFormat[] | undefined {
  const formats: OdFormat[] = [];
  for (const type of types)
    for (const match of type.matchAll(/([acdoux])(\d+|[CSIL])?(z?)|([\s\S])/g)) {
      if (match[4] !== undefined) return undefined;
      const letter = match[1] ?? 'o';
      const size = 'ac'.includes(letter) ? 1 : (SIZES[match[2] ?? 'I'] ?? Number(match[2]));
      if (!'ac'.includes(letter) && OD_WIDTHS[letter]?.[size] === undefined) return undefined;
      formats.push({ letter, size, text: match[3] === 'z' });
    }
  return formats;
}

function odCell(row: Uint8Array, at: number, { letter, size }: OdFormat): string {
  let value = 0n;
  for (let b = size - 1; b >= 0; b -= 1) value = value * 256n + BigInt(row[at + b] ?? 0);
  if (letter === 'c') return ` ${characterOf(Number(value)).padStart(3)}`;
  if (letter === 'a') {
    const low = Number(value) & 127;
    return ` ${(ASCII_NAMES[low] ?? (low === 127 ? 'del' : String.fromCharCode(low))).padStart(3)}`;
  }
  const width = OD_WIDTHS[letter]?.[size] ?? 0;
  if (letter === 'd')
    return ` ${BigInt.asIntN(size * 8, value)
      .toString()
      .padStart(width)}`;
  if (letter === 'u') return ` ${value.toString().padStart(width)}`;
  return ` ${value.toString(letter === 'x' ? 16 : 8).padStart(width, '0')}`;
}

export const od: Utility = async (context) => {
  const options = parseOptions(context.args, {
    short: 'abcdilosxvA:t:N:j:w:S:',
    long: {
      'address-radix=': 'A',
      'format=': 't',
      'read-bytes=': 'N',
      'skip-bytes=': 'j',
      'width=': 'w',
      'output-duplicates': 'v',
    },
  });
  if (options.problem) return await wrongUse(context, options.problem);
  const asked = [...(options.values.get('t') ?? [])];
  for (const [letter, type] of Object.entries(TRADITIONAL)) if (options.flags.has(letter)) asked.push(type);
  const formats = odFormats(asked.length > 0 ? asked : ['o2']);
  if (!formats) {
    await context.complain(`invalid type string ‘${asked.join('')}’`);
    return 1;
  }
  const { bytes, start, complete } = await readPart(context, options, ['j', 'N']);
  const radix = lastValue(options, 'A') ?? 'o';
  const address = (value: number) =>
    radix === 'n' ? '' : radix === 'x' ? hex(value, 6) : value.toString(radix === 'd' ? 10 : 8).padStart(7, '0');
  const width = count(lastValue(options, 'w'), 16);
  await eachRow(context, { bytes, width, all: options.flags.has('v') }, async (row, at) => {
    for (const [index, format] of formats.entries()) {
      let line = index === 0 ? address(start + at) : ' '.repeat(address(0).length);
      const cell = odCell(row, 0, format).length;
      for (let i = 0; i < row.length; i += format.size) line += odCell(row, i, format);
      if (format.text)
        line += `${' '.repeat(cell * ((width - Math.ceil(row.length / format.size) * format.size) / format.size))}  >${printable(row)}<`;
      await context.stdout.line(line);
    }
  });
  if (radix !== 'n') await context.stdout.line(address(start + bytes.length));
  return complete ? 0 : 1;
};
