/** Parses an awk program, by POSIX's grammar with gawk's usual additions. */
import { type Token, tokenize } from './lexer.ts';
import {
  AwkSyntaxError,
  BUILTINS,
  type Expression,
  type FunctionDefinition,
  type Program,
  type Redirect,
  type Rule,
  type Statement,
  type Target,
} from './syntax.ts';

/** Throws {@link AwkSyntaxError}. */
export function parseAwk(source: string): Program {
  return new Parser(tokenize(source)).program();
}

const COMPARISONS = new Set(['<', '<=', '==', '!=', '>', '>=']);
const ASSIGNMENTS = new Set(['=', '+=', '-=', '*=', '/=', '%=', '^=']);

/** What an expression may not contain where it stands. */
interface Context {
  /** In `print a > b` the `>` redirects. */
  noGreater?: boolean;
  /** In `for (x in a)`. */
  noIn?: boolean;
  /** In `"cmd" | getline` the left side ends at `|`. */
  noPipe?: boolean;
}

class Parser {
  readonly #tokens: Token[];
  #at = 0;

  constructor(tokens: Token[]) {
    this.#tokens = tokens;
  }

  program(): Program {
    const rules: Rule[] = [];
    const functions = new Map<string, FunctionDefinition>();
    this.#skipEnds();
    while (this.#token.kind !== 'end') {
      if (this.#is('function', 'keyword')) {
        const definition = this.#function();
        functions.set(definition.name, definition);
      } else rules.push(this.#rule());
      this.#skipEnds();
    }
    return { rules, functions };
  }

  get #token(): Token {
    return this.#tokens[this.#at] ?? { kind: 'end', text: 'end of file', line: 0, spaced: false };
  }

  #is(text: string, kind?: Token['kind']): boolean {
    const token = this.#token;
    if (token.kind === 'string' || token.kind === 'regexp') return false;
    return token.text === text && (kind === undefined || token.kind === kind);
  }

  #accept(text: string): boolean {
    if (!this.#is(text)) return false;
    this.#at += 1;
    return true;
  }

  #expect(text: string): void {
    if (!this.#accept(text)) throw this.#error();
  }

  #error(): AwkSyntaxError {
    const token = this.#token;
    const text = token.kind === 'newline' ? 'unexpected newline or end of string' : token.text;
    return new AwkSyntaxError(`syntax error at or near ${text}`);
  }

  #skipNewlines(): void {
    while (this.#token.kind === 'newline') this.#at += 1;
  }

  #skipEnds(): void {
    while (this.#token.kind === 'newline' || this.#is(';')) this.#at += 1;
  }

  #name(): string {
    const token = this.#token;
    if (token.kind !== 'name' && token.kind !== 'function') throw this.#error();
    this.#at += 1;
    return token.text;
  }

  #function(): FunctionDefinition {
    this.#at += 1;
    const name = this.#name();
    this.#expect('(');
    const parameters: string[] = [];
    this.#skipNewlines();
    while (!this.#accept(')')) {
      parameters.push(this.#name());
      this.#skipNewlines();
      if (this.#accept(',')) this.#skipNewlines();
    }
    this.#skipNewlines();
    return { name, parameters, body: this.#braces() };
  }

  #rule(): Rule {
    if (this.#accept('BEGIN')) return { pattern: 'BEGIN', body: this.#action() };
    if (this.#accept('END')) return { pattern: 'END', body: this.#action() };
    const pattern: Expression[] = [];
    if (!this.#is('{')) {
      pattern.push(this.#expression());
      if (this.#accept(',')) {
        this.#skipNewlines();
        pattern.push(this.#expression());
      }
    }
    return { pattern, body: this.#is('{') ? this.#braces() : undefined };
  }

  #action(): Statement[] {
    this.#skipNewlines();
    return this.#braces();
  }

  #braces(): Statement[] {
    this.#expect('{');
    const body: Statement[] = [];
    this.#skipEnds();
    while (!this.#accept('}')) {
      if (this.#token.kind === 'end') throw this.#error();
      body.push(this.#statement());
      this.#skipEnds();
    }
    return body;
  }

  #statement(): Statement {
    const token = this.#token;
    if (this.#is('{')) return { type: 'block', body: this.#braces() };
    if (this.#accept(';')) return { type: 'block', body: [] };
    if (token.kind === 'keyword') {
      const compound = this.#compound(token.text);
      if (compound) return compound;
    }
    const statement = this.#simple();
    this.#endStatement();
    return statement;
  }

  #endStatement(): void {
    if (this.#token.kind === 'newline' || this.#is(';')) this.#at += 1;
    else if (!this.#is('}')) throw this.#error();
  }

  #compound(keyword: string): Statement | undefined {
    switch (keyword) {
      case 'if':
        return this.#if();
      case 'while': {
        this.#at += 1;
        const test = this.#parenthesized();
        if (this.#accept(';')) return { type: 'while', test, body: { type: 'block', body: [] } };
        this.#skipNewlines();
        return { type: 'while', test, body: this.#statement() };
      }
      case 'do': {
        this.#at += 1;
        this.#skipNewlines();
        const body = this.#statement();
        this.#skipEnds();
        this.#expect('while');
        const test = this.#parenthesized();
        this.#endStatement();
        return { type: 'do', test, body };
      }
      case 'for':
        return this.#for();
      default:
        return undefined;
    }
  }

  #parenthesized(): Expression {
    this.#expect('(');
    this.#skipNewlines();
    const expression = this.#expression();
    this.#skipNewlines();
    this.#expect(')');
    return expression;
  }

  #if(): Statement {
    this.#at += 1;
    const test = this.#parenthesized();
    this.#skipNewlines();
    const yes = this.#statement();
    const before = this.#at;
    this.#skipEnds();
    if (!this.#accept('else')) {
      this.#at = before;
      return { type: 'if', test, yes, no: undefined };
    }
    this.#skipNewlines();
    return { type: 'if', test, yes, no: this.#statement() };
  }

  #for(): Statement {
    this.#at += 1;
    this.#expect('(');
    const [name, inWord, array, close] = this.#tokens.slice(this.#at, this.#at + 4);
    if (name?.kind === 'name' && inWord?.text === 'in' && array?.kind === 'name' && close?.text === ')') {
      this.#at += 4;
      this.#skipNewlines();
      return { type: 'each', name: name.text, array: array.text, body: this.#statement() };
    }
    const start = this.#is(';') ? undefined : this.#simple();
    this.#expect(';');
    this.#skipNewlines();
    const test = this.#is(';') ? undefined : this.#expression();
    this.#expect(';');
    this.#skipNewlines();
    const step = this.#is(')') ? undefined : this.#simple();
    this.#expect(')');
    if (this.#accept(';')) return { type: 'for', start, test, step, body: { type: 'block', body: [] } };
    this.#skipNewlines();
    return { type: 'for', start, test, step, body: this.#statement() };
  }

  #simple(): Statement {
    const token = this.#token;
    if (token.kind !== 'keyword') return { type: 'expression', expression: this.#expression() };
    switch (token.text) {
      case 'print':
      case 'printf':
        this.#at += 1;
        return this.#print(token.text);
      case 'next':
      case 'nextfile':
      case 'break':
      case 'continue':
        this.#at += 1;
        return { type: token.text };
      case 'exit':
      case 'return': {
        this.#at += 1;
        const ends = this.#token.kind === 'newline' || this.#is(';') || this.#is('}');
        return { type: token.text, value: ends ? undefined : this.#expression() };
      }
      case 'delete':
        return this.#delete();
      default:
        return { type: 'expression', expression: this.#expression() };
    }
  }

  #delete(): Statement {
    this.#at += 1;
    const array = this.#name();
    if (!this.#accept('[')) return { type: 'delete', array, keys: undefined };
    const keys = this.#list(']');
    return { type: 'delete', array, keys };
  }

  #print(type: 'print' | 'printf'): Statement {
    let args: Expression[] = [];
    const ends = () =>
      this.#token.kind === 'newline' || [';', '}', '>', '>>', '|'].some((operator) => this.#is(operator, 'operator'));
    if (!ends()) {
      args.push(this.#expression({ noGreater: true }));
      while (this.#accept(',')) {
        this.#skipNewlines();
        args.push(this.#expression({ noGreater: true }));
      }
    }
    const [only] = args;
    if (args.length === 1 && only?.type === 'group' && only.items.length > 1) args = only.items;
    let redirect: Redirect | undefined;
    for (const operator of ['>>', '>', '|'] as const) {
      if (!redirect && this.#accept(operator)) {
        redirect = { operator, target: this.#concatenation({ noGreater: true, noPipe: true }) };
      }
    }
    return { type, args, redirect };
  }

  #list(close: string): Expression[] {
    const items: Expression[] = [];
    this.#skipNewlines();
    while (!this.#accept(close)) {
      items.push(this.#expression());
      this.#skipNewlines();
      if (!this.#is(close)) this.#expect(',');
      this.#skipNewlines();
    }
    return items;
  }

  #expression(context: Context = {}): Expression {
    const test = this.#or(context);
    if (this.#token.kind === 'operator' && ASSIGNMENTS.has(this.#token.text) && isTarget(test)) {
      const operator = this.#token.text;
      this.#at += 1;
      this.#skipNewlines();
      return { type: 'assign', operator, target: test, value: this.#expression(context) };
    }
    if (!this.#accept('?')) return test;
    this.#skipNewlines();
    const yes = this.#expression(context);
    this.#skipNewlines();
    this.#expect(':');
    this.#skipNewlines();
    return { type: 'condition', test, yes, no: this.#expression(context) };
  }

  #or(context: Context): Expression {
    let left = this.#and(context);
    while (this.#accept('||')) {
      this.#skipNewlines();
      left = { type: 'binary', operator: '||', left, right: this.#assignable(this.#and(context), context) };
    }
    return left;
  }

  #and(context: Context): Expression {
    let left = this.#in(context);
    while (this.#accept('&&')) {
      this.#skipNewlines();
      left = { type: 'binary', operator: '&&', left, right: this.#assignable(this.#in(context), context) };
    }
    return left;
  }

  /** `a && b = c` assigns to b. */
  #assignable(right: Expression, context: Context): Expression {
    if (this.#token.kind !== 'operator' || !ASSIGNMENTS.has(this.#token.text) || !isTarget(right)) return right;
    const operator = this.#token.text;
    this.#at += 1;
    return { type: 'assign', operator, target: right, value: this.#expression(context) };
  }

  #in(context: Context): Expression {
    let left = this.#match(context);
    while (!context.noIn && this.#is('in', 'keyword')) {
      this.#at += 1;
      left = { type: 'in', array: this.#name(), keys: left.type === 'group' ? left.items : [left] };
    }
    return left;
  }

  #match(context: Context): Expression {
    let left = this.#comparison(context);
    while (this.#is('~', 'operator') || this.#is('!~', 'operator')) {
      const negated = this.#token.text === '!~';
      this.#at += 1;
      left = { type: 'match', negated, left, right: this.#comparison(context) };
    }
    return left;
  }

  #comparison(context: Context): Expression {
    const left = this.#pipes(this.#concatenation(context), context);
    const { kind, text } = this.#token;
    if (kind !== 'operator' || !COMPARISONS.has(text) || (text === '>' && context.noGreater)) return left;
    this.#at += 1;
    return { type: 'binary', operator: text, left, right: this.#concatenation(context) };
  }

  /** `command | getline`, any number of times. */
  #pipes(start: Expression, context: Context): Expression {
    let left = start;
    while (!context.noPipe && this.#is('|', 'operator') && this.#tokens[this.#at + 1]?.text === 'getline') {
      this.#at += 2;
      left = { type: 'getline', from: 'command', source: left, target: this.#optionalTarget() };
    }
    return left;
  }

  #concatenation(context: Context): Expression {
    let left = this.#additive(context);
    while (this.#startsOperand()) {
      left = { type: 'binary', operator: ' ', left, right: this.#additive(context) };
    }
    return left;
  }

  #startsOperand(): boolean {
    const { kind, text } = this.#token;
    if (kind === 'number' || kind === 'string' || kind === 'regexp' || kind === 'name' || kind === 'function')
      return true;
    return kind === 'operator' && ['$', '!', '(', '-', '+', '++', '--'].includes(text);
  }

  #additive(context: Context): Expression {
    let left = this.#multiplicative(context);
    while (this.#is('+', 'operator') || this.#is('-', 'operator')) {
      const operator = this.#token.text;
      this.#at += 1;
      left = { type: 'binary', operator, left, right: this.#multiplicative(context) };
    }
    return left;
  }

  #multiplicative(context: Context): Expression {
    let left = this.#unary(context);
    while (['*', '/', '%'].some((operator) => this.#is(operator, 'operator'))) {
      const operator = this.#token.text;
      this.#at += 1;
      left = { type: 'binary', operator, left, right: this.#unary(context) };
    }
    return left;
  }

  #unary(context: Context): Expression {
    for (const operator of ['!', '-', '+'] as const) {
      if (this.#token.kind === 'operator' && this.#accept(operator)) {
        return { type: 'unary', operator, operand: this.#unary(context) };
      }
    }
    return this.#power(context);
  }

  #power(context: Context): Expression {
    const left = this.#postfix(context);
    if (!this.#accept('^')) return left;
    // Right associative; binds tighter than a sign on its left.
    const sign = this.#is('-', 'operator') || this.#is('+', 'operator') || this.#is('!', 'operator');
    return { type: 'binary', operator: '^', left, right: sign ? this.#unary(context) : this.#power(context) };
  }

  #postfix(context: Context): Expression {
    const operand = this.#primary(context);
    for (const operator of ['++', '--'] as const) {
      if (isTarget(operand) && this.#accept(operator))
        return { type: 'step', operator, prefix: false, target: operand };
    }
    return operand;
  }

  #primary(context: Context): Expression {
    const token = this.#token;
    this.#at += 1;
    switch (token.kind) {
      case 'number':
        return { type: 'number', value: Number(token.text) };
      case 'string':
        return { type: 'string', value: token.text };
      case 'regexp':
        return { type: 'regexp', source: token.text };
      case 'function':
        return this.#call(token.text);
      case 'name':
        if (BUILTINS.has(token.text)) return this.#call(token.text);
        if (!this.#accept('[')) return { type: 'name', name: token.text };
        return { type: 'element', array: token.text, keys: this.#list(']') };
      case 'keyword':
        if (token.text === 'getline') return this.#getline(context);
        break;
      case 'operator':
        return this.#operand(token, context);
    }
    this.#at -= 1;
    throw this.#error();
  }

  #operand(token: Token, context: Context): Expression {
    if (token.text === '$') {
      for (const operator of ['++', '--'] as const) {
        if (this.#accept(operator)) {
          return { type: 'field', index: { type: 'step', operator, prefix: true, target: this.#target() } };
        }
      }
      if (this.#is('-', 'operator')) return { type: 'field', index: this.#unary(context) };
      return { type: 'field', index: this.#primary(context) };
    }
    if (token.text === '++' || token.text === '--') {
      return { type: 'step', operator: token.text, prefix: true, target: this.#target() };
    }
    if (token.text === '(') return { type: 'group', items: this.#list(')') };
    this.#at -= 1;
    throw this.#error();
  }

  #target(): Target {
    const target = this.#primary({});
    if (!isTarget(target)) throw this.#error();
    return target;
  }

  #call(name: string): Expression {
    const builtin = BUILTINS.has(name);
    if (!this.#accept('(')) {
      if (name !== 'length') throw this.#error();
      return { type: 'call', name, builtin, args: [] };
    }
    return { type: 'call', name, builtin, args: this.#list(')') };
  }

  #getline(context: Context): Expression {
    const target = this.#optionalTarget();
    if (!this.#is('<', 'operator')) return { type: 'getline', from: 'main', source: undefined, target };
    this.#at += 1;
    return { type: 'getline', from: 'file', source: this.#postfix(context), target };
  }

  #optionalTarget(): Target | undefined {
    const { kind, text } = this.#token;
    if (kind !== 'name' && !(kind === 'operator' && text === '$')) return undefined;
    return this.#target();
  }
}

function isTarget(expression: Expression): expression is Target {
  return expression.type === 'name' || expression.type === 'field' || expression.type === 'element';
}
