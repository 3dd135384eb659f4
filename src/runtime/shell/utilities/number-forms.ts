/** factor numfmt. */
import type { Utility, UtilityContext } from '../utility.ts';
import { lastValue, type Options, parseOptions } from './options.ts';
import { wrongUse } from './wrong-use.ts';

/** Words of the operands, or of stdin where there are none. */
async function words(context: UtilityContext, operands: readonly string[]): Promise<string[]> {
  if (operands.length > 0) return [...operands];
  return (await context.stdin.text()).split(/\s+/).filter((word) => word !== '');
}

function factors(number: bigint): bigint[] {
  const found: bigint[] = [];
  let rest = number;
  for (let divisor = 2n; divisor * divisor <= rest; divisor += divisor === 2n ? 1n : 2n) {
    while (rest % divisor === 0n) {
      found.push(divisor);
      rest /= divisor;
    }
  }
  if (rest > 1n) found.push(rest);
  return found;
}

export const factor: Utility = async (context) => {
  let status = 0;
  for (const word of await words(context, context.args)) {
    if (/^\+?\d+$/.test(word)) await context.stdout.line([`${BigInt(word)}:`, ...factors(BigInt(word))].join(' '));
    else {
      await context.stdout.flush();
      await context.complain(`‘${word}’ is not a valid positive integer`);
      status = 1;
    }
  }
  return status;
};

const UNITS = 'KMGTPEZY';

/** Undefined for what is no number of that form. */
function readNumber(text: string, from: string): number | undefined {
  const match = /^(-?\d+(?:\.\d+)?)(?:([KMGTPEZY])(i?))?$/.exec(text);
  if (!match) return undefined;
  const unit = match[2];
  if (unit === undefined) return Number(match[1]);
  if (from === 'none') return undefined;
  const base = from === 'si' || (from === 'auto' && match[3] === '') ? 1000 : 1024;
  return Number(match[1]) * base ** (UNITS.indexOf(unit) + 1);
}

function writeNumber(
  number: number,
  to: string,
  { rounding, decimals }: { rounding: string; decimals: number | undefined },
): string {
  const exactly = (value: number, digits: number) =>
    (rounded(value * 10 ** digits, rounding) / 10 ** digits).toFixed(digits);
  if (to === 'none') return decimals === undefined ? String(number) : exactly(number, decimals);
  const base = to === 'si' ? 1000 : 1024;
  let value = number;
  let unit = -1;
  while (Math.abs(value) >= base && unit < UNITS.length - 1) {
    value /= base;
    unit += 1;
  }
  const round = (scale: number) => rounded(value * scale, rounding) / scale;
  if (decimals !== undefined) return withUnit(exactly(value, decimals), unit, to);
  let text = unit >= 0 && Math.abs(round(10)) < 10 ? round(10).toFixed(1) : String(round(1));
  if (Number(text) === base && unit < UNITS.length - 1) {
    text = '1.0';
    unit += 1;
  }
  return withUnit(text, unit, to);
}

const withUnit = (text: string, unit: number, to: string): string =>
  `${text}${unit < 0 ? '' : UNITS[unit]}${unit >= 0 && to === 'iec-i' ? 'i' : ''}`;

interface NumberFormat {
  before: string;
  behind: string;
  zero: boolean;
  left: boolean;
  width: number;
  decimals: number | undefined;
}

const PLAIN: NumberFormat = { before: '', behind: '', zero: false, left: false, width: 0, decimals: undefined };

/** `--format`: one `%f` among other text; a string tells what is wrong. */
function readFormat(format: string): NumberFormat | string {
  const text = format.replaceAll('%%', '\0');
  const [first, second] = text.matchAll(/%/g);
  if (!first) return `format ‘${format}’ has no % directive`;
  const match = /^([^%]*)%([0'-]*)(\d*)(?:\.(\d+))?f([^%]*)/.exec(text);
  if (!match) return `invalid format ‘${format}’, directive must be %[0]['][-][N][.][N]f`;
  if (second) return `format ‘${format}’ has too many % directives`;
  const [, before = '', flags = '', width = '', decimals, behind = ''] = match;
  return {
    before: before.replaceAll('\0', '%'),
    behind: behind.replaceAll('\0', '%'),
    zero: flags.includes('0'),
    left: flags.includes('-'),
    width: Number(width),
    decimals: decimals === undefined ? undefined : Number(decimals),
  };
}

function laidOut(number: string, { before, behind, zero, left, width }: NumberFormat): string {
  const negative = zero && number.startsWith('-');
  const padded = left ? number.padEnd(width) : number.padStart(width);
  const zeros = negative ? `-${number.slice(1).padStart(width - 1, '0')}` : number.padStart(width, '0');
  return before + (zero && !left ? zeros : padded) + behind;
}

function rounded(value: number, how: string): number {
  switch (how) {
    case 'up':
      return Math.ceil(value);
    case 'down':
      return Math.floor(value);
    case 'towards-zero':
      return Math.trunc(value);
    case 'nearest':
      return Math.round(value);
    default:
      return value < 0 ? Math.floor(value) : Math.ceil(value);
  }
}

function convert(
  context: UtilityContext,
  { options, format }: { options: Options; format: NumberFormat },
  text: string,
): string | undefined {
  const suffix = lastValue(options, 'suffix') ?? '';
  const bare = suffix !== '' && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text;
  const number = readNumber(bare, lastValue(options, 'from') ?? 'none');
  if (number === undefined) {
    void context.complain(`invalid number: ‘${text}’`);
    return undefined;
  }
  const scaled =
    (number * Number(lastValue(options, 'from-unit') ?? '1')) / Number(lastValue(options, 'to-unit') ?? '1');
  const rounding = lastValue(options, 'round') ?? 'from-zero';
  const written = writeNumber(scaled, lastValue(options, 'to') ?? 'none', { rounding, decimals: format.decimals });
  const padding = Number(lastValue(options, 'padding') ?? '0');
  const whole = laidOut(written + suffix, format);
  return padding < 0 ? whole.padEnd(-padding) : whole.padStart(padding);
}

export const numfmt: Utility = async (context) => {
  const options = parseOptions(context.args, {
    short: 'd:z',
    long: {
      'from=': 'from',
      'to=': 'to',
      'from-unit=': 'from-unit',
      'to-unit=': 'to-unit',
      'suffix=': 'suffix',
      'padding=': 'padding',
      'round=': 'round',
      'field=': 'field',
      'delimiter=': 'd',
      'header=': 'header',
      grouping: 'grouping',
      'format=': 'format',
    },
  });
  if (options.problem) return await wrongUse(context, options.problem);
  const given = lastValue(options, 'format');
  const format = given === undefined ? PLAIN : readFormat(given);
  if (typeof format === 'string') {
    await context.complain(format);
    return 1;
  }
  const field = Number(lastValue(options, 'field') ?? '1');
  const delimiter = lastValue(options, 'd');
  const lines =
    options.operands.length > 0 ? options.operands : (await context.stdin.text()).replace(/\n$/, '').split('\n');
  for (const line of lines) {
    const parts =
      delimiter === undefined
        ? line.split(/(\s+)/)
        : line.split(delimiter).flatMap((part, i) => (i ? [delimiter, part] : [part]));
    // Leading blanks give an empty first part.
    const at = (delimiter === undefined && parts[0] === '' ? 2 : 0) + 2 * (field - 1);
    const converted = convert(context, { options, format }, parts[at] ?? '');
    if (converted === undefined) return 2;
    parts[at] = converted;
    await context.stdout.line(parts.join(''));
  }
  return 0;
};
