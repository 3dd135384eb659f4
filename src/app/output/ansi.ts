/** Terminal colours: a line of output to styled spans. Other escape sequences are dropped. */
export interface Span {
  readonly text: string;
  /** Class names: "ansi-red ansi-bold"; empty for plain text. */
  readonly style: string;
}

/** What holds until it is changed, across lines. */
export interface AnsiState {
  readonly color: string | null;
  readonly bold: boolean;
  readonly dim: boolean;
}

export const PLAIN: AnsiState = { color: null, bold: false, dim: false };
const COLORS = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
const ESCAPE = /\x1b(?:\[([0-9;?]*)([ -/]*[@-~])|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])/g;

export function parseAnsiLine(line: string, initial: AnsiState): { spans: Span[]; state: AnsiState } {
  const spans: Span[] = [];
  let state = initial;
  let at = 0;
  const push = (text: string) => {
    if (text !== '') spans.push({ text, style: styleOf(state) });
  };
  for (const match of line.matchAll(ESCAPE)) {
    push(line.slice(at, match.index));
    at = match.index + match[0].length;
    if (match[2] === 'm') state = applyCodes(state, match[1] ?? '');
  }
  push(line.slice(at));
  return { spans, state };
}

/**
 * The state that each line begins with. Lines are drawn singly, in any order: what was found is kept, and found again only for lines
 * that were added since; `forget` is for a list of lines that is another one.
 */
export function createLineStates(): { before(lines: readonly string[], index: number): AnsiState; forget(): void } {
  let states: AnsiState[] = [PLAIN];
  return {
    before(lines, index) {
      for (let at = states.length - 1; at < index; at += 1) {
        const state = states[at] ?? PLAIN;
        const line = lines[at] ?? '';
        // Most lines have no escape at all: the search is cheap, the parsing is not.
        states.push(line.includes('\x1b') ? parseAnsiLine(line, state).state : state);
      }
      return states[index] ?? PLAIN;
    },
    forget() {
      states = [PLAIN];
    },
  };
}

function applyCodes(state: AnsiState, codes: string): AnsiState {
  const numbers = codes.split(';').map(Number);
  let next = state;
  for (let index = 0; index < numbers.length; index += 1) {
    const code = numbers[index] ?? 0;
    if (code === 38 || code === 48) index += numbers[index + 1] === 5 ? 2 : 4;
    else next = applyCode(next, code);
  }
  return next;
}

function applyCode(state: AnsiState, code: number): AnsiState {
  if (code === 0) return PLAIN;
  if (code === 1) return { ...state, bold: true };
  if (code === 2) return { ...state, dim: true };
  if (code === 22) return { ...state, bold: false, dim: false };
  if (code === 39) return { ...state, color: null };
  const color = COLORS[code >= 90 ? code - 90 : code - 30];
  return color === undefined ? state : { ...state, color };
}

function styleOf({ color, bold, dim }: AnsiState): string {
  return [color && `ansi-${color}`, bold && 'ansi-bold', dim && 'ansi-dim'].filter(Boolean).join(' ');
}
