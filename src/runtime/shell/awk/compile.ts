/** Turns an awk program into JavaScript: a loop over the records around the rules. */
import { type Analysis, analyse } from './analysis.ts';
import { ExpressionCompiler, SPECIAL } from './compile-expression.ts';
import * as library from './library.ts';
import type { AwkRuntime } from './runtime.ts';
import type { FunctionDefinition, Program, Rule, Statement } from './syntax.ts';

export type CompiledAwk = (runtime: AwkRuntime) => Promise<void>;

const AsyncFunction = (async () => undefined).constructor as new (
  ...words: string[]
) => (runtime: AwkRuntime, library: unknown) => Promise<void>;

export function compileAwk(program: Program): CompiledAwk {
  const text = new ProgramCompiler(program).run();
  const main = new AsyncFunction('rt', 'lib', text);
  return (runtime) => main(runtime, library);
}

class ProgramCompiler {
  readonly #program: Program;
  readonly #analysis: Analysis;
  /** Constants of the program: its regular expressions. */
  readonly #constants: string[] = [];

  constructor(program: Program) {
    this.#program = program;
    this.#analysis = analyse(program);
  }

  run(): string {
    const { arrays, globals } = this.#analysis;
    const functions = [...this.#program.functions.values()].map((definition) => this.#function(definition));
    const main = new StatementCompiler(this.#expressions([], new Set()), false);
    const section = (name: 'BEGIN' | 'END') =>
      this.#program.rules.filter(({ pattern }) => pattern === name).map(({ body }) => main.block(body ?? []));
    const begin = section('BEGIN').join('\n');
    const end = section('END').join('\n');
    const rules = this.#program.rules.filter(({ pattern }) => Array.isArray(pattern));
    const ranges = rules.map((_, index) => `let range${index} = false;`).join('');
    const body = rules.map((rule, index) => this.#rule(main, rule, index)).join('\n');
    const names = [...globals].filter((name) => !SPECIAL.has(name));
    const variables = names
      .map((name) => (arrays.has(name) ? `const a_${name} = new Map();` : `let v_${name};`))
      .join('');
    const setters = names
      .filter((name) => !arrays.has(name))
      .map((name) => `case '${name}': v_${name} = value; return;`);
    const loop =
      rules.length === 0 && end === ''
        ? ''
        : `records: for (;;) { const record = rt.nextBuffered() ?? await rt.nextRecord();
           if (record === undefined) break; rt.setRecord(record);
           try { ${body} } catch (error) { if (!(error instanceof lib.AwkNext)) throw error; } }`;
    const temporaries = main.expressions.temporaries;
    return `const { N, T, C, G, S, regExpOf } = lib.bind(rt); ${this.#constants.join('')} ${variables}
      rt.assign = (name, value) => { switch (name) { ${setters.join('')} default: lib.assignSpecial(rt, name, value); } };
      lib.applyAssignments(rt); ${temporaries} ${ranges} ${functions.join('\n')}
      try { ${begin}\n${loop} } catch (error) { if (!(error instanceof lib.AwkExit)) throw error; rt.exitStatus = error.status; }
      try { ${end} } catch (error) { if (!(error instanceof lib.AwkExit)) throw error; rt.exitStatus = error.status; }`;
  }

  #expressions(parameters: readonly string[], arrayParameters: ReadonlySet<string>): ExpressionCompiler {
    return new ExpressionCompiler({
      program: this.#program,
      analysis: this.#analysis,
      parameters,
      arrayParameters,
      constants: this.#constants,
    });
  }

  #function({ name, parameters, body }: FunctionDefinition): string {
    const arrayParameters = this.#analysis.arrayParameters.get(name) ?? new Set();
    const expressions = this.#expressions(parameters, arrayParameters);
    const code = new StatementCompiler(expressions, true).block(body);
    const list = parameters.map((parameter) => `p_${parameter}`).join(', ');
    const defaults = [...arrayParameters].map((parameter) => `p_${parameter} ??= new Map();`).join('');
    const keyword = this.#analysis.waiting.has(name) ? 'async function' : 'function';
    return `${keyword} f_${name}(${list}) { ${expressions.temporaries} ${defaults} ${code} }`;
  }

  #rule(statements: StatementCompiler, { pattern, body }: Rule, index: number): string {
    const code = body ? statements.block(body) : 'rt.print(rt.record + T(rt.ORS)); if (rt.full) await rt.flush();';
    const [first, last] = pattern as Exclude<Rule['pattern'], string>;
    const { expressions } = statements;
    if (!first) return `{ ${code} }`;
    if (!last) return `if (${expressions.truth(first)}) { ${code} }`;
    return `{ let hit = range${index}; if (!hit && ${expressions.truth(first)}) hit = range${index} = true;
      if (hit) { if (${expressions.truth(last)}) range${index} = false; ${code} } }`;
  }
}

class StatementCompiler {
  readonly expressions: ExpressionCompiler;
  readonly #inFunction: boolean;

  constructor(expressions: ExpressionCompiler, inFunction: boolean) {
    this.expressions = expressions;
    this.#inFunction = inFunction;
  }

  block(body: readonly Statement[]): string {
    return body.map((statement) => this.#statement(statement)).join('\n');
  }

  #statement(statement: Statement): string {
    const { expressions } = this;
    switch (statement.type) {
      case 'expression':
        return `${expressions.effect(statement.expression)};`;
      case 'print':
      case 'printf':
        return this.#print(statement);
      case 'block':
        return `{ ${this.block(statement.body)} }`;
      case 'if': {
        const otherwise = statement.no ? ` else { ${this.#statement(statement.no)} }` : '';
        return `if (${expressions.truth(statement.test)}) { ${this.#statement(statement.yes)} }${otherwise}`;
      }
      case 'while':
        return `while (${expressions.truth(statement.test)}) { ${this.#statement(statement.body)} }`;
      case 'do':
        return `do { ${this.#statement(statement.body)} } while (${expressions.truth(statement.test)});`;
      case 'for': {
        const start = statement.start ? this.#statement(statement.start) : '';
        const step = statement.step?.type === 'expression' ? expressions.effect(statement.step.expression) : '';
        const test = statement.test ? expressions.truth(statement.test) : '';
        return `${start} for (; ${test}; ${step}) { ${this.#statement(statement.body)} }`;
      }
      case 'each': {
        const set = expressions.store({ type: 'name', name: statement.name }, 'lib.fromInput(key)');
        return `for (const key of [...${expressions.array(statement.array)}.keys()]) { ${set}; ${this.#statement(statement.body)} }`;
      }
      case 'delete': {
        const array = expressions.array(statement.array);
        return statement.keys ? `${array}.delete(${expressions.key(statement.keys)});` : `${array}.clear();`;
      }
      default:
        return this.#jump(statement);
    }
  }

  #jump(
    statement: Extract<Statement, { type: 'next' | 'nextfile' | 'break' | 'continue' | 'exit' | 'return' }>,
  ): string {
    switch (statement.type) {
      case 'next':
        return 'throw lib.NEXT;';
      case 'nextfile':
        return 'rt.skipFile(); throw lib.NEXT;';
      case 'exit':
        return `throw new lib.AwkExit(${statement.value ? this.expressions.number(statement.value) : 'rt.exitStatus'});`;
      case 'return':
        return this.#inFunction ? `return ${statement.value ? this.expressions.value(statement.value) : ''};` : '';
      default:
        return `${statement.type};`;
    }
  }

  #print({ type, args, redirect }: Extract<Statement, { type: 'print' | 'printf' }>): string {
    const { expressions } = this;
    let text: string;
    if (type === 'printf') {
      const [format, ...rest] = args;
      const values = rest.map((argument) => expressions.value(argument)).join(', ');
      text = format ? `lib.formatText(${expressions.text(format)}, [${values}], T(rt.CONVFMT))` : "''";
    } else if (args.length === 0) text = 'rt.record + T(rt.ORS)';
    else text = `${args.map((argument) => expressions.output(argument)).join(' + T(rt.OFS) + ')} + T(rt.ORS)`;
    if (!redirect) return `rt.print(${text}); if (rt.full) await rt.flush();`;
    return `await rt.printTo(${text}, '${redirect.operator}', ${expressions.text(redirect.target)});`;
  }
}
