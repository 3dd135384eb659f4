/** Parsing a script, with errors said as dash says them. */
import { type ParsedScript, parse, type Statement } from 'unbash';
import { type Refusal, refusedByDash } from './posix-only.ts';

export interface SyntaxFailure {
  line: number;
  /** Without the script's name and line. */
  message: string;
  /** What may still run: the statements that end before the line of the error. */
  before: readonly Statement[];
  /** What bash calls the unexpected token; undefined at the end of the input. */
  token: string | undefined;
  /** What would close an open quotation or substitution. */
  quote: string | undefined;
  /** More input could complete the script. */
  incomplete: boolean;
}

export interface SyntaxResult {
  script: ParsedScript;
  failure: SyntaxFailure | undefined;
}

export function lineAt(source: string, position: number): number {
  let line = 1;
  for (let i = source.indexOf('\n'); i !== -1 && i < position; i = source.indexOf('\n', i + 1)) line += 1;
  return line;
}

/** `posix`: what only bash knows is an error, too. */
export function parseScript(source: string, { posix = false } = {}): SyntaxResult {
  const script = parse(source);
  const error = script.errors?.[0];
  const refused = posix && !error ? refusedByDash(script, source) : undefined;
  if (refused) return { script, failure: refusalOf(script, source, refused) };
  if (!error) return { script, failure: undefined };
  const message = error.message;
  const atEnd = /^unterminated|^expected/.test(message) && isAtEnd(source, message, error.pos);
  const line = lineAt(source, atEnd ? source.trimEnd().length : error.pos);
  // After an empty body dash names the word that would close it.
  const closing = /^expected command/.test(message) ? script.errors?.[1] : undefined;
  const isOpen =
    / in (?:brace group|subshell)$/.test(message) && isAtEnd(source, closing?.message ?? '', closing?.pos ?? 0);
  const first = lineStart(source, line);
  const before = script.commands.filter((statement) => statement.end < first);
  return {
    script,
    failure: {
      line,
      message: describe(message, source, { position: error.pos, closing: closing?.message }),
      before,
      incomplete: atEnd || isOpen,
      quote: openQuote(message, source, error.pos),
      // Behind these words bash wants a name on the same line.
      token:
        atEnd && !/\b(?:for|select|case)$/.test(source.trimEnd())
          ? undefined
          : (tokenAt(source, error.pos) ?? /'([^']*)'/.exec(message)?.[1] ?? 'newline'),
    },
  };
}

function refusalOf(script: ParsedScript, source: string, { position, message }: Refusal): SyntaxFailure {
  const line = lineAt(source, position);
  const first = lineStart(source, line);
  return {
    line,
    message: `Syntax error: ${message}`,
    before: script.commands.filter((statement) => statement.end < first),
    incomplete: false,
    quote: undefined,
    token: undefined,
  };
}

/** Where a line, counted from 1, begins. */
export function lineStart(source: string, line: number): number {
  let start = 0;
  for (let i = 1; i < line; i += 1) start = source.indexOf('\n', start) + 1;
  return start;
}

function openQuote(message: string, source: string, position: number): string | undefined {
  const char = source[position] ?? '';
  // `a=(1`: an array that does not end.
  if (message === 'unterminated extended glob' && source[position] === '=') return ')';
  if (message.includes('quote') && message.startsWith('unterminated')) return char === "'" ? "'" : '"';
  if (message === 'unterminated parameter expansion') return '}';
  return message === 'unterminated command substitution' ? (char === '`' ? '`' : ')') : undefined;
}

function tokenAt(source: string, position: number): string | undefined {
  const rest = source.slice(position).replace(/^[ \t]+/, '');
  if (rest.startsWith('\n') || rest === '') return 'newline';
  return /^(&&|\|\||;;&|;;|;&|<<|>>|[;&|()<>]|[^\s;&|()<>]+)/.exec(rest)?.[0];
}

function isAtEnd(source: string, message: string, position: number): boolean {
  return message.startsWith('unterminated') || source.slice(position).trim() === '';
}

function describe(
  message: string,
  source: string,
  { position, closing }: { position: number; closing: string | undefined },
): string {
  const syntax = (text: string) => `Syntax error: ${text}`;
  if (message.includes('quote') && message.startsWith('unterminated')) return syntax('Unterminated quoted string');
  if (message === 'unterminated parameter expansion') return syntax("Missing '}'");
  if (message === 'unterminated command substitution') {
    return syntax(
      source[position] === '`' ? 'EOF in backquote substitution' : 'end of file unexpected (expecting ")")',
    );
  }
  const token = /'([^']*)'/.exec(message)?.[1] ?? '';
  if (message.startsWith('unexpected token')) return syntax(`"${token}" unexpected`);
  const next = /^\s*(\S+)/.exec(source.slice(position))?.[1];
  const found = next ? `"${/^(&&|\|\||;;|[;&|()<>])/.exec(next)?.[0] ?? next}" unexpected` : 'end of file unexpected';
  const wanted = /^expected '([^']*)'/.exec(closing ?? message)?.[1];
  return syntax(wanted ? `${found} (expecting "${wanted}")` : found);
}
