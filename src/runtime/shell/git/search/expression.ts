/** What `git grep` looks for: patterns, and how they are combined. */
import { escapeRegExp } from '../../expansion/pattern.ts';
import { perlToRegExp } from '../../utilities/perl-regexp.ts';
import { posixToRegExp } from '../../utilities/posix-regexp.ts';
import { GitError } from '../git-error.ts';

/** In the order of the command line. */
export type Token = { kind: 'pattern'; text: string } | { kind: 'and' | 'not' | '(' | ')' };

export type PatternType = 'basic' | 'extended' | 'fixed' | 'perl';

export interface PatternOptions {
  type: PatternType;
  ignoreCase: boolean;
  wholeWords: boolean;
}

interface PatternNode {
  kind: 'pattern';
  pattern: RegExp;
}

interface PairNode {
  kind: 'and' | 'or';
  left: Node;
  right: Node;
}

type Node = PatternNode | { kind: 'not'; node: Node } | PairNode;

export interface Expression {
  /** Whether a line is one that is looked for. */
  matches(line: string): boolean;
  /** Where the next match of any of the patterns is. */
  next(line: string, from: number): { start: number; end: number } | undefined;
  /** With `--all-match` a file must have a line for each of these. */
  readonly alternatives: readonly ((line: string) => boolean)[];
}

/** Throws a GitError. */
export function compileExpression(tokens: readonly Token[], options: PatternOptions): Expression {
  const patterns: RegExp[] = [];
  let at = 0;
  const compile = (text: string): Node => {
    const pattern = toRegExp(text, options);
    patterns.push(pattern);
    return { kind: 'pattern', pattern };
  };
  const atom = (): Node => {
    const token = tokens[at++];
    if (token?.kind === 'pattern') return compile(token.text);
    if (token?.kind === 'not') {
      if (at >= tokens.length) throw new GitError('--not not followed by pattern expression');
      return { kind: 'not', node: atom() };
    }
    if (token?.kind === '(') {
      const node = alternatives();
      if (tokens[at]?.kind !== ')') throw new GitError('unmatched parenthesis');
      at += 1;
      return node;
    }
    if (token?.kind === 'and') throw new GitError('--and not preceded by pattern expression');
    throw new GitError(token ? `incomplete pattern expression group: ${shown(token.kind)}` : 'no pattern given');
  };
  const both = (): Node => {
    let left = atom();
    while (tokens[at]?.kind === 'and') {
      at += 1;
      if (at >= tokens.length) throw new GitError('--and not followed by pattern expression');
      left = { kind: 'and', left, right: atom() };
    }
    return left;
  };
  const alternatives = (): Node => {
    let left = both();
    while (at < tokens.length && tokens[at]?.kind !== ')') {
      left = { kind: 'or', left, right: both() };
    }
    return left;
  };
  const root = alternatives();
  if (at < tokens.length) throw new GitError(`incomplete pattern expression group: ${shown(tokens[at]?.kind ?? '')}`);
  const tests = alternativesOf(root).map((node) => (line: string) => holds(node, line));
  return {
    matches: (line) => holds(root, line),
    next: (line, from) => nextOf(patterns, line, from),
    alternatives: tests,
  };
}

const shown = (kind: string): string => (/^[()]$/.test(kind) ? kind : `--${kind}`);

function toRegExp(text: string, { type, ignoreCase, wholeWords }: PatternOptions): RegExp {
  try {
    const source =
      type === 'fixed'
        ? escapeRegExp(text)
        : type === 'perl'
          ? perlToRegExp(text)
          : posixToRegExp(text, type === 'extended');
    const whole = wholeWords ? `(?<![\\p{L}\\p{N}_])(?:${source})(?![\\p{L}\\p{N}_])` : source;
    return new RegExp(whole, ignoreCase ? 'giu' : 'gu');
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new GitError(`command line, '${text}': ${error.message}`);
  }
}

function holds(node: Node, line: string): boolean {
  if (node.kind === 'not') return !holds(node.node, line);
  if (node.kind === 'pattern') {
    node.pattern.lastIndex = 0;
    return node.pattern.test(line);
  }
  return node.kind === 'and'
    ? holds(node.left, line) && holds(node.right, line)
    : holds(node.left, line) || holds(node.right, line);
}

const alternativesOf = (node: Node): Node[] =>
  node.kind === 'or' ? [...alternativesOf(node.left), ...alternativesOf(node.right)] : [node];

function nextOf(patterns: readonly RegExp[], line: string, from: number): { start: number; end: number } | undefined {
  let first: { start: number; end: number } | undefined;
  for (const pattern of patterns) {
    pattern.lastIndex = from;
    const match = pattern.exec(line);
    if (!match) continue;
    const found = { start: match.index, end: match.index + match[0].length };
    if (!first || found.start < first.start || (found.start === first.start && found.end > first.end)) first = found;
  }
  return first;
}
