/** The grammar of `test` and `[`: by the number of arguments first, as POSIX says, then with -a, -o and parentheses. */
import { ShellError } from '../errors.ts';
import { BINARY, binaryTest, type TestWorld, UNARY, unaryTest } from './test-operators.ts';

export function evaluateTest(world: TestWorld, name: string, args: readonly string[]): boolean {
  let words = args;
  if (name === '[') {
    if (args.at(-1) !== ']') throw new ShellError(world.posix ? 'missing ]' : "missing `]'");
    words = args.slice(0, -1);
  }
  return byCount(world, words);
}

function byCount(world: TestWorld, words: readonly string[]): boolean {
  const [a = '', b = '', c = '', d = ''] = words;
  if (words.length === 0) return false;
  if (words.length === 1) return a !== '';
  if (words.length === 2) {
    if (a === '!') return b === '';
    if (UNARY.has(a)) return unaryTest(world, a, b);
    throw new ShellError(
      world.posix
        ? BINARY.has(b)
          ? `${b}: argument expected`
          : `${a}: unexpected operator`
        : `${a}: unary operator expected`,
    );
  }
  if (words.length === 3 && b === '==' && world.posix) throw new ShellError(`${a}: unexpected operator`);
  if (words.length === 3 && BINARY.has(b)) return binaryTest(world, b, [a, c]);
  if (words.length === 4 && a === '!') return !byCount(world, words.slice(1));
  if (words.length === 4 && a === '(' && d === ')') return byCount(world, [b, c]);
  return new TestParser(world, words).run();
}

class TestParser {
  readonly #world: TestWorld;
  readonly #words: readonly string[];
  #index = 0;

  constructor(world: TestWorld, words: readonly string[]) {
    this.#world = world;
    this.#words = words;
  }

  run(): boolean {
    const value = this.#or();
    const rest = this.#words[this.#index];
    if (rest !== undefined) throw new ShellError(`${rest}: unexpected operator`);
    return value;
  }

  #accept(word: string): boolean {
    if (this.#words[this.#index] !== word) return false;
    this.#index += 1;
    return true;
  }

  #or(): boolean {
    let value = this.#and();
    while (this.#accept('-o')) value = this.#and() || value;
    return value;
  }

  #and(): boolean {
    let value = this.#not();
    while (this.#accept('-a')) value = this.#not() && value;
    return value;
  }

  #not(): boolean {
    if (this.#accept('!')) return !this.#not();
    return this.#primary();
  }

  #primary(): boolean {
    const word = this.#words[this.#index];
    if (word === undefined) throw new ShellError('argument expected');
    const operator = this.#words[this.#index + 1];
    const right = this.#words[this.#index + 2];
    if (operator !== undefined && right !== undefined && BINARY.has(operator)) {
      this.#index += 3;
      return binaryTest(this.#world, operator, [word, right]);
    }
    this.#index += 1;
    if (word === '(') {
      const value = this.#or();
      if (!this.#accept(')')) throw new ShellError('closing paren expected');
      return value;
    }
    if (UNARY.has(word) && operator !== undefined) {
      this.#index += 1;
      return unaryTest(this.#world, word, operator);
    }
    return word !== '';
  }
}
