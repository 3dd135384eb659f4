/** Parses an awk program, by POSIX's grammar with gawk's usual additions. */
import { ExpressionParser } from './expression-parser.ts';
import { tokenize } from './lexer.ts';
import type { Expression, FunctionDefinition, Program, Redirect, Rule, Statement } from './syntax.ts';
import { TokenCursor } from './token-cursor.ts';

/** Throws {@link AwkSyntaxError}. */
export function parseAwk(source: string): Program {
  return new Parser(new TokenCursor(tokenize(source))).program();
}

class Parser {
  readonly #cursor: TokenCursor;
  readonly #expressions: ExpressionParser;

  constructor(cursor: TokenCursor) {
    this.#cursor = cursor;
    this.#expressions = new ExpressionParser(cursor);
  }

  program(): Program {
    const rules: Rule[] = [];
    const functions = new Map<string, FunctionDefinition>();
    this.#cursor.skipEnds();
    while (this.#cursor.token.kind !== 'end') {
      if (this.#cursor.is('function', 'keyword')) {
        const definition = this.#function();
        functions.set(definition.name, definition);
      } else rules.push(this.#rule());
      this.#cursor.skipEnds();
    }
    return { rules, functions };
  }

  #function(): FunctionDefinition {
    this.#cursor.advance();
    const name = this.#cursor.name();
    this.#cursor.expect('(');
    const parameters: string[] = [];
    this.#cursor.skipNewlines();
    while (!this.#cursor.accept(')')) {
      parameters.push(this.#cursor.name());
      this.#cursor.skipNewlines();
      if (this.#cursor.accept(',')) this.#cursor.skipNewlines();
    }
    this.#cursor.skipNewlines();
    return { name, parameters, body: this.#braces() };
  }

  #rule(): Rule {
    if (this.#cursor.accept('BEGIN')) return { pattern: 'BEGIN', body: this.#action() };
    if (this.#cursor.accept('END')) return { pattern: 'END', body: this.#action() };
    const pattern: Expression[] = [];
    if (!this.#cursor.is('{')) {
      pattern.push(this.#expressions.expression());
      if (this.#cursor.accept(',')) {
        this.#cursor.skipNewlines();
        pattern.push(this.#expressions.expression());
      }
    }
    return { pattern, body: this.#cursor.is('{') ? this.#braces() : undefined };
  }

  #action(): Statement[] {
    this.#cursor.skipNewlines();
    return this.#braces();
  }

  #braces(): Statement[] {
    this.#cursor.expect('{');
    const body: Statement[] = [];
    this.#cursor.skipEnds();
    while (!this.#cursor.accept('}')) {
      if (this.#cursor.token.kind === 'end') throw this.#cursor.error();
      body.push(this.#statement());
      this.#cursor.skipEnds();
    }
    return body;
  }

  #statement(): Statement {
    const token = this.#cursor.token;
    if (this.#cursor.is('{')) return { type: 'block', body: this.#braces() };
    if (this.#cursor.accept(';')) return { type: 'block', body: [] };
    if (token.kind === 'keyword') {
      const compound = this.#compound(token.text);
      if (compound) return compound;
    }
    const statement = this.#simple();
    this.#endStatement();
    return statement;
  }

  #endStatement(): void {
    if (this.#cursor.token.kind === 'newline' || this.#cursor.is(';')) this.#cursor.advance();
    else if (!this.#cursor.is('}')) throw this.#cursor.error();
  }

  #compound(keyword: string): Statement | undefined {
    switch (keyword) {
      case 'if':
        return this.#if();
      case 'while': {
        this.#cursor.advance();
        const test = this.#parenthesized();
        if (this.#cursor.accept(';')) return { type: 'while', test, body: { type: 'block', body: [] } };
        this.#cursor.skipNewlines();
        return { type: 'while', test, body: this.#statement() };
      }
      case 'do': {
        this.#cursor.advance();
        this.#cursor.skipNewlines();
        const body = this.#statement();
        this.#cursor.skipEnds();
        this.#cursor.expect('while');
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
    this.#cursor.expect('(');
    this.#cursor.skipNewlines();
    const expression = this.#expressions.expression();
    this.#cursor.skipNewlines();
    this.#cursor.expect(')');
    return expression;
  }

  #if(): Statement {
    this.#cursor.advance();
    const test = this.#parenthesized();
    this.#cursor.skipNewlines();
    const yes = this.#statement();
    const before = this.#cursor.place;
    this.#cursor.skipEnds();
    if (!this.#cursor.accept('else')) {
      this.#cursor.place = before;
      return { type: 'if', test, yes, no: undefined };
    }
    this.#cursor.skipNewlines();
    return { type: 'if', test, yes, no: this.#statement() };
  }

  #for(): Statement {
    this.#cursor.advance();
    this.#cursor.expect('(');
    const [name, inWord, array, close] = [0, 1, 2, 3].map((count) => this.#cursor.peek(count));
    if (name?.kind === 'name' && inWord?.text === 'in' && array?.kind === 'name' && close?.text === ')') {
      this.#cursor.advance(4);
      this.#cursor.skipNewlines();
      return { type: 'each', name: name.text, array: array.text, body: this.#statement() };
    }
    const start = this.#cursor.is(';') ? undefined : this.#simple();
    this.#cursor.expect(';');
    this.#cursor.skipNewlines();
    const test = this.#cursor.is(';') ? undefined : this.#expressions.expression();
    this.#cursor.expect(';');
    this.#cursor.skipNewlines();
    const step = this.#cursor.is(')') ? undefined : this.#simple();
    this.#cursor.expect(')');
    if (this.#cursor.accept(';')) return { type: 'for', start, test, step, body: { type: 'block', body: [] } };
    this.#cursor.skipNewlines();
    return { type: 'for', start, test, step, body: this.#statement() };
  }

  #simple(): Statement {
    const token = this.#cursor.token;
    if (token.kind !== 'keyword') return { type: 'expression', expression: this.#expressions.expression() };
    switch (token.text) {
      case 'print':
      case 'printf':
        this.#cursor.advance();
        return this.#print(token.text);
      case 'next':
      case 'nextfile':
      case 'break':
      case 'continue':
        this.#cursor.advance();
        return { type: token.text };
      case 'exit':
      case 'return': {
        this.#cursor.advance();
        const ends = this.#cursor.token.kind === 'newline' || this.#cursor.is(';') || this.#cursor.is('}');
        return { type: token.text, value: ends ? undefined : this.#expressions.expression() };
      }
      case 'delete':
        return this.#delete();
      default:
        return { type: 'expression', expression: this.#expressions.expression() };
    }
  }

  #delete(): Statement {
    this.#cursor.advance();
    const array = this.#cursor.name();
    if (!this.#cursor.accept('[')) return { type: 'delete', array, keys: undefined };
    const keys = this.#expressions.list(']');
    return { type: 'delete', array, keys };
  }

  #print(type: 'print' | 'printf'): Statement {
    let args: Expression[] = [];
    const ends = () =>
      this.#cursor.token.kind === 'newline' ||
      [';', '}', '>', '>>', '|'].some((operator) => this.#cursor.is(operator, 'operator'));
    if (!ends()) {
      args.push(this.#expressions.expression({ noGreater: true }));
      while (this.#cursor.accept(',')) {
        this.#cursor.skipNewlines();
        args.push(this.#expressions.expression({ noGreater: true }));
      }
    }
    const [only] = args;
    if (args.length === 1 && only?.type === 'group' && only.items.length > 1) args = only.items;
    let redirect: Redirect | undefined;
    for (const operator of ['>>', '>', '|'] as const) {
      if (!redirect && this.#cursor.accept(operator)) {
        redirect = { operator, target: this.#expressions.concatenation({ noGreater: true, noPipe: true }) };
      }
    }
    return { type, args, redirect };
  }
}
