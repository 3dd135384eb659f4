/** split csplit. */

import { describeError, errorCode } from '../errors.ts';
import { concatenate } from '../streams.ts';
import type { Utility, UtilityContext } from '../utility.ts';
import { openInput } from './inputs.ts';
import { lastValue, type Options, parseOptions } from './options.ts';
import { posixToRegExp } from './posix-regexp.ts';
import { runOnInput } from './shell-command.ts';
import { writeFile } from './write-file.ts';
import { wrongUse } from './wrong-use.ts';

const UNITS: Record<string, number> = {
  '': 1,
  b: 512,
  K: 1024,
  k: 1024,
  M: 1_048_576,
  G: 1_073_741_824,
  KB: 1000,
  MB: 1_000_000,
};

/** `10`, `4K`; undefined for anything else. */
function sizeOf(text: string): number | undefined {
  const match = /^(\d+)([bKkMG]B?)?$/.exec(text);
  const unit = UNITS[match?.[2] ?? ''];
  return match && unit !== undefined && Number(match[1]) > 0 ? Number(match[1]) * unit : undefined;
}

/** Undefined when it cannot be read, which is told. */
async function readInput(context: UtilityContext, name: string): Promise<Uint8Array | undefined> {
  try {
    const input = await openInput(context, name);
    try {
      return concatenate([await input.reader.bytes()]);
    } finally {
      input.close();
    }
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    await context.complain(`cannot open '${name}' for reading: ${describeError(error)}`);
    return undefined;
  }
}

export const split: Utility = async (context) => {
  const options = parseOptions(
    context.args.map((arg) => arg.replace(/^-(\d+)$/, '-l$1')),
    {
      short: 'l:b:C:n:a:dxe',
      long: {
        'lines=': 'l',
        'bytes=': 'b',
        'line-bytes=': 'C',
        'number=': 'n',
        'suffix-length=': 'a',
        'numeric-suffixes': 'd',
        'numeric-suffixes=': 'd',
        'hex-suffixes': 'x',
        'additional-suffix=': 'additional',
        'elide-empty-files': 'e',
        'filter=': 'filter',
        verbose: 'verbose',
      },
    },
  );
  if (options.problem) return await wrongUse(context, options.problem);
  const [name = '-', prefix = 'x'] = options.operands;
  const bytes = await readInput(context, name);
  if (!bytes) return 1;
  const pieces = piecesOf(bytes, options);
  if (typeof pieces === 'string') return await wrongUse(context, pieces);
  const digits = Number(lastValue(options, 'a') ?? '2');
  for (const [index, piece] of pieces.entries()) {
    if (piece.length === 0 && options.flags.has('e')) continue;
    const suffix = suffixOf(index + Number(lastValue(options, 'd') ?? '0'), digits, options);
    if (suffix.length > digits) {
      await context.complain('output file suffixes exhausted');
      return 1;
    }
    const file = prefix + suffix + (lastValue(options, 'additional') ?? '');
    if (options.flags.has('verbose')) await context.stdout.line(`creating file '${file}'`);
    const filter = lastValue(options, 'filter');
    if (filter === undefined) await writeFile(context, file, piece);
    else {
      const status = await passThrough(context, { filter, file, piece });
      if (status !== 0) return status;
    }
  }
  return 0;
};

/** `--filter`: a command in place of the file, which it knows as `$FILE`; its exit code. */
async function passThrough(
  context: UtilityContext,
  { filter, file, piece }: { filter: string; file: string; piece: Uint8Array },
): Promise<number> {
  const env = new Map([...context.env, ['FILE', file]]);
  const status = await runOnInput(context, ['sh', '-c', filter], { input: piece, env });
  if (status !== 0) await context.complain(`with FILE=${file}, exit ${status} from command: ${filter}`);
  return status;
}

/** What is wrong, where something is. */
function piecesOf(bytes: Uint8Array, options: Options): Uint8Array[] | string {
  const chunks = lastValue(options, 'n');
  if (chunks !== undefined) {
    const match = /^(l\/)?(\d+)$/.exec(chunks);
    if (!match) return `invalid number of chunks: ‘${chunks}’`;
    return intoChunks(bytes, Number(match[2]), match[1] !== undefined);
  }
  const size = lastValue(options, 'b') ?? lastValue(options, 'C');
  const unit = sizeOf(size ?? lastValue(options, 'l') ?? '1000');
  if (unit === undefined)
    return `invalid number of ${size === undefined ? 'lines' : 'bytes'}: ‘${size ?? lastValue(options, 'l')}’`;
  const pieces: Uint8Array[] = [];
  for (let start = 0; start < bytes.length; ) {
    let end = start;
    if (options.flags.has('b')) end = start + unit;
    else if (options.flags.has('C')) {
      const last = bytes.lastIndexOf(10, start + unit - 1);
      end = start + unit >= bytes.length ? bytes.length : last >= start ? last + 1 : start + unit;
    } else for (let line = 0; line < unit && end < bytes.length; line += 1) end = lineEnd(bytes, end);
    pieces.push(bytes.subarray(start, end));
    start = end;
  }
  return pieces;
}

function lineEnd(bytes: Uint8Array, start: number): number {
  const at = bytes.indexOf(10, start);
  return at === -1 ? bytes.length : at + 1;
}

function intoChunks(bytes: Uint8Array, count: number, byLine: boolean): Uint8Array[] {
  const size = bytes.length / count;
  const ends = Array.from({ length: count }, (_, index) =>
    index === count - 1 ? bytes.length : Math.floor(size) * (index + 1),
  );
  let start = 0;
  return ends.map((wanted) => {
    const end =
      byLine && wanted > 0 && wanted < bytes.length
        ? lineEnd(bytes, Math.max(wanted - 1, start))
        : Math.max(wanted, start);
    const piece = bytes.subarray(start, end);
    start = end;
    return piece;
  });
}

function suffixOf(index: number, digits: number, options: Options): string {
  if (options.flags.has('d')) return String(index).padStart(digits, '0');
  if (options.flags.has('x')) return index.toString(16).padStart(digits, '0');
  let suffix = '';
  for (let rest = index; suffix.length < digits || rest > 0; rest = Math.floor(rest / 26))
    suffix = String.fromCharCode(97 + (rest % 26)) + suffix;
  return suffix;
}

/** At lines with a number, or that match: `csplit file 10 /pattern/ '{*}'`. */
export const csplit: Utility = async (context) => {
  const options = parseOptions(context.args, {
    short: 'f:n:b:skz',
    long: {
      'prefix=': 'f',
      'digits=': 'n',
      'suffix-format=': 'b',
      quiet: 's',
      silent: 's',
      'keep-files': 'k',
      'elide-empty-files': 'z',
    },
  });
  if (options.problem) return await wrongUse(context, options.problem);
  const [name, ...patterns] = options.operands;
  if (name === undefined || patterns.length === 0) return await wrongUse(context, 'missing operand');
  const bytes = await readInput(context, name);
  if (!bytes) return 1;
  const lines = new TextDecoder().decode(bytes).match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const pieces: string[][] = [];
  let at = 0;
  for (const [index, pattern] of patterns.entries()) {
    if (/^\{.*\}$/.test(pattern)) continue;
    const repeat = /^\{(\*|\d+)\}$/.exec(patterns[index + 1] ?? '')?.[1];
    const times = repeat === '*' ? Number.POSITIVE_INFINITY : Number(repeat ?? '0') + 1;
    for (let turn = 0; turn < times; turn += 1) {
      const end = splitPoint(lines, { pattern, from: at, first: pieces.length === 0 && at === 0, turn });
      if (end === undefined && repeat === '*') break;
      if (end === undefined) {
        await context.complain(
          `‘${pattern}’: ${/^[/%]/.test(pattern) ? 'match not found' : 'line number out of range'}`,
        );
        return 1;
      }
      if (!pattern.startsWith('%')) pieces.push(lines.slice(at, end));
      at = end;
    }
  }
  pieces.push(lines.slice(at));
  const kept = options.flags.has('z') ? pieces.filter((piece) => piece.length > 0) : pieces;
  for (const [index, piece] of kept.entries()) {
    const data = new TextEncoder().encode(piece.join(''));
    if (!options.flags.has('s')) await context.stdout.line(String(data.length));
    await writeFile(
      context,
      (lastValue(options, 'f') ?? 'xx') + String(index).padStart(Number(lastValue(options, 'n') ?? '2'), '0'),
      data,
    );
  }
  return 0;
};

/** Index of the line at which the next piece starts. */
function splitPoint(
  lines: readonly string[],
  { pattern, from, first, turn }: { pattern: string; from: number; first: boolean; turn: number },
): number | undefined {
  const match = /^([/%])(.*)\1([-+]\d+)?$/.exec(pattern);
  if (!match) {
    const line = Number(pattern) * (turn + 1) - 1;
    return line >= from && line <= lines.length ? line : undefined;
  }
  const expression = new RegExp(posixToRegExp(match[2] ?? '', false), 'u');
  const found = lines.findIndex(
    (line, index) => index >= from + (first ? 0 : 1) && expression.test(line.replace(/\n$/, '')),
  );
  return found === -1 ? undefined : found + Number(match[3] ?? '0');
}
