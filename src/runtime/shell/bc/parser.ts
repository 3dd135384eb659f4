/** The language of bc (POSIX, with what GNU bc adds that is in use: `print`, `if … else`, `&&`, comments with `#`). */
import { BcError } from './number.ts';

export type Place =
  | { type: 'variable'; name: string }
  | { type: 'element'; name: string; index: Expression }
  | { type: 'setting'; name: 'scale' | 'ibase' | 'obase' | 'last' };

export type Expression =
  | { type: 'number'; text: string }
  | { type: 'place'; place: Place }
  | { type: 'assign'; place: Place; operator: string; value: Expression }
  | { type: 'step'; place: Place; by: 1 | -1; before: boolean }
  | { type: 'binary'; operator: string; left: Expression; right: Expression }
  | { type: 'unary'; operator: '-' | '!'; operand: Expression }
  | { type: 'call'; name: string; args: Expression[] };

export type Statement =
  | { type: 'expression'; expression: Expression; silent: boolean }
  | { type: 'string'; text: string }
  | { type: 'print'; items: (string | Expression)[] }
  | { type: 'if'; condition: Expression; then: Statement; otherwise: Statement | undefined }
  | { type: 'while'; condition: Expression; body: Statement }
  | { type: 'for'; start?: Expression; condition?: Expression; step?: Expression; body: Statement }
  | { type: 'block'; body: Statement[] }
  | { type: 'define'; name: string; definition: Definition }
  | { type: 'return'; value: Expression | undefined }
  | { type: 'break' | 'continue' | 'quit' | 'halt' };

export interface Definition {
  parameters: string[];
  locals: string[];
  body: Statement[];
}

const TOKEN =
  /[ \t]*(?:\\\n)?[ \t]*(?:(\/\*[\s\S]*?\*\/|#[^\n]*)|(\d[\dA-F]*\.?[\dA-F]*|\.[\dA-F]+|[A-F][\dA-F]*)|([a-z][a-z0-9_]*)|"([^"]*)"|(\+\+|--|[-+*/%^=<>!]=|&&|\|\||[-+*/%^=<>!(){}[\],;\n]))/gy;

interface Token {
  type: 'number' | 'name' | 'string' | 'mark' | 'end';
  text: string;
}

const ASSIGNMENTS = ['=', '+=', '-=', '*=', '/=', '%=', '^='];
/** From the loosest; all but `^` bind to the left. */
const LEVELS = [['||'], ['&&'], ['==', '<=', '>=', '!=', '<', '>'], ['+', '-'], ['*', '/', '%']];

/** Throws {@link BcError}. */
export function parseBc(source: string): Statement[] {
  return new BcParser(tokenize(source)).run();
}

function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < source.length) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(source);
    if (!match) {
      if (source.slice(at).trim() === '') break;
      throw new BcError('syntax error');
    }
    at = TOKEN.lastIndex;
    const [, comment, number, name, string, mark] = match;
    if (comment !== undefined) continue;
    if (number !== undefined) tokens.push({ type: 'number', text: number });
    else if (name !== undefined) tokens.push({ type: 'name', text: name });
    else if (string !== undefined) tokens.push({ type: 'string', text: string });
    else tokens.push({ type: 'mark', text: mark ?? '' });
  }
  return [...tokens, { type: 'end', text: '' }];
}

class BcParser {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  run(): Statement[] {
    const statements: Statement[] = [];
    while (!this.#isEnd()) {
      if (this.#accept('\n', ';')) continue;
      const statement = this.#statement();
      statements.push(statement);
      if (statement.type !== 'define' && !this.#isEnd() && !this.#is('\n', ';')) throw new BcError('syntax error');
    }
    return statements;
  }

  get #token(): Token {
    return this.#tokens[this.#at] ?? { type: 'end', text: '' };
  }

  #isEnd(): boolean {
    return this.#token.type === 'end';
  }

  #is(...marks: string[]): boolean {
    return this.#token.type === 'mark' && marks.includes(this.#token.text);
  }

  #accept(...marks: string[]): boolean {
    if (!this.#is(...marks)) return false;
    this.#at += 1;
    return true;
  }

  #expect(mark: string): void {
    if (!this.#accept(mark)) throw new BcError('syntax error');
  }

  #word(...words: string[]): boolean {
    if (this.#token.type !== 'name' || !words.includes(this.#token.text)) return false;
    this.#at += 1;
    return true;
  }

  #skipLines(): void {
    while (this.#accept('\n')) void 0;
  }

  #statement(): Statement {
    const { type, text } = this.#token;
    if (type === 'string') {
      this.#at += 1;
      return { type: 'string', text };
    }
    if (this.#accept('{')) return { type: 'block', body: this.#block() };
    if (this.#word('break', 'continue', 'quit', 'halt')) return { type: text as 'break' };
    if (this.#word('print')) return this.#print();
    if (this.#word('if')) return this.#if();
    if (this.#word('while')) {
      this.#expect('(');
      const condition = this.#expression();
      this.#expect(')');
      this.#skipLines();
      return { type: 'while', condition, body: this.#statement() };
    }
    if (this.#word('for')) return this.#for();
    if (this.#word('define')) return this.#define();
    if (this.#word('return')) {
      const value = this.#is('\n', ';', '}') || this.#isEnd() ? undefined : this.#expression();
      return { type: 'return', value };
    }
    const start = this.#at;
    const expression = this.#expression();
    // In brackets an assignment shows its value.
    const silent = expression.type === 'assign' && this.#tokens[start]?.text !== '(';
    return { type: 'expression', expression, silent };
  }

  /** After `{`. */
  #block(): Statement[] {
    const body: Statement[] = [];
    for (;;) {
      while (this.#accept('\n', ';')) void 0;
      if (this.#accept('}')) return body;
      if (this.#isEnd()) throw new BcError('syntax error');
      body.push(this.#statement());
      if (!this.#is('\n', ';', '}')) throw new BcError('syntax error');
    }
  }

  #print(): Statement {
    const items: (string | Expression)[] = [];
    do {
      const { type, text } = this.#token;
      if (type === 'string') {
        this.#at += 1;
        items.push(text);
      } else items.push(this.#expression());
    } while (this.#accept(','));
    return { type: 'print', items };
  }

  #if(): Statement {
    this.#expect('(');
    const condition = this.#expression();
    this.#expect(')');
    this.#skipLines();
    const then = this.#statement();
    const mark = this.#at;
    while (this.#accept('\n', ';')) void 0;
    if (this.#word('else')) {
      this.#skipLines();
      return { type: 'if', condition, then, otherwise: this.#statement() };
    }
    this.#at = mark;
    return { type: 'if', condition, then, otherwise: undefined };
  }

  #for(): Statement {
    const part = (end: string) => {
      const expression = this.#is(end) ? undefined : this.#expression();
      this.#expect(end);
      return expression;
    };
    this.#expect('(');
    const [start, condition, step] = [part(';'), part(';'), part(')')];
    this.#skipLines();
    const body = this.#statement();
    return { type: 'for', ...(start && { start }), ...(condition && { condition }), ...(step && { step }), body };
  }

  #define(): Statement {
    this.#word('void');
    const name = this.#name();
    this.#expect('(');
    const parameters = this.#names(')');
    this.#expect(')');
    this.#skipLines();
    this.#expect('{');
    while (this.#accept('\n', ';')) void 0;
    const locals = this.#word('auto') ? this.#names('\n') : [];
    return { type: 'define', name, definition: { parameters, locals, body: this.#block() } };
  }

  #name(): string {
    const { type, text } = this.#token;
    if (type !== 'name') throw new BcError('syntax error');
    this.#at += 1;
    return text;
  }

  /** Arrays are written with empty brackets, and keep them in their names. */
  #names(end: string): string[] {
    const names: string[] = [];
    while (!this.#is(end, ';', '}')) {
      const name = this.#name();
      const array = this.#accept('[');
      if (array) this.#expect(']');
      names.push(array ? `${name}[]` : name);
      if (!this.#accept(',')) break;
    }
    return names;
  }

  #expression(): Expression {
    const start = this.#at;
    const left = this.#level(0);
    if (left.type !== 'place' || !ASSIGNMENTS.includes(this.#token.text) || this.#token.type !== 'mark') return left;
    if (this.#tokens[start]?.text === '(') return left;
    const operator = this.#token.text.slice(0, -1);
    this.#at += 1;
    return { type: 'assign', place: left.place, operator, value: this.#expression() };
  }

  #level(level: number): Expression {
    const operators = LEVELS[level];
    if (!operators) return this.#unary();
    let left = this.#level(level + 1);
    while (this.#is(...operators)) {
      const operator = this.#token.text;
      this.#at += 1;
      left = { type: 'binary', operator, left, right: this.#level(level + 1) };
    }
    return left;
  }

  #unary(): Expression {
    if (this.#accept('-')) return { type: 'unary', operator: '-', operand: this.#unary() };
    if (this.#accept('!')) return { type: 'unary', operator: '!', operand: this.#unary() };
    const base = this.#primary();
    return this.#accept('^') ? { type: 'binary', operator: '^', left: base, right: this.#unary() } : base;
  }

  #primary(): Expression {
    for (const [mark, by] of [
      ['++', 1],
      ['--', -1],
    ] as const)
      if (this.#accept(mark)) {
        const operand = this.#primary();
        if (operand.type !== 'place') throw new BcError('syntax error');
        return { type: 'step', place: operand.place, by, before: true };
      }
    const { type, text } = this.#token;
    this.#at += 1;
    if (type === 'number') return { type: 'number', text };
    if (type === 'mark' && text === '(') {
      const inner = this.#expression();
      this.#expect(')');
      return inner;
    }
    if (type === 'mark' && text === '.') return { type: 'place', place: { type: 'setting', name: 'last' } };
    if (type !== 'name') throw new BcError('syntax error');
    return this.#named(text);
  }

  #named(name: string): Expression {
    if (this.#is('(')) {
      this.#at += 1;
      const args: Expression[] = [];
      while (!this.#is(')')) {
        args.push(this.#argument());
        if (!this.#accept(',')) break;
      }
      this.#expect(')');
      return { type: 'call', name, args };
    }
    const place = this.#place(name);
    if (this.#accept('++')) return { type: 'step', place, by: 1, before: false };
    return this.#accept('--') ? { type: 'step', place, by: -1, before: false } : { type: 'place', place };
  }

  /** An array is handed over as `a[]`. */
  #argument(): Expression {
    const { type, text } = this.#token;
    const [next, after] = [this.#tokens[this.#at + 1], this.#tokens[this.#at + 2]];
    if (type !== 'name' || next?.text !== '[' || after?.text !== ']') return this.#expression();
    this.#at += 3;
    return { type: 'place', place: { type: 'variable', name: `${text}[]` } };
  }

  #place(name: string): Place {
    if (this.#accept('[')) {
      const index = this.#expression();
      this.#expect(']');
      return { type: 'element', name, index };
    }
    if (name === 'scale' || name === 'ibase' || name === 'obase' || name === 'last') return { type: 'setting', name };
    return { type: 'variable', name };
  }
}
