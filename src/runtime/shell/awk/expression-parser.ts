/** Parses the expressions of an awk program, by POSIX's precedence with gawk's usual additions. */
import type { Token } from './lexer.ts';
import { BUILTINS, type Expression, type Target } from './syntax.ts';
import type { TokenCursor } from './token-cursor.ts';

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

export class ExpressionParser {
  readonly #cursor: TokenCursor;

  constructor(cursor: TokenCursor) {
    this.#cursor = cursor;
  }

  list(close: string): Expression[] {
    const items: Expression[] = [];
    this.#cursor.skipNewlines();
    while (!this.#cursor.accept(close)) {
      items.push(this.expression());
      this.#cursor.skipNewlines();
      if (!this.#cursor.is(close)) this.#cursor.expect(',');
      this.#cursor.skipNewlines();
    }
    return items;
  }

  expression(context: Context = {}): Expression {
    const test = this.#or(context);
    if (this.#cursor.token.kind === 'operator' && ASSIGNMENTS.has(this.#cursor.token.text) && isTarget(test)) {
      const operator = this.#cursor.token.text;
      this.#cursor.advance();
      this.#cursor.skipNewlines();
      return { type: 'assign', operator, target: test, value: this.expression(context) };
    }
    if (!this.#cursor.accept('?')) return test;
    this.#cursor.skipNewlines();
    const yes = this.expression(context);
    this.#cursor.skipNewlines();
    this.#cursor.expect(':');
    this.#cursor.skipNewlines();
    return { type: 'condition', test, yes, no: this.expression(context) };
  }

  #or(context: Context): Expression {
    let left = this.#and(context);
    while (this.#cursor.accept('||')) {
      this.#cursor.skipNewlines();
      left = { type: 'binary', operator: '||', left, right: this.#assignable(this.#and(context), context) };
    }
    return left;
  }

  #and(context: Context): Expression {
    let left = this.#in(context);
    while (this.#cursor.accept('&&')) {
      this.#cursor.skipNewlines();
      left = { type: 'binary', operator: '&&', left, right: this.#assignable(this.#in(context), context) };
    }
    return left;
  }

  /** `a && b = c` assigns to b. */
  #assignable(right: Expression, context: Context): Expression {
    if (this.#cursor.token.kind !== 'operator' || !ASSIGNMENTS.has(this.#cursor.token.text) || !isTarget(right))
      return right;
    const operator = this.#cursor.token.text;
    this.#cursor.advance();
    return { type: 'assign', operator, target: right, value: this.expression(context) };
  }

  #in(context: Context): Expression {
    let left = this.#match(context);
    while (!context.noIn && this.#cursor.is('in', 'keyword')) {
      this.#cursor.advance();
      left = { type: 'in', array: this.#cursor.name(), keys: left.type === 'group' ? left.items : [left] };
    }
    return left;
  }

  #match(context: Context): Expression {
    let left = this.#comparison(context);
    while (this.#cursor.is('~', 'operator') || this.#cursor.is('!~', 'operator')) {
      const negated = this.#cursor.token.text === '!~';
      this.#cursor.advance();
      left = { type: 'match', negated, left, right: this.#comparison(context) };
    }
    return left;
  }

  #comparison(context: Context): Expression {
    const left = this.#pipes(this.concatenation(context), context);
    const { kind, text } = this.#cursor.token;
    if (kind !== 'operator' || !COMPARISONS.has(text) || (text === '>' && context.noGreater)) return left;
    this.#cursor.advance();
    return { type: 'binary', operator: text, left, right: this.concatenation(context) };
  }

  /** `command | getline`, any number of times. */
  #pipes(start: Expression, context: Context): Expression {
    let left = start;
    while (!context.noPipe && this.#cursor.is('|', 'operator') && this.#cursor.peek()?.text === 'getline') {
      this.#cursor.advance(2);
      left = { type: 'getline', from: 'command', source: left, target: this.#optionalTarget() };
    }
    return left;
  }

  concatenation(context: Context): Expression {
    let left = this.#additive(context);
    while (this.#startsOperand()) {
      left = { type: 'binary', operator: ' ', left, right: this.#additive(context) };
    }
    return left;
  }

  #startsOperand(): boolean {
    const { kind, text } = this.#cursor.token;
    if (kind === 'number' || kind === 'string' || kind === 'regexp' || kind === 'name' || kind === 'function')
      return true;
    return kind === 'operator' && ['$', '!', '(', '-', '+', '++', '--'].includes(text);
  }

  #additive(context: Context): Expression {
    let left = this.#multiplicative(context);
    while (this.#cursor.is('+', 'operator') || this.#cursor.is('-', 'operator')) {
      const operator = this.#cursor.token.text;
      this.#cursor.advance();
      left = { type: 'binary', operator, left, right: this.#multiplicative(context) };
    }
    return left;
  }

  #multiplicative(context: Context): Expression {
    let left = this.#unary(context);
    while (['*', '/', '%'].some((operator) => this.#cursor.is(operator, 'operator'))) {
      const operator = this.#cursor.token.text;
      this.#cursor.advance();
      left = { type: 'binary', operator, left, right: this.#unary(context) };
    }
    return left;
  }

  #unary(context: Context): Expression {
    for (const operator of ['!', '-', '+'] as const) {
      if (this.#cursor.token.kind === 'operator' && this.#cursor.accept(operator)) {
        return { type: 'unary', operator, operand: this.#unary(context) };
      }
    }
    return this.#power(context);
  }

  #power(context: Context): Expression {
    const left = this.#postfix(context);
    if (!this.#cursor.accept('^')) return left;
    // Right associative; binds tighter than a sign on its left.
    const sign =
      this.#cursor.is('-', 'operator') || this.#cursor.is('+', 'operator') || this.#cursor.is('!', 'operator');
    return { type: 'binary', operator: '^', left, right: sign ? this.#unary(context) : this.#power(context) };
  }

  #postfix(context: Context): Expression {
    const operand = this.#primary(context);
    for (const operator of ['++', '--'] as const) {
      if (isTarget(operand) && this.#cursor.accept(operator))
        return { type: 'step', operator, prefix: false, target: operand };
    }
    return operand;
  }

  #primary(context: Context): Expression {
    const token = this.#cursor.token;
    this.#cursor.advance();
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
        if (!this.#cursor.accept('[')) return { type: 'name', name: token.text };
        return { type: 'element', array: token.text, keys: this.list(']') };
      case 'keyword':
        if (token.text === 'getline') return this.#getline(context);
        break;
      case 'operator':
        return this.#operand(token, context);
    }
    this.#cursor.advance(-1);
    throw this.#cursor.error();
  }

  #operand(token: Token, context: Context): Expression {
    if (token.text === '$') {
      for (const operator of ['++', '--'] as const) {
        if (this.#cursor.accept(operator)) {
          return { type: 'field', index: { type: 'step', operator, prefix: true, target: this.#target() } };
        }
      }
      if (this.#cursor.is('-', 'operator')) return { type: 'field', index: this.#unary(context) };
      return { type: 'field', index: this.#primary(context) };
    }
    if (token.text === '++' || token.text === '--') {
      return { type: 'step', operator: token.text, prefix: true, target: this.#target() };
    }
    if (token.text === '(') return { type: 'group', items: this.list(')') };
    this.#cursor.advance(-1);
    throw this.#cursor.error();
  }

  #target(): Target {
    const target = this.#primary({});
    if (!isTarget(target)) throw this.#cursor.error();
    return target;
  }

  #call(name: string): Expression {
    const builtin = BUILTINS.has(name);
    if (!this.#cursor.accept('(')) {
      if (name !== 'length') throw this.#cursor.error();
      return { type: 'call', name, builtin, args: [] };
    }
    return { type: 'call', name, builtin, args: this.list(')') };
  }

  #getline(context: Context): Expression {
    const target = this.#optionalTarget();
    if (!this.#cursor.is('<', 'operator')) return { type: 'getline', from: 'main', source: undefined, target };
    this.#cursor.advance();
    return { type: 'getline', from: 'file', source: this.#postfix(context), target };
  }

  #optionalTarget(): Target | undefined {
    const { kind, text } = this.#cursor.token;
    if (kind !== 'name' && !(kind === 'operator' && text === '$')) return undefined;
    return this.#target();
  }
}

function isTarget(expression: Expression): expression is Target {
  return expression.type === 'name' || expression.type === 'field' || expression.type === 'element';
}
