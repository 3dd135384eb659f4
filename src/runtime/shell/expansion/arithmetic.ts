/** Integer arithmetic of `$((…))`: C's operators over names and numbers. */
import { ShellError } from '../errors.ts';

export interface ArithmeticVariables {
  /** `name` may have a subscript: `a[i + 1]`. */
  get(name: string): string | undefined;
  set(name: string, value: string): void;
  /** The words and status of bash's messages, instead of dash's. */
  bash?: boolean;
}

const BINARY: Record<string, number> = {
  '**': 12,
  '*': 11,
  '/': 11,
  '%': 11,
  '+': 10,
  '-': 10,
  '<<': 9,
  '>>': 9,
  '<': 8,
  '<=': 8,
  '>': 8,
  '>=': 8,
  '==': 7,
  '!=': 7,
  '&': 6,
  '^': 5,
  '|': 4,
  '&&': 3,
  '||': 2,
};
const TOKEN =
  /\s*(?:(0[xX][\da-fA-F]+|\d+#[\w@]+|\d+\w*)|([A-Za-z_]\w*(?:\[(?:[^[\]]|\[[^[\]]*\])*\])?)|(<<=|>>=|\*\*|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|[-+*/%<>=!~&|^?:(),]))/y;
const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ@_';
const DEEPEST = 100;
const ASSIGNMENTS = new Set(['=', '+=', '-=', '*=', '/=', '%=', '<<=', '>>=', '&=', '^=', '|=']);

/** The value, as decimal text. Throws {@link ShellError}. */
export function evaluateArithmetic(source: string, variables: ArithmeticVariables): string {
  const parser = new ArithmeticParser(source, variables);
  return parser.run().toString();
}

class ArithmeticParser {
  readonly #source: string;
  readonly #variables: ArithmeticVariables;
  readonly #tokens: string[];
  #index = 0;
  #skipping = 0;
  #depth = 0;

  constructor(source: string, variables: ArithmeticVariables) {
    this.#source = source;
    this.#variables = variables;
    this.#tokens = this.#tokenize();
  }

  run(): bigint {
    if (this.#tokens.length === 0) return 0n;
    const value = this.#comma();
    if (this.#index < this.#tokens.length) throw this.#error('expecting EOF');
    return value;
  }

  #tokenize(): string[] {
    const tokens: string[] = [];
    TOKEN.lastIndex = 0;
    while (TOKEN.lastIndex < this.#source.length) {
      const at = TOKEN.lastIndex;
      const match = TOKEN.exec(this.#source);
      if (match) tokens.push(match[0].trim());
      else if (this.#source.slice(at).trim() === '') break;
      else throw this.#error('expecting primary');
    }
    return tokens;
  }

  #error(text: string): ShellError {
    if (this.#variables.bash) return this.#bashError(text);
    return new ShellError(`arithmetic expression: ${text}: "${this.#source}"`);
  }

  #bashError(text: string): ShellError {
    const source = this.#source.trimStart();
    const token = this.#tokens.slice(text === 'division by zero' ? this.#index - 1 : this.#index).join(' ');
    if (text === 'division by zero') return new ShellError(`${source}: division by 0 (error token is "${token}")`, 1);
    const problem =
      this.#tokens[this.#index] === undefined && text === 'expecting primary'
        ? 'syntax error: operand expected'
        : 'syntax error in expression';
    return new ShellError(`${source}: ${problem} (error token is "${token || this.#tokens.at(-1) || source}")`, 1);
  }

  #comma(): bigint {
    let value = this.#ternary();
    while (this.#accept(',')) value = this.#ternary();
    return value;
  }

  #accept(token: string): boolean {
    if (this.#tokens[this.#index] !== token) return false;
    this.#index += 1;
    return true;
  }

  #skip(skipped: boolean, parse: () => bigint): bigint {
    if (skipped) this.#skipping += 1;
    const value = parse();
    if (skipped) this.#skipping -= 1;
    return value;
  }

  #ternary(): bigint {
    const name = this.#tokens[this.#index] ?? '';
    const operator = this.#tokens[this.#index + 1] ?? '';
    if (/^[A-Za-z_]/.test(name) && ASSIGNMENTS.has(operator)) return this.#assign(name, operator);
    const test = this.#binary(2);
    if (!this.#accept('?')) return test;
    const yes = this.#skip(test === 0n, () => this.#comma());
    if (!this.#accept(':')) throw this.#error("expecting ':'");
    const no = this.#skip(test !== 0n, () => this.#ternary());
    return test === 0n ? no : yes;
  }

  #assign(name: string, operator: string): bigint {
    this.#index += 2;
    const right = this.#ternary();
    const value = operator === '=' ? right : this.#apply(operator.slice(0, -1), this.#variable(name), right);
    this.#store(name, value);
    return value;
  }

  #store(name: string, value: bigint): void {
    if (this.#skipping === 0) this.#variables.set(name, value.toString());
  }

  #binary(level: number): bigint {
    let left = this.#unary();
    for (;;) {
      const operator = this.#tokens[this.#index] ?? '';
      const precedence = BINARY[operator];
      if (precedence === undefined || precedence < level) return left;
      this.#index += 1;
      const skipped = (operator === '&&' && left === 0n) || (operator === '||' && left !== 0n);
      const right = this.#skip(skipped, () => this.#binary(operator === '**' ? precedence : precedence + 1));
      left = this.#apply(operator, left, right);
    }
  }

  #apply(operator: string, a: bigint, b: bigint): bigint {
    const truth = (value: boolean) => (value ? 1n : 0n);
    switch (operator) {
      case '+':
        return BigInt.asIntN(64, a + b);
      case '-':
        return BigInt.asIntN(64, a - b);
      case '*':
        return BigInt.asIntN(64, a * b);
      case '**':
        return BigInt.asIntN(64, a ** b);
      case '/':
      case '%':
        if (b === 0n) {
          if (this.#skipping > 0) return 0n;
          throw this.#error('division by zero');
        }
        return operator === '/' ? a / b : a % b;
      case '<<':
        return BigInt.asIntN(64, a << b);
      case '>>':
        return a >> b;
      case '<':
        return truth(a < b);
      case '<=':
        return truth(a <= b);
      case '>':
        return truth(a > b);
      case '>=':
        return truth(a >= b);
      case '==':
        return truth(a === b);
      case '!=':
        return truth(a !== b);
      case '&':
        return a & b;
      case '^':
        return a ^ b;
      case '|':
        return a | b;
      case '&&':
        return truth(a !== 0n && b !== 0n);
      case '||':
        return truth(a !== 0n || b !== 0n);
      default:
        throw this.#error('expecting EOF');
    }
  }

  #unary(): bigint {
    const token = this.#tokens[this.#index];
    this.#index += 1;
    if (token === undefined) throw this.#error('expecting primary');
    if (token === '-') return -this.#unary();
    if (token === '+') return this.#unary();
    if (token === '!') return this.#unary() === 0n ? 1n : 0n;
    if (token === '~') return ~this.#unary();
    // dash has no such operators: two signs.
    if ((token === '++' || token === '--') && !this.#variables.bash) return this.#unary();
    if (token === '++' || token === '--') return this.#step(this.#tokens[this.#index++] ?? '', token, true);
    if (token === '(') {
      const value = this.#comma();
      if (!this.#accept(')')) throw this.#error("expecting ')'");
      return value;
    }
    if (/^\d/.test(token)) return this.#number(token);
    if (!/^[A-Za-z_]/.test(token)) throw this.#error('expecting primary');
    const next = this.#tokens[this.#index];
    if (next !== '++' && next !== '--') return this.#variable(token);
    if (!this.#variables.bash) throw this.#error('expecting primary');
    this.#index += 1;
    return this.#step(token, next, false);
  }

  #step(name: string, operator: string, prefix: boolean): bigint {
    if (!/^[A-Za-z_]/.test(name)) throw this.#error('expecting primary');
    const old = this.#variable(name);
    const value = operator === '++' ? old + 1n : old - 1n;
    this.#store(name, value);
    return prefix ? value : old;
  }

  #variable(name: string): bigint {
    const text = (this.#variables.get(name) ?? '').trim();
    if (text === '') return 0n;
    const match = /^([-+]?)(0[xX][\da-fA-F]+|\d+)$/.exec(text);
    if (!match && this.#variables.bash) return this.#nested(text);
    if (!match) throw new ShellError(`Illegal number: ${text}`);
    const value = this.#number(match[2] ?? '0');
    return match[1] === '-' ? -value : value;
  }

  /** In bash the value of a variable is an expression too. */
  #nested(text: string): bigint {
    if (this.#depth >= DEEPEST)
      throw new ShellError(`${text}: expression recursion level exceeded (error token is "${text}")`, 1);
    const parser = new ArithmeticParser(text, this.#variables);
    parser.#depth = this.#depth + 1;
    return parser.run();
  }

  #number(text: string): bigint {
    const based = /^(\d+)#([\w@]+)$/.exec(text);
    if (based) return this.#inBase(Number(based[1]), based[2] ?? '');
    if (/^0[0-7]+$/.test(text)) return BigInt(`0o${text.slice(1)}`);
    if (/^(0[xX][\da-fA-F]+|0|[1-9]\d*)$/.test(text)) return BigInt(text);
    if (this.#variables.bash) throw new ShellError(`${text}: value too great for base (error token is "${text}")`, 1);
    throw this.#error('expecting EOF');
  }

  #inBase(base: number, digits: string): bigint {
    let value = 0n;
    for (const char of base <= 36 ? digits.toLowerCase() : digits) {
      const digit = DIGITS.indexOf(char);
      if (digit === -1 || digit >= base) {
        throw new ShellError(`${base}#${digits}: value too great for base (error token is "${base}#${digits}")`, 1);
      }
      value = value * BigInt(base) + BigInt(digit);
    }
    return value;
  }
}
