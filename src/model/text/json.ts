/** JSON as models write it into a text. */

/** The object or list that begins at `from`, with the index after it; null when there is none, or not all of it. */
export function jsonAt(text: string, from: number): { readonly value: unknown; readonly end: number } | null {
  const start = from + (/^\s*/.exec(text.slice(from))?.[0].length ?? 0);
  if (text[start] !== '{' && text[start] !== '[') return null;
  const end = endOf(text, start);
  if (end === null) return null;
  const value = parseLenient(text.slice(start, end));
  return value === undefined ? null : { value, end };
}

function endOf(text: string, start: number): number | null {
  let depth = 0;
  let inString = false;
  for (let at = start; at < text.length; at += 1) {
    const char = text[at];
    if (inString) {
      if (char === '\\') at += 1;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === '{' || char === '[') depth += 1;
    else if (char === '}' || char === ']') {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return null;
}

/** Line breaks inside strings and commas before a closing bracket are forgiven: they can mean one thing only. */
function parseLenient(text: string): unknown {
  for (const candidate of [text, escapeBreaks(text), escapeBreaks(text).replace(/,(\s*[}\]])/g, '$1')]) {
    try {
      return JSON.parse(candidate);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  return undefined;
}

const ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escapeBreaks(text: string): string {
  return text.replace(/"(?:[^"\\]|\\[\s\S])*"/g, (string) =>
    string.replace(/[\n\r\t]/g, (char) => ESCAPES[char] ?? char),
  );
}
