/**
 * Splits JavaScript, TypeScript and JSX into tokens without understanding them: quick, and never at a loss for what to do with a file
 * that does not parse. Comments are skipped. Where a slash could begin a regular expression or divide, the token before it decides.
 */

export type TokenKind = 'name' | 'string' | 'template' | 'regex' | 'number' | 'punctuator';
/** `end` is exclusive; strings include their quotes. */
export type Visit = (kind: TokenKind, start: number, end: number) => void;

const BEFORE_EXPRESSION = new Set(
  'return typeof case in of delete void throw new instanceof else do yield await'.split(' '),
);
const BEFORE_CONDITION = new Set(['if', 'while', 'for', 'with']);
const TEMPLATE = 1;
const BLOCK = 0;

const isNameStart = (code: number) =>
  (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 36 || code === 95 || code > 127;
const isDigit = (code: number) => code >= 48 && code <= 57;

export function scan(source: string, visit: Visit): void {
  const length = source.length;
  const braces: number[] = [];
  const parentheses: boolean[] = [];
  let regexAllowed = true;
  let lastName = '';
  let at = source.startsWith('#!') ? lineEnd(source, 0) : 0;

  const template = (start: number) => {
    const { end, opens } = templateEnd(source, start + 1);
    visit('template', start, end);
    if (opens) braces.push(TEMPLATE);
    regexAllowed = opens;
    at = end;
  };

  while (at < length) {
    const code = source.charCodeAt(at);
    if (code <= 32 || code === 160 || code === 0xfeff) {
      at += 1;
      continue;
    }
    if (isNameStart(code)) {
      const start = at;
      do at += 1;
      while (at < length && (isNameStart(source.charCodeAt(at)) || isDigit(source.charCodeAt(at))));
      lastName = source.slice(start, at);
      regexAllowed = BEFORE_EXPRESSION.has(lastName) && source[start - 1] !== '.';
      visit('name', start, at);
      continue;
    } else if (code === 39 || code === 34) {
      const end = stringEnd(source, at);
      // A quote that nothing closes on its line is an apostrophe in JSX text, or damage.
      visit(end === null ? 'punctuator' : 'string', at, end ?? at + 1);
      at = end ?? at + 1;
      regexAllowed = false;
    } else if (code === 96) {
      template(at);
    } else if (isDigit(code)) {
      const start = at;
      do at += 1;
      while (
        at < length &&
        (isNameStart(source.charCodeAt(at)) || isDigit(source.charCodeAt(at)) || source[at] === '.')
      );
      visit('number', start, at);
      regexAllowed = false;
    } else if (code === 47) {
      const next = source.charCodeAt(at + 1);
      if (next === 47) {
        at = lineEnd(source, at);
        continue;
      }
      if (next === 42) {
        const end = source.indexOf('*/', at + 2);
        at = end === -1 ? length : end + 2;
        continue;
      }
      const end = regexAllowed && source[at - 1] !== '<' ? regexEnd(source, at) : null;
      visit(end === null ? 'punctuator' : 'regex', at, end ?? at + 1);
      regexAllowed = end === null;
      at = end ?? at + 1;
    } else if (code === 125 && braces.pop() === TEMPLATE) {
      template(at);
    } else {
      if (code === 40) parentheses.push(BEFORE_CONDITION.has(lastName));
      if (code === 123) braces.push(BLOCK);
      // After a condition's parenthesis a statement begins; after a value or a block there is nothing but division.
      regexAllowed = code === 41 ? (parentheses.pop() ?? false) : code !== 93 && code !== 125;
      visit('punctuator', at, at + 1);
      at += 1;
    }
    lastName = '';
  }
}

function lineEnd(source: string, from: number): number {
  const end = source.indexOf('\n', from);
  return end === -1 ? source.length : end;
}

function stringEnd(source: string, start: number): number | null {
  const quote = source.charCodeAt(start);
  for (let at = start + 1; at < source.length; at += 1) {
    const code = source.charCodeAt(at);
    if (code === quote) return at + 1;
    if (code === 92) at += source.startsWith('\r\n', at + 1) ? 2 : 1;
    else if (code === 10 || code === 13) return null;
  }
  return null;
}

/** The end of a piece of a template: behind its closing backtick, or behind the `${` that opens an expression. */
function templateEnd(source: string, from: number): { end: number; opens: boolean } {
  for (let at = from; at < source.length; at += 1) {
    const code = source.charCodeAt(at);
    if (code === 92) at += 1;
    else if (code === 96) return { end: at + 1, opens: false };
    else if (code === 36 && source.charCodeAt(at + 1) === 123) return { end: at + 2, opens: true };
  }
  return { end: source.length, opens: false };
}

function regexEnd(source: string, start: number): number | null {
  let inClass = false;
  for (let at = start + 1; at < source.length; at += 1) {
    const code = source.charCodeAt(at);
    if (code === 10 || code === 13) return null;
    if (code === 92) at += 1;
    else if (code === 91) inClass = true;
    else if (code === 93) inClass = false;
    else if (code === 47 && !inClass) {
      do at += 1;
      while (at < source.length && isNameStart(source.charCodeAt(at)));
      return at;
    }
  }
  return null;
}
