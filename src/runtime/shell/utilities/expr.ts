/** expr. */
import type { Utility } from '../utility.ts';
import { posixToRegExp } from './posix-regexp.ts';

export const expr: Utility = async (context) => {
  const parser = new ExprParser(context.args[0] === '--' ? context.args.slice(1) : context.args);
  try {
    const value = parser.run();
    await context.stdout.line(value);
    return isNull(value) ? 1 : 0;
  } catch (error) {
    if (!(error instanceof ExprError)) throw error;
    await context.complain(error.message);
    return 2;
  }
};

const isNull = (text: string): boolean => text === '' || /^-?0+$/.test(text);

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
      this.#close();
      return value;
    }
    // What follows is a text, whatever else it could mean.
    if (word === '+') return this.#next();
    if (word === 'length') return String([...this.#primary()].length);
    if (word === 'index') {
      const [text, chars] = [this.#primary(), this.#primary()];
      return String([...text].findIndex((char) => chars.includes(char)) + 1);
    }
    if (word === 'match') return this.#apply(':', this.#primary(), this.#primary());
    if (word !== 'substr') return word;
    const [text, start, length] = [this.#primary(), Number(this.#primary()), Number(this.#primary())];
    return start < 1 || length < 1 ? '' : [...text].slice(start - 1, start - 1 + length).join('');
  }

  #close(): void {
    const before = this.#words[this.#index - 1];
    const word = this.#words[this.#index];
    if (word === undefined) throw new ExprError(`syntax error: expecting ')' after ‘${before}’`);
    if (word !== ')') throw new ExprError(`syntax error: expecting ')' instead of ‘${word}’`);
    this.#index += 1;
  }

  #apply(operator: string, left: string, right: string): string {
    if (operator === '|') return [left, right].find((text) => !isNull(text)) ?? '0';
    if (operator === '&') return isNull(left) || isNull(right) ? '0' : left;
    if (operator === ':') {
      const match = new RegExp(`^(?:${posixToRegExp(right, false)})`, 'u').exec(left);
      return right.includes('\\(') ? (match?.[1] ?? '') : String([...(match?.[0] ?? '')].length);
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
