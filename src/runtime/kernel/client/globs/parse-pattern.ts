/** The source of a regular expression, read as a tree. */

export type Pattern =
  | { type: 'sequence'; parts: Pattern[] }
  | { type: 'choice'; parts: Pattern[] }
  | { type: 'repeat'; part: Pattern; least: number; most: number }
  | { type: 'look'; part: Pattern; wanted: boolean }
  | { type: 'start' | 'end' }
  /** `source` matches one character. */
  | { type: 'character'; source: string };

/** A class, an escape, or a character that has no other meaning. */
const ATOM = /\[(?:\\[\s\S]|[^\]\\])*\]|\\(?:u[\da-fA-F]{4}|x[\da-fA-F]{2}|[^1-9bBckpPux])|[^()[\]{}|*+?^$\\]|[\]{}]/y;
const QUANTIFIER = /(?:([*+?])|\{(\d+)(,?)(\d*)\})\??/y;
const GROUP = /\((?:\?([:=!]))?(?!\?)/y;

/** SyntaxError for what has back references or looks behind. */
export function parsePattern(source: string): Pattern {
  return new Parser(source).parse();
}

class Parser {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  parse(): Pattern {
    const part = this.#choice();
    if (this.#at < this.#source.length) this.#fail();
    return part;
  }

  #choice(): Pattern {
    const parts = [this.#sequence()];
    while (this.#source[this.#at] === '|') {
      this.#at++;
      parts.push(this.#sequence());
    }
    return { type: 'choice', parts };
  }

  #sequence(): Pattern {
    const parts: Pattern[] = [];
    while (this.#at < this.#source.length && !'|)'.includes(this.#source[this.#at] as string)) {
      const part = this.#term();
      const quantifier = this.#take(QUANTIFIER);
      parts.push(quantifier ? repeated(part, quantifier) : part);
    }
    return { type: 'sequence', parts };
  }

  #term(): Pattern {
    const anchor = this.#source[this.#at];
    if (anchor === '^' || anchor === '$') {
      this.#at++;
      return { type: anchor === '^' ? 'start' : 'end' };
    }
    const group = this.#take(GROUP);
    if (group) {
      const part = this.#choice();
      if (this.#source[this.#at++] !== ')') this.#fail();
      return group[1] === '=' || group[1] === '!' ? { type: 'look', part, wanted: group[1] === '=' } : part;
    }
    const atom = this.#take(ATOM);
    return atom ? { type: 'character', source: atom[0] } : this.#fail();
  }

  #take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#source);
    if (found) this.#at = pattern.lastIndex;
    return found;
  }

  #fail(): never {
    throw new SyntaxError(
      `cannot be matched in a time that is known: ${this.#source.slice(this.#at - 1, this.#at + 20)}`,
    );
  }
}

function repeated(part: Pattern, [, sign, least = '', comma, most]: RegExpExecArray): Pattern {
  if (sign !== undefined)
    return { type: 'repeat', part, least: sign === '+' ? 1 : 0, most: sign === '?' ? 1 : Number.POSITIVE_INFINITY };
  const end = comma === '' ? least : most || Number.POSITIVE_INFINITY;
  return { type: 'repeat', part, least: Number(least), most: Number(end) };
}
