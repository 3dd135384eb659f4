/**
 * The JSON of a call as models write it. Defects that leave no doubt about what is meant are mended: line breaks inside strings, commas
 * before a closing bracket, a Markdown fence around it. Anything else is refused with the place: a guess could edit the wrong thing, and
 * JSON that was cut off must never be closed for the model.
 */

export type ReadJson =
  /** `mended` says what was wrong; null for JSON as it should be. */
  | { readonly ok: true; readonly value: unknown; readonly mended: string | null }
  | { readonly ok: false; readonly error: string };

const FENCE = /^```[a-z]*\s*\n?([\s\S]*?)\n?\s*```$/i;
const AROUND = 40;

export function readJson(text: string): ReadJson {
  const trimmed = text.trim();
  if (trimmed === '') return { ok: true, value: {}, mended: null };
  const plain = parse(trimmed);
  if (!('problem' in plain)) return { ok: true, value: plain.value, mended: null };
  const unfenced = FENCE.exec(trimmed)?.[1]?.trim() ?? trimmed;
  const scanned = scan(unfenced);
  const defects = [...(unfenced === trimmed ? [] : ['the Markdown fence around it']), ...scanned.defects];
  const again = defects.length > 0 && scanned.open === null ? parse(scanned.text) : plain;
  if (!('problem' in again)) return { ok: true, value: again.value, mended: defects.join(' and ') };
  if (scanned.open !== null) return { ok: false, error: cutOff(unfenced, scanned.open) };
  return { ok: false, error: locate(unfenced, parse(unfenced)) };
}

/** The escape of half a character. No file holds one: what was written would be read back as another text. */
const HALF = /\\ud[89a-f]/i;
const wellFormed = (_: string, value: unknown): unknown => (typeof value === 'string' ? value.toWellFormed() : value);

type Parsed = { readonly value: unknown } | { readonly problem: string };

function parse(text: string): Parsed {
  try {
    return { value: JSON.parse(text, HALF.test(text) ? wellFormed : undefined) as unknown };
  } catch (error) {
    if (error instanceof SyntaxError) return { problem: error.message };
    if (error instanceof RangeError) return { problem: 'It is nested too deeply' };
    throw error;
  }
}

interface Scan {
  readonly text: string;
  readonly defects: readonly string[];
  /** What the text ends in the middle of; null when it is closed. */
  readonly open: 'string' | 'value' | null;
}

const ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Goes through the text once, knowing only strings and brackets. */
function scan(text: string): Scan {
  const defects = new Set<string>();
  let result = '';
  let inString = false;
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] ?? '';
    if (inString && char === '\\') {
      result += char + (text[at + 1] ?? '');
      at += 1;
    } else if (inString && char < ' ') {
      defects.add('line breaks or tabs inside strings, which JSON writes as \\n and \\t');
      result += ESCAPES[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
    } else if (!inString && char === ',' && /^\s*[}\]]/.test(text.slice(at + 1, at + 200))) {
      defects.add('a comma before a closing bracket');
    } else {
      if (char === '"') inString = !inString;
      else if (!inString && '{['.includes(char)) depth += 1;
      else if (!inString && '}]'.includes(char)) depth -= 1;
      result += char;
    }
  }
  const open = inString ? 'string' : depth > 0 ? 'value' : null;
  return { text: result, defects: [...defects], open };
}

function cutOff(text: string, open: 'string' | 'value'): string {
  const where = open === 'string' ? 'in the middle of a string' : 'before its last bracket is closed';
  const hint =
    open === 'string'
      ? 'Either the reply was cut off (write less in one call), or a quote inside a string is not escaped as \\".'
      : 'The reply may have been cut off: write less in one call.';
  return `It ends ${where}, after ${text.length} characters: …${text.slice(-AROUND)}⟨end⟩. ${hint}`;
}

function locate(text: string, parsed: Parsed): string {
  const problem = 'problem' in parsed ? parsed.problem : '';
  const position = Number(/position (\d+)/.exec(problem)?.[1] ?? Number.NaN);
  if (Number.isNaN(position)) return `${problem}: ${text.slice(0, 4 * AROUND)}`;
  const what = problem.replace(/\s*in JSON at position.*$|, "[\s\S]*$/, '');
  const before = text.slice(Math.max(0, position - AROUND), position);
  return `${what} at character ${position}: …${before}⟨here⟩${text.slice(position, position + AROUND)}…`;
}
