/** Syntax errors as V8 words them and Node points at them. */
import { lineAt, lineStarts } from './lines.ts';
import type { Parse } from './transform/syntax-tree.ts';

export type SourceKind = 'module' | 'function' | 'script';

export interface SyntaxProblem {
  /** V8's message, where the engine gives it; else the parser's. */
  message: string;
  /** Line and the columns of the marked text, from 0. */
  line: number;
  column: number;
  /** Negative where the text ends on another line, before this column. */
  length: number;
}

interface ParserError extends SyntaxError {
  pos: number;
  raisedAt: number;
}

/** What is wrong with the source; undefined when the parser finds nothing. `evaluate` compiles in the engine. */
export function findSyntaxProblem(
  source: string,
  kind: SourceKind,
  { parse, evaluate }: { parse: Parse; evaluate: (source: string) => unknown },
): SyntaxProblem | undefined {
  const error = parserError(source, kind, parse);
  if (!error) return undefined;
  const message = error.pos >= source.trimEnd().length ? endMessage(error) : engineMessage(source, kind, evaluate);
  const at = placeOf(source, error, message ?? error.message);
  return { message: message ?? error.message.replace(/ \(\d+:\d+\)$/, ''), ...markOf(source, at) };
}

/** Line and columns of a piece of the source; as in V8, the columns of both ends, on whatever lines these are. */
export function markOf(source: string, { start, end }: Place): Omit<SyntaxProblem, 'message'> {
  const starts = lineStarts(source);
  const line = starts.findLastIndex((offset) => offset <= start);
  const column = start - (starts[line] ?? 0);
  return { line, column, length: end - (starts.findLast((offset) => offset <= end) ?? 0) - column };
}

function parserError(source: string, kind: SourceKind, parse: Parse): ParserError | undefined {
  try {
    parse(source, {
      ecmaVersion: 'latest',
      sourceType: kind === 'module' ? 'module' : 'script',
      allowReturnOutsideFunction: kind === 'function',
      allowHashBang: true,
    });
    return undefined;
  } catch (error) {
    if (error instanceof SyntaxError && 'pos' in error) return error as ParserError;
    throw error;
  }
}

function endMessage(error: ParserError): string | undefined {
  if (/Unterminated template/.test(error.message)) return 'Unterminated template literal';
  if (/Unterminated (string|comment)/.test(error.message)) return 'Invalid or unexpected token';
  return /Unexpected token/.test(error.message) ? 'Unexpected end of input' : undefined;
}

function engineMessage(source: string, kind: SourceKind, evaluate: (source: string) => unknown): string | undefined {
  const text = source.startsWith('#!') ? `//${source.slice(2)}` : source;
  try {
    if (kind === 'module') evaluate(`(async function(){'use strict';${withoutModuleSyntax(text)}\n})`);
    else evaluate(`(function(){${text}\n})`);
  } catch (error) {
    if (error instanceof SyntaxError) return error.message;
    throw error;
  }
  return undefined;
}

/** Imports and exports taken out line by line: the text does not parse, so there is no tree to go by. */
function withoutModuleSyntax(source: string): string {
  return source
    .replace(/(^[ \t]*|[;}][ \t]*)import\b(?!\s*[.(])[^;'"]*(['"])[^'"\n]*\2([ \t]*with[ \t]*\{[^}\n]*\})?/gm, '$1')
    .replace(/(^[ \t]*|[;}][ \t]*)export\s+(?:\*[^;'"]*|\{[^}]*\}\s*from\s*)(['"])[^'"\n]*\2/gm, '$1')
    .replace(/(^[ \t]*|[;}][ \t]*)export\s*\{[^}]*\}/gm, '$1')
    .replace(/(^[ \t]*|[;}][ \t]*)export\s+default\b/gm, '$1void ')
    .replace(/(^[ \t]*|[;}][ \t]*)export\b(?=\s+(?:const|let|var|class|function|async)\b)/gm, '$1')
    .replace(/\bimport\.meta\b/g, '({})');
}

const TOKEN =
  /[\p{ID_Continue}$]+|(['"])(?:\\[\s\S]|(?!\1)[^\\\n])*\1|`(?:\\[\s\S]|[^\\`])*`|=>|===|!==|\*\*=|>>>=|\.\.\.|[=!<>]=|&&|\|\||\?\?|\?\.|\+\+|--|\*\*|<<|>>>?|[-+*/%&|^]=|\S/uy;

interface Place {
  start: number;
  end: number;
}

/** The text that V8 marks: the parser's place, corrected by what the message is about. */
function placeOf(source: string, { pos }: ParserError, message: string): Place {
  if (message === 'Unexpected end of input') return { start: source.length, end: source.length };
  if (/^await is only valid/.test(message)) {
    const start = source.lastIndexOf('await', pos);
    if (start >= 0) return { start, end: start + 'await'.length };
  }
  if (message.startsWith('Invalid regular expression')) return regularExpressionAt(source, pos);
  if (message === 'missing ) after argument list' || message.startsWith('Missing initializer')) {
    return tokenBefore(source, pos) ?? tokenAt(source, pos);
  }
  if (message === 'Invalid or unexpected token' && source.startsWith('/*', pos)) {
    return { start: pos, end: source.length };
  }
  if (message === 'Invalid or unexpected token' && /['"]/.test(source[pos] ?? '')) {
    return { start: pos, end: pos + (lineAt(source.slice(pos), 0)?.length ?? 0) };
  }
  const named = /^Unexpected (?:token|identifier|strict mode reserved word) '(.+)'$/.exec(message)?.[1];
  return (named === undefined ? undefined : findToken(source, pos, named)) ?? tokenAt(source, pos);
}

function tokenAt(source: string, start: number): Place {
  TOKEN.lastIndex = start;
  return { start, end: start + (TOKEN.exec(source)?.[0].length ?? 1) };
}

/** The tokens from a place on, blanks and comments left out. */
function* tokensFrom(source: string, from: number): Generator<Place> {
  const blank = /(?:\s|\/\*[\s\S]*?\*\/|\/\/.*)*/y;
  for (let at = from; ; ) {
    blank.lastIndex = at;
    at += blank.exec(source)?.[0].length ?? 0;
    if (at >= source.length) return;
    const place = tokenAt(source, at);
    yield place;
    at = place.end;
  }
}

function findToken(source: string, from: number, text: string): Place | undefined {
  for (const place of tokensFrom(source, from)) if (source.slice(place.start, place.end) === text) return place;
  return undefined;
}

function tokenBefore(source: string, pos: number): Place | undefined {
  let before: Place | undefined;
  // A line or two are enough, and start outside of any string.
  const line = source.lastIndexOf('\n', source.slice(0, pos).trimEnd().length - 1) + 1;
  for (const place of tokensFrom(source, line)) {
    if (place.start >= pos) break;
    before = place;
  }
  return before;
}

function regularExpressionAt(source: string, pos: number): Place {
  const lineStart = source.lastIndexOf('\n', pos - 1) + 1;
  const start = Math.max(lineStart, source.lastIndexOf('/', source[pos] === '/' ? pos : pos - 1));
  const literal = /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/[a-z]*/y;
  literal.lastIndex = start;
  return { start, end: start + (literal.exec(source)?.[0].length ?? 1) };
}

/** Node's three lines: place, source line, marks; the last not for what goes on beyond the line. */
export function formatArrow(
  file: string,
  sourceLine: string,
  mark: { line: number; column: number; length: number },
): string {
  const lines = `${file}:${mark.line + 1}\n${sourceLine}\n`;
  if (mark.length < 0 || mark.column + mark.length > sourceLine.length) return lines;
  const indent = sourceLine.slice(0, mark.column).replace(/[^\t]/g, ' ');
  return `${lines}${indent}${'^'.repeat(mark.length)}\n`;
}

/** Whether a text that does not compile as CommonJS is an ES module; `message` is what V8 says of it. */
export function isModuleSyntaxError(message: string): boolean {
  return (
    message.startsWith('Cannot use import statement outside a module') ||
    message === "Unexpected token 'export'" ||
    message === "Cannot use 'import.meta' outside a module"
  );
}

/** Messages of what is wrong in CommonJS alone, and may be right in a module; the last two when it awaits at its top level. */
export function mayBeModuleError(message: string, source: string): boolean {
  return (
    (/^(missing \) after argument list$|Unexpected )/.test(message) && /\bawait\b/.test(source)) ||
    /^Identifier '(__filename|__dirname|await|exports|module|require)' has already been declared$/.test(message) ||
    message === 'await is only valid in async functions and the top level bodies of modules' ||
    message === 'Unexpected reserved word' ||
    message === 'Missing initializer in const declaration'
  );
}
