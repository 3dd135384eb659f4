/** Escapes that GNU sed knows everywhere: control characters, and characters by their number. */

const CONTROL: Record<string, string> = { a: '\x07', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };
const NUMBERED = /^(?:x([0-9a-fA-F]{1,2})|d(\d{1,3})|o([0-7]{1,3})|c([\s\S]))/;

/** What the escape behind a backslash stands for, and its length; undefined for other characters. */
export function escapeAt(text: string, at: number): { char: string; length: number } | undefined {
  const control = CONTROL[text[at] ?? ''];
  if (control !== undefined) return { char: control, length: 1 };
  const match = NUMBERED.exec(text.slice(at, at + 4));
  if (!match) return undefined;
  const [all, hex, decimal, octal, letter] = match;
  if (letter !== undefined) return { char: String.fromCharCode(letter.toUpperCase().charCodeAt(0) ^ 64), length: 2 };
  const code = hex ? Number.parseInt(hex, 16) : octal ? Number.parseInt(octal, 8) : Number(decimal);
  return { char: String.fromCharCode(code & 255), length: all.length };
}

/** A regular expression with its escapes replaced; what they give is taken literally. */
export function plainExpression(source: string): string {
  let plain = '';
  let bracket = -1;
  for (let i = 0; i < source.length; i += 1) {
    const char = source[i] ?? '';
    const found = char === '\\' ? escapeAt(source, i + 1) : undefined;
    if (bracket >= 0) {
      if (found) {
        plain += found.char;
        i += found.length;
        continue;
      }
      if (char === '[' && /[:.=]/.test(source[i + 1] ?? '')) {
        const end = source.indexOf(`${source[i + 1]}]`, i + 2);
        if (end !== -1) {
          plain += source.slice(i, end + 2);
          i = end + 1;
          continue;
        }
      }
      if (char === ']' && i > bracket) bracket = -1;
      plain += char;
    } else if (found && source[i + 1] !== 'n' && source[i + 1] !== 't') {
      plain += found.char === '^' ? '\\^' : /[.*[\]$\\/+?(){}|]/.test(found.char) ? `[${found.char}]` : found.char;
      i += found.length;
    } else if (char === '\\') plain += char + (source[++i] ?? '');
    else {
      // The first character of a set, behind `^`, does not close it.
      if (char === '[') bracket = source[i + 1] === '^' ? i + 2 : i + 1;
      plain += char;
    }
  }
  return plain;
}

/** The text of `a`, `i` and `c`: other backslashes fall away. */
export function plainText(raw: string): string {
  let plain = '';
  for (let i = 0; i < raw.length; i += 1) {
    if (raw[i] !== '\\') {
      plain += raw[i];
      continue;
    }
    const found = escapeAt(raw, i + 1);
    plain += found ? found.char : (raw[i + 1] ?? '');
    i += found?.length ?? 1;
  }
  return plain;
}
