/** seq. */
import type { Utility } from '../utility.ts';
import { formatFloat } from './float-format.ts';
import { lastValue, parseOptions } from './options.ts';
import { wrongUse } from './wrong-use.ts';

const DECIMAL = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i;
const OTHER_NUMBER = /^([-+]?)(0x[\da-f]+|inf(?:inity)?)$/i;
const INTEGER = /^[-+]?\d+$/;
const DIRECTIVE = /%%|%[-+ 0#']*\d*(?:\.\d*)?(?:L?[efgEFG])?/g;

export const seq: Utility = async (context) => {
  // A number with a sign is no option.
  const words = context.args.map((arg) => (/^-[\d.]/.test(arg) ? `\0${arg}` : arg));
  const options = parseOptions(words, {
    short: 's:wf:',
    long: { 'separator=': 's', 'equal-width': 'w', 'format=': 'f' },
    stopEarly: true,
  });
  if (options.problem) return await wrongUse(context, options.problem);
  const operands = options.operands.map((word) => word.replace('\0', ''));
  if (operands.length === 0) return await wrongUse(context, 'missing operand');
  if (operands.length > 3) return await wrongUse(context, `extra operand ‘${operands[3]}’`);
  const format = lastValue(options, 'f');
  const problem = format === undefined ? undefined : formatProblem(format);
  if (problem !== undefined) {
    await context.complain(problem);
    return 1;
  }
  const isEqualWidth = options.flags.has('w');
  if (format !== undefined && isEqualWidth) {
    return await wrongUse(context, 'format string may not be specified when printing equal width strings');
  }
  const wrong = operands.find((word) => !DECIMAL.test(word) && !OTHER_NUMBER.test(word));
  if (wrong !== undefined) return await wrongUse(context, `invalid floating point argument: ‘${wrong}’`);
  const [first = '1', step = '1', last = '1'] =
    operands.length === 1
      ? ['1', '1', operands[0]]
      : operands.length === 2
        ? [operands[0], '1', operands[1]]
        : operands;
  if (numberOf(step) === 0) return await wrongUse(context, `invalid Zero increment value: ‘${step}’`);
  const separator = lastValue(options, 's') ?? '\n';
  let before = '';
  for (const text of termsOf({ first, step, last }, format, isEqualWidth)) {
    await context.stdout.write(before + text);
    before = separator;
  }
  if (before !== '') await context.stdout.write('\n');
  return 0;
};

interface Sequence {
  first: string;
  step: string;
  last: string;
}

function termsOf(sequence: Sequence, format: string | undefined, isEqualWidth: boolean): Iterable<string> {
  const { first, step, last } = sequence;
  if (format === undefined && [first, step, last].every((text) => INTEGER.test(text))) {
    return integers(sequence, isEqualWidth);
  }
  const decimals = Math.max(decimalsOf(first), decimalsOf(step));
  const ends = [numberOf(first), numberOf(last)].filter(Number.isFinite);
  const width = isEqualWidth ? Math.max(...ends.map((value) => value.toFixed(decimals).length)) : 0;
  const show = (value: number): string =>
    format === undefined ? padNumber(value.toFixed(decimals), width) : formatNumber(format, value);
  return numbers(sequence, show);
}

/** However large they are. */
function* integers({ first, step, last }: Sequence, isEqualWidth: boolean): Generator<string> {
  const [from, by, to] = [integerOf(first), integerOf(step), integerOf(last)];
  const width = isEqualWidth ? Math.max(String(from).length, String(to).length) : 0;
  for (let value = from; by > 0n ? value <= to : value >= to; value += by) yield padNumber(String(value), width);
}

function* numbers({ first, step, last }: Sequence, show: (value: number) => string): Generator<string> {
  const [from, by] = [numberOf(first), numberOf(step)];
  const count = Math.floor((numberOf(last) - from) / by + 1e-10);
  for (let i = 0; i <= count; i += 1) yield show(from + i * by);
}

/** BigInt takes no plus. */
const integerOf = (text: string): bigint => BigInt(text.replace('+', ''));

function numberOf(text: string): number {
  const [, sign, other] = OTHER_NUMBER.exec(text) ?? [];
  if (other === undefined) return Number(text);
  const size = /^inf/i.test(other) ? Number.POSITIVE_INFINITY : Number(other);
  return sign === '-' ? -size : size;
}

/** How many digits behind the point an operand has. */
function decimalsOf(text: string): number {
  const [, fraction = '', exponent = '0'] = /^[-+\d]*(?:\.(\d*))?(?:e([-+]?\d+))?$/i.exec(text) ?? [];
  return Math.min(100, Math.max(0, fraction.length - Number(exponent)));
}

/** Zeros go behind the sign. */
const padNumber = (text: string, width: number): string =>
  text.startsWith('-') ? `-${text.slice(1).padStart(width - 1, '0')}` : text.padStart(width, '0');

/** What is wrong with a format: it has one directive for a number. */
function formatProblem(format: string): string | undefined {
  const directives = (format.match(DIRECTIVE) ?? []).filter((directive) => directive !== '%%');
  const [first] = directives;
  if (first === undefined) return `format ‘${format}’ has no % directive`;
  if (!/[efg]$/i.test(first)) {
    const letter = format[format.indexOf(first) + first.length];
    return letter === undefined
      ? `format ‘${format}’ ends in %`
      : `format ‘${format}’ has unknown %${letter} directive`;
  }
  return directives.length > 1 ? `format ‘${format}’ has too many % directives` : undefined;
}

const formatNumber = (format: string, value: number): string =>
  format.replace(DIRECTIVE, (directive) => (directive === '%%' ? '%' : formatFloat(directive.replace('L', ''), value)));
