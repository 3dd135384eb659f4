/** The words of a find expression while they are read, and what they have asked for so far. */
import type { UtilityContext } from '../utility.ts';
import type { Found } from './find.ts';

export class FindSyntaxError extends Error {
  override name = 'FindSyntaxError';
}

export type Predicate = (context: UtilityContext, found: Found) => boolean | Promise<boolean>;

export interface FindState {
  failed: boolean;
  quit: boolean;
  /** What `-exec … +` still has to run. */
  finishers: ((context: UtilityContext) => Promise<void>)[];
}

export class FindReader {
  minDepth = 0;
  maxDepth = Number.POSITIVE_INFINITY;
  depthFirst = false;
  /** Links stand for what they point to (-follow). */
  follow = false;
  /** There is an action: nothing is printed unasked. */
  acts = false;
  /** Of -regextype, for the patterns behind it. */
  regexType = 'emacs';
  readonly state: FindState = { failed: false, quit: false, finishers: [] };
  readonly context: UtilityContext;
  readonly #words: readonly string[];
  #index = 0;

  constructor(words: readonly string[], context: UtilityContext) {
    this.#words = words;
    this.context = context;
  }

  peek(): string | undefined {
    return this.#words[this.#index];
  }

  /** Takes the next word; undefined at the end. */
  take(): string | undefined {
    const word = this.peek();
    this.#index += 1;
    return word;
  }

  /** Takes the next word if it is one of these. */
  accept(...words: string[]): boolean {
    if (!words.includes(this.peek() ?? '')) return false;
    this.#index += 1;
    return true;
  }

  /** Takes the argument of a test or an action. Throws {@link FindSyntaxError} where there is none. */
  value(name: string): string {
    if (this.peek() === undefined) throw new FindSyntaxError(`missing argument to \`${name}'`);
    return this.take() ?? '';
  }
}
