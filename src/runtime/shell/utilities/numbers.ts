/** seq expr. */
import type { Utility } from '../utility.ts';
import { formatFloat } from './float-format.ts';
import { lastValue, parseOptions } from './options.ts';
import { posixToRegExp } from './posix-regexp.ts';
import { wrongUse } from './wrong-use.ts';

export const seq: Utility = async (context) => {
  const numeric = /^-?(\d+\.?\d*|\.\d+|inf(inity)?)$/i;
  const words = context.args.map((arg) => (numeric.test(arg) && arg.startsWith('-') ? `\0${arg}` : arg));
  const options = parseOptions(words, {
    short: 's:wf:',
    long: { 'separator=': 's', 'equal-width': 'w', 'format=': 'f' },
  });
  if (options.problem) return await wrongUse(context, options.problem);
  const operands = options.operands.map((word) => word.replace('\0', ''));
  const wrong = operands.find((word) => !numeric.test(word));
  if (wrong !== undefined) return await wrongUse(context, `invalid floating point argument: ‘${wrong}’`);
  if (operands.length === 0) return await wrongUse(context, 'missing operand');
  const [first, step, last] =
    operands.length === 1
      ? ['1', '1', operands[0]]
      : operands.length === 2
        ? [operands[0], '1', operands[1]]
        : operands;
  const decimals = Math.max(...[first, step].map((text) => /\.(\d+)/.exec(text ?? '')?.[1]?.length ?? 0));
  const [from = 0, by = 1, to = 0] = [first, step, last].map((text = '') =>
    Number(text.replace(/inf\w*/i, 'Infinity')),
  );
  if (by === 0) return await wrongUse(context, `invalid Zero increment value: ‘${step}’`);
  const format = lastValue(options, 'f');
  const separator = lastValue(options, 's') ?? '\n';
  const width = options.flags.has('w') ? Math.max(from.toFixed(decimals).length, to.toFixed(decimals).length) : 0;
  const count = Math.floor((to - from) / by + 1e-10);
  for (let i = 0; i <= count; i += 1) {
    const value = from + i * by;
    const text = format === undefined ? padNumber(value.toFixed(decimals), width) : formatNumber(format, value);
    await context.stdout.write(i === count ? `${text}\n` : text + separator);
  }
  return 0;
};

/** Zeros go behind the sign. */
const padNumber = (text: string, width: number) =>
  text.startsWith('-') ? `-${text.slice(1).padStart(width - 1, '0')}` : text.padStart(width, '0');

/** One %a, %e, %f or %g among other text. */
function formatNumber(format: string, value: number): string {
  return format.replace(/%%|(%[-+ 0#']*\d*(?:\.\d+)?[efgEFG])/g, (all, directive?: string) =>
    directive === undefined ? all.slice(1) : formatFloat(directive, value),
  );
}

export const expr: Utility = async (context) => {
  const parser = new ExprParser(context.args);
  try {
    const value = parser.run();
    await context.stdout.line(value);
    return value === '' || /^-?0+$/.test(value) ? 1 : 0;
  } catch (error) {
    if (!(error instanceof ExprError)) throw error;
    await context.complain(error.message);
    return 2;
  }
};

class ExprError extends Error {
  override name = 'ExprError';
}

const LEVELS: readonly (readonly string[])[] = [
  ['|'],
  ['&'],
  ['<', '<=', '=', '==', '!=', '>=', '>'],
  ['+', '-'],
  ['*', '/', '%'],
  [':'],
];

class ExprParser {
  readonly #words: readonly string[];
  #index = 0;

  constructor(words: readonly string[]) {
    this.#words = words;
  }

  run(): string {
    if (this.#words.length === 0) throw new ExprError("missing operand\nTry 'expr --help' for more information.");
    const value = this.#level(0);
    if (this.#index < this.#words.length)
      throw new ExprError(`syntax error: unexpected argument ‘${this.#words[this.#index]}’`);
    return value;
  }

  #level(level: number): string {
    const operators = LEVELS[level];
    if (!operators) return this.#primary();
    let left = this.#level(level + 1);
    for (
      let operator = this.#words[this.#index];
      operator !== undefined && operators.includes(operator);
      operator = this.#words[this.#index]
    ) {
      this.#index += 1;
      left = this.#apply(operator, left, this.#level(level + 1));
    }
    return left;
  }

  #next(): string {
    const word = this.#words[this.#index];
    if (word === undefined)
      throw new ExprError(`syntax error: missing argument after ‘${this.#words[this.#index - 1]}’`);
    this.#index += 1;
    return word;
  }

  #primary(): string {
    const word = this.#next();
    if (word === '(') {
      const value = this.#level(0);
      if (this.#next() !== ')') throw new ExprError("syntax error: expecting ')'");
      return value;
    }
    if (this.#index >= this.#words.length) return word;
    if (word === 'length') return String([...this.#primary()].length);
    if (word === 'index') {
      const [text, chars] = [this.#primary(), this.#primary()];
      return String([...text].findIndex((char) => chars.includes(char)) + 1);
    }
    if (word === 'match') return this.#apply(':', this.#primary(), this.#primary());
    if (word !== 'substr') return word;
    const [text, start, length] = [this.#primary(), Number(this.#primary()), Number(this.#primary())];
    return start < 1 ? '' : text.slice(start - 1, start - 1 + length);
  }

  #apply(operator: string, left: string, right: string): string {
    const empty = (text: string) => text === '' || text === '0';
    if (operator === '|') return empty(left) ? right : left;
    if (operator === '&') return empty(left) || empty(right) ? '0' : left;
    if (operator === ':') {
      const match = new RegExp(`^(?:${posixToRegExp(right, false)})`, 'u').exec(left);
      return right.includes('\\(') ? (match?.[1] ?? '') : String(match?.[0].length ?? 0);
    }
    const integers = /^-?\d+$/.test(left) && /^-?\d+$/.test(right);
    if ('+-*/%'.includes(operator)) {
      if (!integers) throw new ExprError('non-integer argument');
      return calculate(operator, BigInt(left), BigInt(right)).toString();
    }
    const order = integers ? Number(BigInt(left) - BigInt(right)) : left < right ? -1 : left > right ? 1 : 0;
    const results: Record<string, boolean> = {
      '<': order < 0,
      '<=': order <= 0,
      '=': order === 0,
      '==': order === 0,
      '!=': order !== 0,
      '>=': order >= 0,
      '>': order > 0,
    };
    return results[operator] ? '1' : '0';
  }
}

function calculate(operator: string, a: bigint, b: bigint): bigint {
  if (operator === '+') return a + b;
  if (operator === '-') return a - b;
  if (operator === '*') return a * b;
  if (b === 0n) throw new ExprError('division by zero');
  return operator === '/' ? a / b : a % b;
}

/** The sandbox's clock is in UTC unless -u is needless: times are shown in UTC. */
