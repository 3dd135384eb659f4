/** Values as Python writes them: strings, numbers, True, False, None, lists and dictionaries of these. */

export interface Literal {
  readonly value: unknown;
  /** Index after it. */
  readonly to: number;
}

const WORDS: Readonly<Record<string, unknown>> = {
  True: true,
  False: false,
  None: null,
  true: true,
  false: false,
  null: null,
};
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', '0': '\0', '\n': '' };

/** The index of what comes after blanks and comments. */
export function skipBlanks(text: string, from: number): number {
  let at = from;
  for (;;) {
    while (/\s/.test(text[at] ?? '')) at += 1;
    if (text[at] !== '#') return at;
    while (at < text.length && text[at] !== '\n') at += 1;
  }
}

/** The value that begins at `from`; null when it is none, or has no end. */
export function readLiteral(text: string, from: number): Literal | null {
  const char = text[from] ?? '';
  if (char === '[' || char === '(') return readItems(text, from, char === '[' ? ']' : ')');
  if (char === '{') return readDictionary(text, from);
  const ahead = text.slice(from, from + 60);
  const quote = /^(r?)("""|'''|"|')/.exec(ahead);
  if (quote) return readString(text, from + quote[0].length, { quote: quote[2] ?? '', isRaw: quote[1] === 'r' });
  const number = /^-?\d+(?:\.\d+)?(?![\w.])/.exec(ahead)?.[0];
  if (number !== undefined) return { value: Number(number), to: from + number.length };
  const word = /^\w+/.exec(ahead)?.[0] ?? '';
  return Object.hasOwn(WORDS, word) ? { value: WORDS[word], to: from + word.length } : null;
}

function readString(text: string, from: number, { quote, isRaw }: { quote: string; isRaw: boolean }): Literal | null {
  let value = '';
  for (let at = from; at < text.length; at += 1) {
    if (text.startsWith(quote, at)) return { value, to: at + quote.length };
    if (text[at] !== '\\') {
      value += text[at];
      continue;
    }
    const [all, meant] = isRaw ? [text.slice(at, at + 2), null] : readEscape(text, at);
    value += meant ?? all;
    at += all.length - 1;
  }
  return null;
}

/** The escape at `at`, and what it means; an unknown one stands for itself, as in Python. */
function readEscape(text: string, at: number): readonly [all: string, meant: string | null] {
  const coded = /^\\(?:x([\da-f]{2})|u([\da-f]{4}))/i.exec(text.slice(at, at + 6));
  if (coded) return [coded[0], String.fromCharCode(Number.parseInt(coded[1] ?? coded[2] ?? '', 16))];
  const next = text[at + 1] ?? '';
  const meant = ESCAPES[next] ?? (/["'\\]/.test(next) ? next : null);
  return [`\\${next}`, meant];
}

function readItems(text: string, from: number, close: string): Literal | null {
  const value: unknown[] = [];
  for (let at = skipBlanks(text, from + 1); ; ) {
    if (text[at] === close) return { value, to: at + 1 };
    const item = readLiteral(text, at);
    if (!item) return null;
    value.push(item.value);
    at = skipBlanks(text, item.to);
    if (text[at] === ',') at = skipBlanks(text, at + 1);
    else if (text[at] !== close) return null;
  }
}

function readDictionary(text: string, from: number): Literal | null {
  const value: Record<string, unknown> = {};
  for (let at = skipBlanks(text, from + 1); ; ) {
    if (text[at] === '}') return { value, to: at + 1 };
    const key = readLiteral(text, at);
    const colon = key && skipBlanks(text, key.to);
    const item = key && colon !== null && text[colon] === ':' ? readLiteral(text, skipBlanks(text, colon + 1)) : null;
    if (!key || !item || typeof key.value !== 'string') return null;
    value[key.value] = item.value;
    at = skipBlanks(text, item.to);
    if (text[at] === ',') at = skipBlanks(text, at + 1);
    else if (text[at] !== '}') return null;
  }
}
