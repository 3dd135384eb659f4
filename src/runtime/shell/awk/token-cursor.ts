/** Reads the tokens of an awk program one after the other. */
import type { Token } from './lexer.ts';
import { AwkSyntaxError } from './syntax.ts';

export class TokenCursor {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  /** Where the cursor stands, to come back to. */
  get place(): number {
    return this.#at;
  }

  set place(at: number) {
    this.#at = at;
  }

  advance(count = 1): void {
    this.#at += count;
  }

  /** The token behind the current one. */
  peek(count = 1): Token | undefined {
    return this.#tokens[this.#at + count];
  }

  get token(): Token {
    return this.#tokens[this.#at] ?? { kind: 'end', text: 'end of file', line: 0, spaced: false };
  }

  is(text: string, kind?: Token['kind']): boolean {
    const token = this.token;
    if (token.kind === 'string' || token.kind === 'regexp') return false;
    return token.text === text && (kind === undefined || token.kind === kind);
  }

  accept(text: string): boolean {
    if (!this.is(text)) return false;
    this.#at += 1;
    return true;
  }

  expect(text: string): void {
    if (!this.accept(text)) throw this.error();
  }

  error(): AwkSyntaxError {
    const token = this.token;
    const text = token.kind === 'newline' ? 'unexpected newline or end of string' : token.text;
    return new AwkSyntaxError(`syntax error at or near ${text}`);
  }

  skipNewlines(): void {
    while (this.token.kind === 'newline') this.#at += 1;
  }

  skipEnds(): void {
    while (this.token.kind === 'newline' || this.is(';')) this.#at += 1;
  }

  name(): string {
    const token = this.token;
    if (token.kind !== 'name' && token.kind !== 'function') throw this.error();
    this.#at += 1;
    return token.text;
  }
}
