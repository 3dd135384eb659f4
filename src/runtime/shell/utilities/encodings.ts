/** base64 base32 strings tac rev nl paste fold shuf. */
import { escapeRegExp } from '../expansion/pattern.ts';
import { concatenate } from '../streams.ts';
import type { Utility, UtilityContext } from '../utility.ts';
import { eachInput } from './inputs.ts';
import { lastValue, parseOptions } from './options.ts';
import { posixToRegExp } from './posix-regexp.ts';
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

interface Encoding {
  encode(bytes: Uint8Array): string;
  /** Undefined for what is not of this encoding. */
  decode(text: string): Uint8Array | undefined;
  /** What `-i` passes over. */
  garbage: RegExp;
}

const encoding =
  ({ encode, decode, garbage }: Encoding): Utility =>
  async (context) => {
    const options = parseOptions(context.args, {
      short: 'diw:',
      long: { decode: 'd', 'ignore-garbage': 'i', 'wrap=': 'w' },
    });
    if (options.problem) return await wrongUse(context, options.problem);
    const { bytes, complete } = await allBytes(context, options.operands);
    if (!complete) return 1;
    if (options.flags.has('d')) {
      const text = new TextDecoder('latin1').decode(bytes).replace(options.flags.has('i') ? garbage : /\n/g, '');
      const decoded = decode(text);
      if (decoded) await context.stdout.write(decoded);
      else await context.complain('invalid input');
      return decoded ? 0 : 1;
    }
    const width = Number(lastValue(options, 'w') ?? '76');
    const text = encode(bytes);
    if (width === 0) await context.stdout.write(text);
    else for (let i = 0; i < text.length; i += width) await context.stdout.line(text.slice(i, i + width));
    return 0;
  };

export const base64 = encoding({
  encode: (bytes) => {
    let binary = '';
    for (let i = 0; i < bytes.length; i += 8192) binary += String.fromCharCode(...bytes.subarray(i, i + 8192));
    return btoa(binary);
  },
  decode: (text) => {
    try {
      return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
    } catch {
      return undefined;
    }
  },
  garbage: /[^A-Za-z\d+/=]/g,
});

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function toBase32(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 5) {
    const group = bytes.subarray(i, i + 5);
    let bits = 0n;
    for (let at = 0; at < 5; at += 1) bits = (bits << 8n) | BigInt(group[at] ?? 0);
    const used = Math.ceil((group.length * 8) / 5);
    for (let at = 0; at < 8; at += 1) text += at < used ? BASE32[Number((bits >> BigInt(35 - 5 * at)) & 31n)] : '=';
  }
  return text;
}

/** Undefined for what is no base32. */
function fromBase32(text: string): Uint8Array | undefined {
  if (text.length % 8 !== 0 || !/^[A-Z2-7]*=*$/.test(text)) return undefined;
  const bytes: number[] = [];
  let bits = 0;
  let value = 0;
  for (const char of text.replace(/=+$/, '')) {
    value = ((value << 5) | BASE32.indexOf(char)) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((value >> bits) & 255);
  }
  return Uint8Array.from(bytes);
}

export const base32 = encoding({ encode: toBase32, decode: fromBase32, garbage: /[^A-Z2-7=]/g });

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
  const options = parseOptions(context.args, {
    short: 'brs:',
    long: { before: 'b', regex: 'r', 'separator=': 's' },
  });
  if (options.problem) return await wrongUse(context, options.problem);
  const given = lastValue(options, 's') ?? '\n';
  const separator = options.flags.has('r') ? posixToRegExp(given, false) : escapeRegExp(given);
  const pattern = new RegExp(options.flags.has('b') ? `(?=${separator})` : `(?<=${separator})`, 'u');
  const complete = await eachInput(context, { names: options.operands }, async (reader) => {
    const text = await reader.text();
    if (text !== '') await context.stdout.write(text.split(pattern).reverse().join(''));
  });
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
  const style = lastValue(options, 'b') ?? 't';
  // `-b pEXPRESSION` numbers what matches.
  const pattern = style.startsWith('p') ? new RegExp(posixToRegExp(style.slice(1), false), 'u') : undefined;
  const isNumbered = (line: string) => (pattern ? pattern.test(line) : style === 'a' || (style !== 'n' && line !== ''));
  const { lines, complete } = await allLines(context, options.operands);
  for (const line of lines) {
    if (!isNumbered(line)) await context.stdout.line(' '.repeat(width + separator.length) + line);
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
  const { lines: stdin, complete } = dashes > 0 ? await allLines(context, ['-']) : { lines: [], complete: true };
  if (!complete) return 1;
  const columns: string[][] = [];
  let dash = 0;
  for (const name of names) {
    if (name !== '-') {
      const column = await allLines(context, [name]);
      if (!column.complete) return 1;
      columns.push(column.lines);
    } else {
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
  const given = lastValue(options, 'w') ?? '80';
  const width = Number(given);
  if (!/^\d+$/.test(given) || width === 0) {
    await context.complain(`invalid number of columns: ‘${given}’`);
    return 1;
  }
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
  const input = range || options.flags.has('e') ? null : await allLines(context, options.operands);
  if (input?.complete === false) return 1;
  const items = range
    ? Array.from({ length: Number(range[2]) - Number(range[1]) + 1 }, (_, index) => String(Number(range[1]) + index))
    : options.flags.has('e')
      ? [...options.operands]
      : (input?.lines ?? []);
  for (let i = items.length - 1; i > 0; i -= 1) {
    const j = Math.floor(Math.random() * (i + 1));
    [items[i], items[j]] = [items[j] ?? '', items[i] ?? ''];
  }
  for (const item of items.slice(0, Number(lastValue(options, 'n') ?? items.length))) await context.stdout.line(item);
  return 0;
};
