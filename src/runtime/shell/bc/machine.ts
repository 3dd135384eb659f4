/** Runs programs of bc. */
import { MATH } from './math.ts';
import * as num from './number.ts';
import { BcError, type Decimal, formatNumber, ONE, parseNumber, ZERO } from './number.ts';
import { type Definition, type Expression, type Place, parseBc, type Statement } from './parser.ts';

type Flow = 'break' | 'continue' | 'quit' | { value: Decimal } | undefined;

/** A line of output is no longer. */
const LINE_LENGTH = 70;
const MOST_CALLS = 2000;

export class BcMachine {
  /** What was printed and not taken yet. */
  output = '';
  readonly #variables = new Map<string, Decimal>();
  readonly #arrays = new Map<string, Map<string, Decimal>>();
  readonly #functions = new Map<string, Definition>();
  readonly #settings = { scale: 0, ibase: 10, obase: 10 };
  readonly #lineLength: number;
  #last: Decimal = ZERO;
  #depth = 0;

  /** With the library of `-l`: s, c, a, l, e, and a scale of 20. */
  constructor({ library, lineLength = LINE_LENGTH }: { library: boolean; lineLength?: number }) {
    this.#lineLength = lineLength;
    if (!library) return;
    this.run(MATH);
    this.#settings.scale = 20;
  }

  /** False after `quit`. Throws {@link BcError}. */
  run(source: string): boolean {
    for (const statement of parseBc(source)) if (this.#do(statement) === 'quit') return false;
    return true;
  }

  #do(statement: Statement): Flow {
    switch (statement.type) {
      case 'expression': {
        const value = this.#value(statement.expression);
        if (!statement.silent) this.#show(value, '\n');
        return undefined;
      }
      case 'string':
        this.output += statement.text;
        return undefined;
      case 'print':
        for (const item of statement.items) {
          if (typeof item === 'string') this.output += unescapeText(item);
          else this.#show(this.#value(item), '');
        }
        return undefined;
      case 'if':
        if (this.#isTrue(statement.condition)) return this.#do(statement.then);
        return statement.otherwise && this.#do(statement.otherwise);
      case 'while':
      case 'for':
        return this.#loop(statement);
      case 'block':
        return this.#doAll(statement.body);
      case 'define':
        this.#functions.set(statement.name, statement.definition);
        return undefined;
      case 'return':
        return { value: statement.value ? this.#value(statement.value) : ZERO };
      case 'halt':
        return 'quit';
      default:
        return statement.type;
    }
  }

  #doAll(statements: readonly Statement[]): Flow {
    for (const statement of statements) {
      const flow = this.#do(statement);
      if (flow !== undefined) return flow;
    }
    return undefined;
  }

  #loop(loop: Extract<Statement, { type: 'while' | 'for' }>): Flow {
    const { start, step } = loop.type === 'for' ? loop : {};
    if (start) this.#value(start);
    while (loop.condition === undefined || this.#isTrue(loop.condition)) {
      const flow = this.#do(loop.body);
      if (flow === 'break') break;
      if (flow !== undefined && flow !== 'continue') return flow;
      if (step) this.#value(step);
    }
    return undefined;
  }

  #show(value: Decimal, end: string): void {
    this.#last = value;
    const text = formatNumber(value, this.#settings.obase);
    const width = this.#lineLength === 0 ? text.length : this.#lineLength - 2;
    const parts = text.length > width + 1 ? (text.match(new RegExp(`.{1,${width}}`, 'g')) ?? []) : [text];
    this.output += parts.join('\\\n') + end;
  }

  #isTrue(expression: Expression): boolean {
    return this.#value(expression).units !== 0n;
  }

  #value(expression: Expression): Decimal {
    switch (expression.type) {
      case 'number':
        return parseNumber(expression.text, this.#settings.ibase);
      case 'place':
        return this.#read(expression.place);
      case 'assign': {
        const value = this.#value(expression.value);
        const { operator, place } = expression;
        const result = operator === '' ? value : this.#calculate(operator, this.#read(place), value);
        this.#write(place, result);
        return result;
      }
      case 'step': {
        const before = this.#read(expression.place);
        const after = num.add(before, { units: BigInt(expression.by), scale: 0 });
        this.#write(expression.place, after);
        return expression.before ? after : before;
      }
      case 'unary': {
        const value = this.#value(expression.operand);
        return expression.operator === '-' ? num.negate(value) : value.units === 0n ? ONE : ZERO;
      }
      case 'binary':
        if (expression.operator === '&&')
          return this.#isTrue(expression.left) && this.#isTrue(expression.right) ? ONE : ZERO;
        if (expression.operator === '||')
          return this.#isTrue(expression.left) || this.#isTrue(expression.right) ? ONE : ZERO;
        return this.#calculate(expression.operator, this.#value(expression.left), this.#value(expression.right));
      case 'call':
        return this.#call(expression.name, expression.args);
    }
  }

  #calculate(operator: string, a: Decimal, b: Decimal): Decimal {
    const { scale } = this.#settings;
    switch (operator) {
      case '+':
        return num.add(a, b);
      case '-':
        return num.subtract(a, b);
      case '*':
        return num.multiply(a, b, scale);
      case '/':
        return num.divide(a, b, scale);
      case '%':
        return num.modulo(a, b, scale);
      case '^':
        return num.power(a, b, scale);
      default:
        return compares(operator, num.compare(a, b)) ? ONE : ZERO;
    }
  }

  #call(name: string, args: readonly Expression[]): Decimal {
    const first = () => (args[0] ? this.#value(args[0]) : ZERO);
    if (!this.#functions.has(name)) {
      if (name === 'sqrt') return num.squareRoot(first(), this.#settings.scale);
      if (name === 'scale') return integer(first().scale);
      if (name === 'length') {
        const { units, scale } = first();
        return integer(Math.max(String(units).replace('-', '').length, scale, 1));
      }
    }
    const definition = this.#functions.get(name);
    if (!definition) throw new BcError(`Function ${name} not defined.`);
    if (args.length !== definition.parameters.length) throw new BcError('Parameter number mismatch');
    return this.#callDefined(definition, args);
  }

  #callDefined({ parameters, locals, body }: Definition, args: readonly Expression[]): Decimal {
    if (this.#depth >= MOST_CALLS) throw new BcError('Function calls are nested too deeply');
    const values = args.map((arg) => this.#argument(arg));
    const names = [...parameters, ...locals];
    const kept = names.map((name) => this.#take(name));
    for (const [index, name] of parameters.entries()) this.#put(name, values[index]);
    this.#depth += 1;
    try {
      const flow = this.#doAll(body);
      return typeof flow === 'object' ? flow.value : ZERO;
    } finally {
      this.#depth -= 1;
      for (const [index, name] of names.entries()) this.#put(name, kept[index]);
    }
  }

  #argument(arg: Expression): Decimal | Map<string, Decimal> {
    const array = arg.type === 'place' && arg.place.type === 'variable' && arg.place.name.endsWith('[]');
    return array ? new Map(this.#arrays.get(arg.place.name.slice(0, -2))) : this.#value(arg);
  }

  #take(name: string): Decimal | Map<string, Decimal> | undefined {
    const array = name.endsWith('[]');
    const kept = array ? this.#arrays.get(name.slice(0, -2)) : this.#variables.get(name);
    this.#put(name, undefined);
    return kept;
  }

  #put(name: string, value: Decimal | Map<string, Decimal> | undefined): void {
    if (name.endsWith('[]')) {
      if (value instanceof Map) this.#arrays.set(name.slice(0, -2), value);
      else this.#arrays.delete(name.slice(0, -2));
    } else if (value === undefined || value instanceof Map) this.#variables.delete(name);
    else this.#variables.set(name, value);
  }

  #read(place: Place): Decimal {
    if (place.type === 'variable') return this.#variables.get(place.name) ?? ZERO;
    if (place.type === 'setting') return place.name === 'last' ? this.#last : integer(this.#settings[place.name]);
    return this.#arrays.get(place.name)?.get(this.#index(place.index)) ?? ZERO;
  }

  #write(place: Place, value: Decimal): void {
    if (place.type === 'variable') this.#variables.set(place.name, value);
    else if (place.type === 'element') {
      const array = this.#arrays.get(place.name) ?? new Map<string, Decimal>();
      this.#arrays.set(place.name, array.set(this.#index(place.index), value));
    } else if (place.name === 'last') this.#last = value;
    else {
      const number = Number(num.rescale(value, 0).units);
      const limits = { scale: [0, 2_147_483_647], ibase: [2, 16], obase: [2, 2_147_483_647] }[place.name];
      this.#settings[place.name] = Math.min(Math.max(number, limits[0] ?? 0), limits[1] ?? number);
    }
  }

  #index(expression: Expression): string {
    return num.rescale(this.#value(expression), 0).units.toString();
  }
}

const integer = (value: number): Decimal => ({ units: BigInt(value), scale: 0 });

function compares(operator: string, order: number): boolean {
  if (operator === '==') return order === 0;
  if (operator === '!=') return order !== 0;
  if (operator === '<') return order < 0;
  if (operator === '<=') return order <= 0;
  return operator === '>' ? order > 0 : order >= 0;
}

const ESCAPES: Record<string, string> = { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', q: '"', '\\': '\\' };
const unescapeText = (text: string) => text.replace(/\\(.)/g, (all, letter: string) => ESCAPES[letter] ?? all);
