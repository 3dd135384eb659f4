/**
 * Tells words of the code from those in comments, strings and regular expressions, in a fraction of the time that parsing takes. Where
 * that cannot be told without parsing (whether a slash behind a parenthesis divides), it says so.
 */

const FIRST_LINE = /.*/y;
const LINE_COMMENT = /\/\/.*/y;
const BLOCK_COMMENT = /\/\*[\s\S]*?\*\//y;
const STRING = /"[^"\\\n\r]*(?:\\[\s\S][^"\\\n\r]*)*"|'[^'\\\n\r]*(?:\\[\s\S][^'\\\n\r]*)*'/y;
const TEMPLATE_TEXT = /[^`\\$]*(?:(?:\\[\s\S]|\$(?!\{))[^`\\$]*)*(?:`|\$\{)/y;
const REGULAR_EXPRESSION = /\/(?:[^\\/[\n\r]|\\.|\[(?:[^\]\\\n\r]|\\.)*\])+\/[a-z]*/y;
/** The rest of a line that has no other slash. */
const LINE_REST = /[^/\n\r\u2028\u2029]*(?:[\n\r\u2028\u2029]|$)/y;

const BEFORE_OPERAND =
  /[(,=:[!&|?{;*%~^<>]$|(?:^|[^.#\w$])(?:return|typeof|instanceof|in|new|delete|void|throw|case|do|else)$/;
const AFTER_OPERAND = /[\w$\]"'`]$/;
const NAME_OR_KEYWORD = /\b(?:of|yield)$/;
/** So much of the text before a slash is looked at. */
const LOOK_BEHIND = 80;
/** Longer than each of the keywords. */
const LONG_ENOUGH = 12;

/**
 * Whether `word` (an alternative of a regular expression) matches somewhere in the code of a source. True also where that cannot be
 * told.
 */
export function mayHaveWord(source: string, word: string): boolean {
  return new Scanner(source, word).findsWord();
}

/** Where the comments of a source begin; null where that cannot be told. */
export function findComments(source: string): Set<number> | null {
  const starts = new Set<number>();
  return new Scanner(source, NOTHING, (start) => starts.add(start)).findsWord() ? null : starts;
}

const NOTHING = '(?!)';

class Scanner {
  readonly #source: string;
  readonly #inCode: RegExp;
  readonly #inTemplate: RegExp;
  readonly #onComment: (start: number) => void;
  #at = 0;
  /** Where the last comment ended. */
  #commentEnd = -1;
  /** For each template that the place is in: how many braces are open in its expression. */
  readonly #templates: number[] = [];

  constructor(source: string, word: string, onComment: (start: number) => void = () => undefined) {
    this.#source = source;
    this.#onComment = onComment;
    // Nobody can tell, either, what is a comment of HTML.
    this.#inCode = new RegExp(`["'\`/]|<!--|-->|${word}`, 'g');
    this.#inTemplate = new RegExp(`["'\`/{}]|<!--|-->|${word}`, 'g');
    if (source.startsWith('#!')) this.#skip(FIRST_LINE);
  }

  findsWord(): boolean {
    for (;;) {
      const next = this.#templates.length === 0 ? this.#inCode : this.#inTemplate;
      next.lastIndex = this.#at;
      const found = next.exec(this.#source);
      if (found === null) return false;
      this.#at = found.index;
      if (!this.#pass(found[0])) return true;
    }
  }

  /** Moves behind what begins here; false when it is the word, or when nobody can tell. */
  #pass(text: string): boolean {
    switch (text) {
      case '"':
      case "'":
        return this.#skip(STRING);
      case '`':
        this.#at++;
        return this.#passTemplate();
      case '{':
      case '}':
        this.#at++;
        return this.#passBrace(text);
      case '/':
        return this.#passSlash();
      default:
        return false;
    }
  }

  #skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    if (!pattern.test(this.#source)) return false;
    this.#at = pattern.lastIndex;
    return true;
  }

  /** To the end of the template, or into its next expression. */
  #passTemplate(): boolean {
    if (!this.#skip(TEMPLATE_TEXT)) return false;
    if (this.#source[this.#at - 1] === '{') this.#templates.push(0);
    return true;
  }

  #passBrace(brace: '{' | '}'): boolean {
    const open = this.#templates.pop() ?? 0;
    if (brace === '}' && open === 0) return this.#passTemplate();
    this.#templates.push(open + (brace === '{' ? 1 : -1));
    return true;
  }

  #passSlash(): boolean {
    const next = this.#source[this.#at + 1];
    if (next === '/' || next === '*') {
      this.#onComment(this.#at);
      if (!this.#skip(next === '/' ? LINE_COMMENT : BLOCK_COMMENT)) return false;
      this.#commentEnd = this.#at;
      return true;
    }
    const from = Math.max(0, this.#at - LOOK_BEHIND);
    const before = this.#source.slice(from, this.#at).trimEnd();
    if (from > 0 && before.length < LONG_ENOUGH) return false;
    if (from + before.length <= this.#commentEnd) return false;
    if (BEFORE_OPERAND.test(before)) return this.#skip(REGULAR_EXPRESSION);
    if (!AFTER_OPERAND.test(before) || NAME_OR_KEYWORD.test(before)) return this.#passDivision();
    this.#at++;
    return true;
  }

  /** It may also begin a regular expression, but for such a one ends on the same line. */
  #passDivision(): boolean {
    this.#at++;
    LINE_REST.lastIndex = this.#at;
    return LINE_REST.test(this.#source);
  }
}
