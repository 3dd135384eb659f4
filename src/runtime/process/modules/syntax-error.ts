/** Syntax errors as V8 words them and Node points at them. */
import type { Compile, EngineProblem } from './engine-syntax.ts';
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

/** What is wrong with the source; undefined when the parser finds nothing. */
export function findSyntaxProblem(
  source: string,
  kind: SourceKind,
  { parse, compile }: { parse: Parse; compile: Compile },
): SyntaxProblem | undefined {
  const error = parserError(source, kind, parse);
  if (!error) return undefined;
  const told =
    (kind === 'module' ? problemOfModule(source, error) : undefined) ?? engineProblem(source, error, { kind, compile });
  const message = told?.message ?? (isAtEnd(source, error) ? endMessage(error) : undefined);
  const at =
    told?.at === undefined
      ? placeOf(source, error, message ?? error.message)
      : markedText(source, told.at, told.message);
  return { message: message ?? error.message.replace(/ \(\d+:\d+\)$/, ''), ...markOf(source, at) };
}

/** Whether the parser finds nothing wrong with the source. */
export const parses = (source: string, kind: SourceKind, parse: Parse): boolean =>
  parserError(source, kind, parse) === undefined;

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

const isAtEnd = (source: string, { pos }: ParserError): boolean => pos >= source.trimEnd().length;

const BEFORE = { module: "(async function(){'use strict';", function: '(function(){', script: '(function(){' };

/** The source is compiled as a function's body that has no end: what V8 says of the end is true of the source, too. */
function engineProblem(
  source: string,
  error: ParserError,
  { kind, compile }: { kind: SourceKind; compile: Compile },
): EngineProblem | undefined {
  const text = source.startsWith('#!') ? `//${source.slice(2)}` : source;
  const before = BEFORE[kind];
  const body = before + (kind === 'module' ? withoutModuleSyntax(text) : text);
  // What closes the function around the source is the fault itself, and must not run what follows it.
  const isClosing = source[error.pos] === '}' && error.message.startsWith('Unexpected token');
  const open = compile(isClosing ? body.slice(0, before.length + error.pos + 1) : body);
  if (isClosing && !((open?.at ?? Infinity) < before.length + error.pos)) {
    return { message: "Unexpected token '}'", at: error.pos };
  }
  const misses = open?.message === 'Unexpected end of input' && !isAtEnd(source, error);
  const problem = misses ? compile(`${body}\n})`) : open;
  if (problem?.at === undefined) return problem;
  return { ...problem, at: Math.min(source.length, Math.max(0, problem.at - before.length)) };
}

/** What the function above cannot say, as it has the module's imports and exports taken out. */
function problemOfModule(source: string, { message, pos }: ParserError): EngineProblem | undefined {
  if (message.startsWith("'import' and 'export' may only appear")) {
    const keyword = tokenAt(source, pos);
    const [after] = source.startsWith('import', pos) ? tokensFrom(source, keyword.end) : [keyword];
    return unexpected(source, after);
  }
  if (message.startsWith("'new.target' can only be used")) {
    return { message: 'new.target expression is not allowed here', at: source.indexOf('target', pos) };
  }
  if (message.startsWith("'return' outside of function")) return { message: 'Illegal return statement', at: pos };
  if (message.startsWith('A string literal cannot be used as an exported binding')) {
    return { message: "String literal module export names must be followed by a 'from' clause", at: pos };
  }
  const clause = source.slice(0, pos).search(/(?:^|[;}])[ \t]*(?:import(?!\s*[.(])|export\s*[{*])[^;'"]*$/m);
  const isInClause =
    message.startsWith('Unexpected token') && clause >= 0 && !/['"]\s*\n/.test(source.slice(clause, pos));
  return isInClause ? unexpected(source, tokensFrom(source, pos).next().value ?? undefined) : undefined;
}

/** The words that V8 takes for a token of their own. */
const RESERVED =
  /^(?:break|case|catch|class|const|continue|debugger|default|delete|do|else|enum|export|extends|false|finally|for|function|if|import|in|instanceof|new|null|of|return|super|switch|this|throw|true|try|typeof|var|void|while|with)$/;

/** V8's wording, by the kind of the token. */
function unexpected(source: string, place: Place | undefined): EngineProblem {
  if (place === undefined) return { message: 'Unexpected end of input', at: source.length };
  const token = source.slice(place.start, place.end);
  return { message: `Unexpected ${kindOf(token)}`, at: place.start };
}

function kindOf(token: string): string {
  if (/^['"]/.test(token)) return 'string';
  if (/^`/.test(token)) return 'template string';
  if (/^\d/.test(token)) return 'number';
  return /^[\p{ID_Start}$_]/u.test(token) && !RESERVED.test(token) ? `identifier '${token}'` : `token '${token}'`;
}

/** Imports and exports blanked line by line: the text does not parse, so there is no tree to go by. */
function withoutModuleSyntax(source: string): string {
  const blank = (text: string): string => text.replace(/[^\n\r\u2028\u2029]/g, ' ');
  const blankRest = (whole: string, before: string): string => before + blank(whole.slice(before.length));
  return source
    .replace(
      /(^[ \t]*|[;}][ \t]*)import\b(?!\s*[.(])[^;'"]*(['"])[^'"\n]*\2([ \t]*with[ \t]*\{[^}\n]*\})?/gm,
      blankRest,
    )
    .replace(/(^[ \t]*|[;}][ \t]*)export\s+(?:\*[^;'"]*|\{[^}]*\}\s*from\s*)(['"])[^'"\n]*\2/gm, blankRest)
    .replace(/(^[ \t]*|[;}][ \t]*)export\s*\{[^}]*\}/gm, blankRest)
    .replace(/(^[ \t]*|[;}][ \t]*)export(\s+)default\b/gm, '$1void  $2       ')
    .replace(/(^[ \t]*|[;}][ \t]*)export\b(?=\s+(?:const|let|var|class|function|async)\b)/gm, blankRest)
    .replace(/\bimport\.meta\b/g, '({})       ');
}

const TOKEN =
  /#?[\p{ID_Continue}$]+|(['"])(?:\\[\s\S]|(?!\1)[^\\\n])*\1|`(?:\\[\s\S]|[^\\`])*`|=>|===|!==|\*\*=|>>>=|\.\.\.|[=!<>]=|&&|\|\||\?\?|\?\.|\+\+|--|\*\*|<<|>>>?|[-+*/%&|^]=|\S/uy;

interface Place {
  start: number;
  end: number;
}

/** The text that V8 marks from a place on. */
function markedText(source: string, start: number, message: string): Place {
  if (message === 'Unexpected end of input') return { start: source.length, end: source.length };
  if (message.startsWith('Invalid regular expression')) return { start, end: regularExpressionAt(source, start).end };
  if (message === 'Invalid or unexpected token' && source.startsWith('/*', start)) return { start, end: source.length };
  if (message === 'Invalid or unexpected token' && /['"]/.test(source[start] ?? '')) {
    return { start, end: start + (lineAt(source.slice(start), 0)?.length ?? 0) };
  }
  if (message === 'Invalid or unexpected token') return { start, end: start + (digitsAt(source, start) || 1) };
  // Of a variable that is there already, and of a private name that is not, V8 knows where they start.
  if (/^(?:Private field '|Identifier '[^#].* has already been declared)/.test(message))
    return { start, end: start + 1 };
  if (message.startsWith('Missing initializer in destructuring')) return { start, end: closingOf(source, start) };
  return tokenAt(source, start);
}

/** The length of a number as far as its digits fit. */
function digitsAt(source: string, start: number): number {
  const digits = /0b[01]*|0o[0-7]*|0x[\da-f]*|\d*/iy;
  digits.lastIndex = start;
  return digits.exec(source)?.[0].length ?? 0;
}

/** Behind the bracket that closes the one at `start`. */
function closingOf(source: string, start: number): number {
  let depth = 0;
  for (const place of tokensFrom(source, start)) {
    const token = source.slice(place.start, place.end);
    if (/^[[{(]$/.test(token)) depth++;
    else if (/^[\]})]$/.test(token)) depth--;
    if (depth === 0) return place.end;
  }
  return source.length;
}

/** Likewise where the engine tells no place: the parser's, corrected by what the message is about. */
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
