/** Expressions of awk as JavaScript. */
import type { Analysis } from './analysis.ts';
import { AwkSyntaxError, type Expression, type Program, type Target } from './syntax.ts';

/** Variables that live in the runtime. */
export const SPECIAL: ReadonlySet<string> = new Set(
  'NF NR FNR FS OFS ORS RS SUBSEP CONVFMT OFMT RSTART RLENGTH FILENAME RT ARGC ARGV ENVIRON'.split(' '),
);

export interface Scope {
  program: Program;
  analysis: Analysis;
  parameters: readonly string[];
  arrayParameters: ReadonlySet<string>;
  constants: string[];
}

type Kind = 'number' | 'text' | 'any';

interface Code {
  code: string;
  kind: Kind;
}

const number = (code: string): Code => ({ code, kind: 'number' });
const text = (code: string): Code => ({ code, kind: 'text' });

export class ExpressionCompiler {
  readonly #scope: Scope;
  #count = 0;

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  /** Declares what was needed for values that are used twice. */
  get temporaries(): string {
    return this.#count === 0 ? '' : `let ${Array.from({ length: this.#count }, (_, index) => `t${index}`).join(', ')};`;
  }

  value(expression: Expression): string {
    return this.#compile(expression).code;
  }

  number(expression: Expression): string {
    const { code, kind } = this.#compile(expression);
    return kind === 'number' ? code : `N(${code})`;
  }

  text(expression: Expression): string {
    const { code, kind } = this.#compile(expression);
    return kind === 'text' ? code : `T(${code})`;
  }

  /** As `print` writes it. */
  output(expression: Expression): string {
    const { code, kind } = this.#compile(expression);
    return kind === 'text' ? code : `rt.outputText(${code})`;
  }

  truth(expression: Expression): string {
    const { code, kind } = this.#compile(expression);
    if (kind === 'number') return `(${code}) !== 0`;
    return kind === 'text' ? `(${code}) !== ''` : `C(${code})`;
  }

  /** For what it does only. */
  effect(expression: Expression): string {
    return this.value(expression);
  }

  array(name: string): string {
    if (this.#scope.parameters.includes(name)) return `p_${name}`;
    if (name === 'ARGV' || name === 'ENVIRON') return `rt.${name}`;
    return `a_${name}`;
  }

  key(keys: readonly Expression[]): string {
    const [only] = keys;
    if (keys.length === 1 && only) return this.text(only);
    return `rt.key([${keys.map((item) => this.value(item)).join(', ')}])`;
  }

  /** Code that assigns; its value is what was assigned. */
  store(target: Target, code: string): string {
    if (target.type === 'field') return `rt.setField(${this.number(target.index)}, ${code})`;
    if (target.type === 'element') return `S(${this.array(target.array)}, ${this.key(target.keys)}, ${code})`;
    return `(${this.#variable(target.name)} = ${code})`;
  }

  #variable(name: string): string {
    if (this.#scope.parameters.includes(name)) return `p_${name}`;
    return SPECIAL.has(name) ? `rt.${name}` : `v_${name}`;
  }

  #temporary(): string {
    this.#count += 1;
    return `t${this.#count - 1}`;
  }

  #isArray(name: string): boolean {
    if (this.#scope.parameters.includes(name)) return this.#scope.arrayParameters.has(name);
    return this.#scope.analysis.arrays.has(name) || name === 'ARGV' || name === 'ENVIRON';
  }

  #compile(expression: Expression): Code {
    switch (expression.type) {
      case 'number':
        return number(String(expression.value));
      case 'string':
        return text(JSON.stringify(expression.value));
      case 'regexp':
        return number(`(${this.#regExp(expression)}.test(rt.record) ? 1 : 0)`);
      case 'name':
        return {
          code: this.#isArray(expression.name) ? this.array(expression.name) : this.#variable(expression.name),
          kind: 'any',
        };
      case 'field':
        return { code: `rt.field(${this.number(expression.index)})`, kind: 'any' };
      case 'element':
        return { code: `G(${this.array(expression.array)}, ${this.key(expression.keys)})`, kind: 'any' };
      case 'in':
        return number(`(${this.array(expression.array)}.has(${this.key(expression.keys)}) ? 1 : 0)`);
      case 'assign':
        return this.#assign(expression);
      case 'step':
        return this.#step(expression);
      case 'unary':
        if (expression.operator === '!') return number(`(${this.truth(expression.operand)} ? 0 : 1)`);
        return number(`(${expression.operator}${this.number(expression.operand)})`);
      case 'binary':
        return this.#binary(expression);
      case 'match': {
        const test = `${this.#regExp(expression.right)}.test(${this.text(expression.left)})`;
        return number(`(${test} ? ${expression.negated ? '0 : 1' : '1 : 0'})`);
      }
      case 'condition':
        return this.#condition(expression);
      case 'group':
        return this.#group(expression.items);
      case 'getline':
        return this.#getline(expression);
      case 'call':
        return expression.builtin ? this.#builtin(expression.name, expression.args) : this.#call(expression);
    }
  }

  #condition({ test, yes, no }: Extract<Expression, { type: 'condition' }>): Code {
    const [left, right] = [this.#compile(yes), this.#compile(no)];
    return {
      code: `(${this.truth(test)} ? ${left.code} : ${right.code})`,
      kind: left.kind === right.kind ? left.kind : 'any',
    };
  }

  #group(items: readonly Expression[]): Code {
    const [only] = items;
    if (items.length === 1 && only) {
      const { code, kind } = this.#compile(only);
      return { code: `(${code})`, kind };
    }
    return text(`rt.key([${items.map((item) => this.value(item)).join(', ')}])`);
  }

  /** Code of a RegExp. */
  #regExp(expression: Expression): string {
    if (expression.type !== 'regexp') return `regExpOf(${this.text(expression)})`;
    const name = `re${this.#scope.constants.length}`;
    this.#scope.constants.push(`const ${name} = regExpOf(${JSON.stringify(expression.source)});`);
    return name;
  }

  #arithmetic(operator: string, left: string, right: string): string {
    if (operator === '/') return `rt.divide(${left}, ${right})`;
    if (operator === '%') return `rt.modulo(${left}, ${right})`;
    return operator === '^' ? `Math.pow(${left}, ${right})` : `(${left} ${operator} ${right})`;
  }

  #assign({ operator, target, value }: Extract<Expression, { type: 'assign' }>): Code {
    if (operator === '=') {
      const { code, kind } = this.#compile(value);
      return {
        code: this.store(target, code),
        kind: target.type === 'name' && SPECIAL.has(target.name) ? 'any' : kind,
      };
    }
    const right = this.#temporary();
    return number(
      `(${right} = ${this.number(value)}, ${this.#update(target, (old) => this.#arithmetic(operator.slice(0, -1), old, right))})`,
    );
  }

  /** Code that changes a target by its old value as a number, its subscript evaluated once. */
  #update(target: Target, change: (old: string) => string): string {
    if (target.type === 'name') {
      const variable = this.#variable(target.name);
      return `(${variable} = ${change(`N(${variable})`)})`;
    }
    const place = this.#temporary();
    if (target.type === 'field') {
      return `(${place} = ${this.number(target.index)}, rt.setField(${place}, ${change(`N(rt.field(${place}))`)}))`;
    }
    const array = this.array(target.array);
    return `(${place} = ${this.key(target.keys)}, S(${array}, ${place}, ${change(`N(${array}.get(${place}))`)}))`;
  }

  #step({ operator, prefix, target }: Extract<Expression, { type: 'step' }>): Code {
    const by = operator === '++' ? '+ 1' : '- 1';
    if (prefix) return number(this.#update(target, (old) => `${old} ${by}`));
    const old = this.#temporary();
    return number(`(${this.#update(target, (current) => `(${old} = ${current}) ${by}`)}, ${old})`);
  }

  #binary({ operator, left, right }: Extract<Expression, { type: 'binary' }>): Code {
    switch (operator) {
      case '&&':
      case '||':
        return number(`(${this.truth(left)} ${operator} ${this.truth(right)} ? 1 : 0)`);
      case ' ':
        return text(`(${this.text(left)} + ${this.text(right)})`);
      case '<':
      case '<=':
      case '>':
      case '>=':
      case '==':
      case '!=': {
        const sign = operator === '==' ? '===' : operator === '!=' ? '!==' : operator;
        const [a, b] = [this.#compile(left), this.#compile(right)];
        if (a.kind === 'number' && b.kind === 'number') return number(`(${a.code} ${sign} ${b.code} ? 1 : 0)`);
        return number(`(rt.compare(${a.code}, ${b.code}) ${sign} 0 ? 1 : 0)`);
      }
      default:
        return number(this.#arithmetic(operator, this.number(left), this.number(right)));
    }
  }

  #call({ name, args }: Extract<Expression, { type: 'call' }>): Code {
    const definition = this.#scope.program.functions.get(name);
    if (!definition) throw new AwkSyntaxError(`function ${name} never defined`);
    const values = args.map((argument) => this.value(argument)).join(', ');
    const wait = this.#scope.analysis.waiting.has(name) ? 'await ' : '';
    return { code: `(${wait}f_${name}(${values}))`, kind: 'any' };
  }

  #getline({ from, source, target }: Extract<Expression, { type: 'getline' }>): Code {
    const set = target ? this.store(target, 'lib.fromInput(line)') : 'rt.setRecord(line)';
    const place = source ? this.text(source) : "''";
    return number(`(await lib.getline(rt, '${from}', ${place}, async (line) => { ${set}; }))`);
  }

  #builtin(name: string, args: readonly Expression[]): Code {
    const [first, second, third, fourth] = args;
    const need = (argument: Expression | undefined): Expression => {
      if (!argument) throw new AwkSyntaxError(`not enough arguments to ${name}`);
      return argument;
    };
    switch (name) {
      case 'length':
        if (!first) return number('rt.record.length');
        if (first.type === 'name' && this.#isArray(first.name)) return number(`${this.array(first.name)}.size`);
        return number(`${this.text(first)}.length`);
      case 'sub':
      case 'gsub':
        return this.#substitute(
          name === 'gsub',
          need(first),
          need(second),
          third ?? { type: 'field', index: { type: 'number', value: 0 } },
        );
      case 'gensub':
        return text(
          `lib.gensub(${this.#regExp(need(first))}, ${this.text(need(second))}, ${this.text(need(third))}, ${fourth ? this.text(fourth) : 'rt.record'})`,
        );
      case 'match':
        return number(
          `lib.match(rt, ${this.text(need(first))}, ${this.#regExp(need(second))}${third?.type === 'name' ? `, ${this.array(third.name)}` : ''})`,
        );
      case 'split': {
        const array = need(second);
        if (array.type !== 'name') throw new AwkSyntaxError('split needs an array');
        const separator = !third ? 'rt.FS' : third.type === 'regexp' ? this.#regExp(third) : this.text(third);
        return number(`lib.split(rt, ${this.text(need(first))}, ${this.array(array.name)}, ${separator})`);
      }
      case 'sprintf': {
        const values = args
          .slice(1)
          .map((argument) => this.value(argument))
          .join(', ');
        return text(`lib.formatText(${this.text(need(first))}, [${values}], T(rt.CONVFMT))`);
      }
      case 'close':
        return number(`(await rt.close(${this.text(need(first))}))`);
      case 'system':
        return number(`(await rt.system(${this.text(need(first))}))`);
      case 'fflush':
        return number('(await rt.flushAll())');
      case 'asort':
      case 'asorti': {
        const array = need(first);
        if (array.type !== 'name') throw new AwkSyntaxError(`${name} needs an array`);
        const target = second?.type === 'name' ? `, ${this.array(second.name)}` : '';
        return number(`lib.${name}(rt, ${this.array(array.name)}${target})`);
      }
      case 'substr':
        return text(
          `lib.substr(${this.text(need(first))}, ${this.number(need(second))}${third ? `, ${this.number(third)}` : ''})`,
        );
      case 'index':
        return number(`(${this.text(need(first))}.indexOf(${this.text(need(second))}) + 1)`);
      case 'tolower':
        return text(`${this.text(need(first))}.toLowerCase()`);
      case 'toupper':
        return text(`${this.text(need(first))}.toUpperCase()`);
      case 'strftime':
        return text(
          `lib.formatTime(${first ? this.text(first) : "'%a %b %e %H:%M:%S %Z %Y'"}, ${second ? this.number(second) : 'Date.now() / 1000'})`,
        );
      case 'strtonum':
        return number(`lib.strtonum(${this.text(need(first))})`);
      case 'mktime':
        return number(`lib.mktime(${this.text(need(first))})`);
      default:
        return number(`lib.${name}(${args.map((argument) => this.number(argument)).join(', ')})`);
    }
  }

  #substitute(global: boolean, pattern: Expression, replacement: Expression, target: Expression): Code {
    const result = this.#temporary();
    const code = `${result} = lib.substitute(${this.#regExp(pattern)}, ${this.text(replacement)}, ${this.text(target)}, ${global})`;
    const isTarget = target.type === 'name' || target.type === 'field' || target.type === 'element';
    const store = isTarget ? `${result}.count > 0 && ${this.store(target, `${result}.text`)}, ` : '';
    return number(`(${code}, ${store}${result}.count)`);
  }
}
