/** Word expansion: parameters, commands, arithmetic, field splitting, pathnames, quote removal; in the order of POSIX 2.6. */

import { type ParsedScript, parse, type Word, type WordPart } from 'unbash';
import { append } from '../../kernel/large-lists.ts';
import type { Sys } from '../../process/system-calls/sys.ts';
import { ShellError } from '../errors.ts';
import type { ShellArray } from '../variables/arrays.ts';
import type { Variable } from '../variables/variable.ts';
import { type ArithmeticVariables, evaluateArithmetic } from './arithmetic.ts';
import { expandBraces } from './braces.ts';
import { expandPathname } from './glob.ts';
import { expandParameter } from './parameter.ts';
import { escapePattern, hasWildcard, unescapePattern } from './pattern.ts';

/** What expansion asks of the shell. */
export interface ExpansionHost {
  readonly sys: Sys;
  readonly bash: boolean;
  /** Runs the text of `-c`. */
  readonly fromCommandLine: boolean;
  readonly noGlob: boolean;
  readonly positional: readonly string[];
  /** Undefined when unset; special parameters (`?`, `$`, `#`, `1`, …) included, `@` and `*` not. */
  getParameter(name: string): string | undefined;
  setVariable(name: string, value: string): void;
  /** As getParameter, but an unset one is an error under `set -u`. */
  requireParameter(name: string): string;
  /** The variable itself, through references. */
  variable(name: string): Variable | undefined;
  /** Undefined for what is no array. */
  arrayOf(name: string): ShellArray | undefined;
  setElement(name: string, key: string, value: string): void;
  /** Names of the variables that are set, sorted. */
  variableNames(): string[];
  /** Throws under `set -u`. */
  complainUnset(label: string): void;
  /** Whether an option of bash's `shopt` is on. */
  isSet(option: string): boolean;
  /** Output of a command substitution. */
  capture(script: ParsedScript): Promise<string>;
  /** Path of a pipe from, or to, a command that runs meanwhile. */
  substitute(script: ParsedScript, operator: '<' | '>'): string;
  resolve(path: string): string;
}

/** A run of text with what later steps may do to it. `split`: from an unquoted expansion; `glob`: a wildcard of the script. */
export type Atom = { kind: 'literal' | 'quoted' | 'split' | 'glob'; text: string } | { kind: 'break' };

/** Fields of the words of a command. */
export async function expandWords(host: ExpansionHost, words: readonly Word[]): Promise<string[]> {
  const fields: string[] = [];
  for (const word of host.bash ? words.flatMap(wordsInBraces) : words) {
    const assigned = host.bash ? /^[A-Za-z_]\w*=(?=~)/.exec(word.text)?.[0] : undefined;
    if (assigned !== undefined) {
      // What looks like an assignment has its tilde expanded, too.
      const [first = '', ...rest] = await expandWords(host, [parseWord(word.text.slice(assigned.length))]);
      append(fields, [assigned + first, ...rest]);
    } else if (!word.parts && !word.text.startsWith('~')) fields.push(word.value);
    else append(fields, splitFields(host, await collectWord(host, word)));
  }
  return fields;
}

/** The parser ends a word where a process substitution begins or ends in it (`@<(…)`): these are one. */
export function joinedWords(words: readonly Word[]): Word[] {
  const joined: Word[] = [];
  for (const word of words) {
    const last = joined.at(-1);
    if (last && last.end === word.pos && last.end > last.pos && isSubstitution(last, word)) {
      joined[joined.length - 1] = {
        type: 'Word',
        text: last.text + word.text,
        value: last.value + word.value,
        pos: last.pos,
        end: word.end,
        parts: [...partsOf(last), ...partsOf(word)],
      };
    } else joined.push(word);
  }
  return joined;
}

const isSubstitution = (...words: Word[]): boolean =>
  words.some(({ parts }) => parts?.some(({ type }) => type === 'ProcessSubstitution'));

const partsOf = ({ parts, pos, end, text, value }: Word): readonly WordPart[] =>
  parts ?? [{ type: 'Literal', pos, end, text, value }];

/** Words that a word with braces stands for, in bash. */
function wordsInBraces(word: Word): Word[] {
  if (!word.parts?.some((part) => part.type === 'BraceExpansion')) return [word];
  const texts = expandBraces(word.text);
  return texts.length === 1 && texts[0] === word.text ? [word] : texts.map(parseWord);
}

export function parseWord(text: string): Word {
  const command = parse(`: ${text}`).commands[0]?.command;
  const word = command?.type === 'Command' ? command.suffix[0] : undefined;
  return word?.type === 'Word' ? word : { type: 'Word', text, value: text, pos: 0, end: 0 };
}

/** One string: no splitting, no pathnames (assignments, redirections, here-documents, `case` words). */
export async function expandToString(host: ExpansionHost, word: Word): Promise<string> {
  if (!word.parts && !word.text.includes('~')) return word.value;
  return joinAtoms(await collectWord(host, word), (text) => text);
}

/** As `expandToString`, with `~` after each colon, as in assignments. */
export async function expandAssignment(host: ExpansionHost, word: Word): Promise<string> {
  if (!word.parts && word.text.includes('~'))
    return word.value
      .split(':')
      .map((part) => expandTilde(host, part))
      .join(':');
  return await expandToString(host, word);
}

/** A pattern: what was quoted is escaped. `extended`: `@(a|b)` and its like count. */
export async function expandToPattern(host: ExpansionHost, word: Word, extended = true): Promise<string> {
  if (host.bash && /[?*+@!]\(/.test(word.text) && !word.parts?.some(({ type }) => type === 'ExtendedGlob'))
    return await extendedOperand(host, word, extended);
  return joinAtoms(await collectWord(host, word), escapePattern);
}

/** The parser leaves extended patterns in operands as they are. */
async function extendedOperand(host: ExpansionHost, word: Word, extended: boolean): Promise<string> {
  const own = (text: string) => (extended ? text : text.replace(/\\?\(/g, '\\('));
  if (!word.parts) return own(word.text);
  let pattern = '';
  for (const part of word.parts) {
    if (part.type === 'Literal') pattern += own(part.text);
    else pattern += joinAtoms(await collectParts(host, [part], false), escapePattern);
  }
  return pattern;
}

/** A regular expression of `[[ =~ ]]`: what was quoted is taken literally. */
export async function expandToExpression(host: ExpansionHost, word: Word): Promise<string> {
  // A backslash stays: it is for the expression.
  if (!word.parts) return word.text;
  const atoms: Atom[] = [];
  for (const part of word.parts) {
    if (part.type === 'Literal') atoms.push({ kind: 'literal', text: part.text });
    else await collectPart(host, part, false, atoms);
  }
  let joined = '';
  for (const atom of atoms) {
    if (atom.kind === 'break') joined += ' ';
    else joined += atom.kind === 'quoted' ? atom.text.replace(/[\\.[\](){}*+?^$|]/g, '\\$&') : atom.text;
  }
  return joined;
}

function joinAtoms(atoms: readonly Atom[], quote: (text: string) => string): string {
  let joined = '';
  for (const atom of atoms) {
    if (atom.kind === 'break') joined += ' ';
    else joined += atom.kind === 'literal' || atom.kind === 'quoted' ? quote(atom.text) : atom.text;
  }
  return joined;
}

export async function collectWord(host: ExpansionHost, word: Word): Promise<Atom[]> {
  if (!word.parts) return [{ kind: 'literal', text: expandTilde(host, word.value, word.text) }];
  const atoms: Atom[] = [];
  for (const [index, part] of word.parts.entries()) {
    if (index === 0 && part.type === 'Literal' && part.text.startsWith('~')) {
      atoms.push({ kind: 'literal', text: expandTilde(host, part.value, part.text) });
    } else await collectPart(host, part, false, atoms);
  }
  return atoms;
}

function expandTilde(host: ExpansionHost, value: string, text = value): string {
  const prefix = /^~[^/]*/.exec(text)?.[0];
  if (prefix === undefined) return value;
  const rest = value.slice(prefix.length);
  if (prefix === '~') return (host.getParameter('HOME') ?? '~') + rest;
  if (prefix === '~root') return `/root${rest}`;
  if (host.bash && prefix === '~+') return (host.getParameter('PWD') ?? prefix) + rest;
  if (host.bash && prefix === '~-') return (host.getParameter('OLDPWD') ?? prefix) + rest;
  return value;
}

/** Atoms of the parts of a here-document or of double quotes. */
export async function collectParts(host: ExpansionHost, parts: readonly WordPart[], quoted: boolean): Promise<Atom[]> {
  const atoms: Atom[] = [];
  for (const part of parts) await collectPart(host, part, quoted, atoms);
  return atoms;
}

/** Whether the text stands for a list that gives no field at all when it is empty. */
function isEmptyList(text: string): boolean {
  return /^\$(@|\{!?@.*\}|\{!?[A-Za-z_]\w*\[@\].*\}|\{![A-Za-z_]\w*@\})$/s.test(text);
}

async function collectPart(host: ExpansionHost, part: WordPart, quoted: boolean, atoms: Atom[]): Promise<void> {
  const add = (kind: 'literal' | 'quoted' | 'split' | 'glob', text: string) =>
    atoms.push({ kind: quoted && kind !== 'literal' ? 'quoted' : kind, text });
  switch (part.type) {
    case 'Literal':
      add(quoted ? 'quoted' : 'literal', part.value);
      return;
    case 'Glob':
      if (part.kind === 'bracket' && !quoted) await collectBracket(host, part.parts, atoms);
      else add('glob', part.value);
      return;
    case 'SingleQuoted':
      add('quoted', quoted ? part.text : part.value);
      return;
    case 'AnsiCQuoted':
      add('quoted', host.bash ? part.value : `$${part.text.slice(2, -1)}`);
      return;
    case 'DoubleQuoted':
    case 'LocaleString': {
      const inner = await collectParts(host, part.parts, true);
      const onlyAll = part.parts.length > 0 && part.parts.every((child) => isEmptyList(child.text));
      if (!onlyAll) atoms.push({ kind: 'quoted', text: '' });
      append(atoms, inner);
      return;
    }
    case 'SimpleExpansion':
      collectParameter(host, part.text.slice(1), quoted, atoms);
      return;
    case 'ParameterExpansion':
      refuseSubstitution(host, part);
      if (!part.operation && !part.prefix && !part.index) collectParameter(host, part.parameter, quoted, atoms);
      else append(atoms, await expandParameter(host, part, quoted));
      return;
    case 'CommandExpansion':
      add('split', part.script ? (await host.capture(part.script)).replace(/\n+$/, '') : '');
      return;
    case 'ArithmeticExpansion':
      add('split', await expandArithmetic(host, part));
      return;
    case 'BraceExpansion':
      if (part.parts) append(atoms, await collectParts(host, part.parts, quoted));
      else add('literal', part.text);
      return;
    case 'ExtendedGlob':
      if (quoted) add('quoted', part.text);
      else await collectExtended(host, part, atoms);
      return;
    case 'ProcessSubstitution':
      if (!part.script) throw new ShellError(`${part.text}: bad substitution`);
      add('quoted', host.substitute(part.script, part.operator));
      return;
  }
}

/** What neither shell knows, and of what bash knows more than dash does. */
function refuseSubstitution(host: ExpansionHost, part: Extract<WordPart, { type: 'ParameterExpansion' }>): void {
  const type = part.operation?.type;
  const unknown = type === 'Unknown' || (part.parameter === '' && part.prefix !== '#');
  if (host.bash && unknown) throw new ShellError(`${part.text}: bad substitution`, 1);
  const beyond = type !== undefined && type !== 'Default' && type !== 'Remove';
  if (!host.bash && (unknown || beyond || part.index || part.prefix === '!')) throw new ShellError('Bad substitution');
}

/** `@(a|"b"|$c)`: the operator's own characters are part of the pattern. */
async function collectExtended(
  host: ExpansionHost,
  part: Extract<WordPart, { type: 'ExtendedGlob' }>,
  atoms: Atom[],
): Promise<void> {
  atoms.push({ kind: 'glob', text: `${part.operator}(` });
  if (!part.parts) atoms.push({ kind: 'glob', text: part.pattern });
  for (const child of part.parts ?? []) {
    if (child.type === 'Literal') atoms.push({ kind: 'glob', text: child.value });
    else await collectPart(host, child, false, atoms);
  }
  atoms.push({ kind: 'glob', text: ')' });
}

async function collectBracket(host: ExpansionHost, parts: readonly WordPart[], atoms: Atom[]): Promise<void> {
  atoms.push({ kind: 'glob', text: '[' });
  for (const part of parts) {
    if (part.type === 'Literal') atoms.push({ kind: 'glob', text: part.value });
    else await collectPart(host, part, false, atoms);
  }
  atoms.push({ kind: 'glob', text: ']' });
}

function collectParameter(host: ExpansionHost, name: string, quoted: boolean, atoms: Atom[]): void {
  const kind = quoted ? 'quoted' : 'split';
  if (name === '@' || (name === '*' && !quoted)) {
    host.positional.forEach((text, index) => {
      if (index > 0) atoms.push({ kind: 'break' });
      atoms.push({ kind, text });
    });
  } else if (name === '*') {
    atoms.push({ kind, text: host.positional.join((host.getParameter('IFS') ?? ' ').slice(0, 1)) });
  } else atoms.push({ kind, text: host.requireParameter(name) });
}

async function expandArithmetic(
  host: ExpansionHost,
  part: Extract<WordPart, { type: 'ArithmeticExpansion' }>,
): Promise<string> {
  return await evaluateText(host, part.text.startsWith('$((') ? part.text.slice(3, -2) : part.text.slice(2, -1));
}

/** Double quotes mean nothing in an arithmetic expression, but within its substitutions. */
function withoutQuotes(text: string): string {
  let kept = '';
  let depth = 0;
  for (let i = 0; i < text.length; i += 1) {
    const char = text[i] ?? '';
    if (char === '`') depth = depth === 0 ? 1 : 0;
    else if ((char === '$' && /[({]/.test(text[i + 1] ?? '')) || (depth > 0 && /[({]/.test(char))) {
      if (char === '$') kept += text[i++];
      depth += 1;
    } else if (depth > 0 && /[)}]/.test(char)) depth -= 1;
    if (char !== '"' || depth > 0) kept += text[i];
  }
  return kept;
}

/** Expands parameters and commands in the text, then evaluates it. */
export async function evaluateText(host: ExpansionHost, text: string): Promise<string> {
  const expanded = /[$`"]/.test(text) ? await expandText(host, withoutQuotes(text)) : text;
  return evaluateArithmetic(expanded.replaceAll('\n', ' '), arithmeticVariables(host));
}

type VariableHost = Pick<ExpansionHost, 'bash' | 'getParameter' | 'setVariable' | 'arrayOf' | 'setElement'>;

/** Variables as an arithmetic expression sees them, elements of arrays included. */
export function arithmeticVariables(host: VariableHost): ArithmeticVariables {
  const element = (name: string) => {
    const match = /^(\w+)\[(.*)\]$/s.exec(name);
    if (!match) return undefined;
    const [, array = '', index = ''] = match;
    const associative = host.arrayOf(array)?.associative;
    return { array, key: associative ? index : evaluateArithmetic(index, variables) };
  };
  const variables: ArithmeticVariables = {
    bash: host.bash,
    get: (name) => {
      const place = element(name);
      if (!place) return host.getParameter(name);
      const array = host.arrayOf(place.array);
      return array ? array.get(place.key) : place.key === '0' ? host.getParameter(place.array) : undefined;
    },
    set: (name, value) => {
      const place = element(name);
      if (place) host.setElement(place.array, place.key, value);
      else host.setVariable(name, value);
    },
  };
  return variables;
}

/** Expands text as between double quotes. */
export async function expandText(host: ExpansionHost, text: string): Promise<string> {
  const command = parse(`: "${text}"`).commands[0]?.command;
  const word = command?.type === 'Command' ? command.suffix[0] : undefined;
  return word?.type === 'Word' ? await expandToString(host, word) : text;
}

interface Field {
  /** With what must not match escaped. */
  pattern: string;
  glob: boolean;
}

/** Splits at IFS, expands pathnames, removes quotes. */
function splitFields(host: ExpansionHost, atoms: readonly Atom[]): string[] {
  const ifs = host.getParameter('IFS') ?? ' \t\n';
  const splitter = new FieldSplitter(ifs);
  for (const atom of atoms) {
    if (atom.kind === 'break') splitter.finish();
    else if (atom.kind === 'split') splitter.addSplit(atom.text);
    else if (atom.kind === 'glob') splitter.add(atom.text, true);
    else splitter.add(escapePattern(atom.text), false);
  }
  splitter.finish();
  const ignored = host.bash ? host.getParameter('GLOBIGNORE') : undefined;
  return splitter.fields.flatMap((field) => {
    if (field.glob && !host.noGlob && hasWildcard(field.pattern)) {
      const paths = expandPathname(host.sys, field.pattern, {
        resolve: (path) => host.resolve(path),
        globstar: host.isSet('globstar'),
        // GLOBIGNORE brings hidden names with it, but for `.` and `..`.
        dotglob: host.isSet('dotglob') || Boolean(ignored),
        ignored,
        ignoreCase: host.isSet('nocaseglob'),
      });
      if (paths.length > 0 || host.isSet('nullglob')) return paths;
      if (host.isSet('failglob')) throw new ShellError(`no match: ${unescapePattern(field.pattern)}`, 1);
    }
    return [unescapePattern(field.pattern)];
  });
}

class FieldSplitter {
  readonly fields: Field[] = [];
  readonly #ifs: string;
  #current: Field | undefined;
  #endedBySpace = false;

  constructor(ifs: string) {
    this.#ifs = ifs;
  }

  add(pattern: string, glob: boolean): void {
    this.#current ??= { pattern: '', glob: false };
    this.#current.pattern += pattern;
    this.#current.glob ||= glob;
    this.#endedBySpace = false;
  }

  finish(): void {
    if (this.#current) this.fields.push(this.#current);
    this.#current = undefined;
  }

  addSplit(text: string): void {
    let plain = '';
    const take = () => {
      if (plain !== '') this.add(plain, true);
      plain = '';
    };
    for (const char of text) {
      if (!this.#ifs.includes(char)) {
        plain += char === '\\' ? '\\\\' : char;
        continue;
      }
      take();
      if (' \t\n'.includes(char)) {
        if (this.#current) this.#endedBySpace = true;
        this.finish();
      } else if (!this.#current && this.#endedBySpace) this.#endedBySpace = false;
      else {
        this.#current ??= { pattern: '', glob: false };
        this.finish();
      }
    }
    take();
  }
}
