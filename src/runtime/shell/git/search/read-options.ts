/** The command line of `git grep`: patterns and their operators are read in their order. */
import type { GitCall } from '../call.ts';
import { type GitOptions, readOptions } from '../command-line.ts';
import { GitError } from '../git-error.ts';
import type { Token } from './expression.ts';

const FLAGS =
  'cached no-index untracked exclude-standard no-exclude-standard recurse-submodules v invert-match i ignore-case w word-regexp a text I textconv no-textconv r recursive no-recursive E extended-regexp G basic-regexp F fixed-strings P perl-regexp n line-number no-line-number column no-column h H full-name no-full-name l files-with-matches name-only L files-without-match z null o only-matching c count color no-color break no-break heading no-heading p show-function W function-context q quiet all-match ext-grep';
const VALUES = 'max-depth color C context B before-context A after-context threads f e m max-count';
const ALIASES: Record<string, string> = {
  'invert-match': 'v',
  'ignore-case': 'i',
  'word-regexp': 'w',
  text: 'a',
  'extended-regexp': 'E',
  'basic-regexp': 'G',
  'fixed-strings': 'F',
  'perl-regexp': 'P',
  'line-number': 'n',
  'files-with-matches': 'l',
  'name-only': 'l',
  'files-without-match': 'L',
  null: 'z',
  'only-matching': 'o',
  count: 'c',
  'show-function': 'p',
  'function-context': 'W',
  quiet: 'q',
  context: 'C',
  'before-context': 'B',
  'after-context': 'A',
  'max-count': 'm',
  recursive: 'r',
};
/** Of those that take a value, the ones whose value is a word of its own. */
const TAKING = new Set([...VALUES.split(' ').map((name) => (name.length === 1 ? `-${name}` : `--${name}`))]);
const OPERATORS: Record<string, Token> = {
  '--and': { kind: 'and' },
  '--not': { kind: 'not' },
  '(': { kind: '(' },
  ')': { kind: ')' },
};

export interface GrepWords {
  options: GitOptions;
  tokens: Token[];
}

/** Throws a GitError. */
export function readGrepWords({ args, context }: GitCall): GrepWords {
  const tokens: Token[] = [];
  const rest: string[] = [];
  const add = (text: string) => {
    for (const line of text.split('\n')) tokens.push({ kind: 'pattern', text: line });
  };
  for (let i = 0; i < args.length; i += 1) {
    const arg = args[i] ?? '';
    if (arg === '--') {
      rest.push(...args.slice(i));
      break;
    }
    const operator = OPERATORS[arg];
    const pattern = /^-[a-zA-Z]*?([ef])(.*)$/s.exec(arg);
    // What stands side by side is or-ed anyway.
    if (arg === '--or') continue;
    if (operator) tokens.push(operator);
    else if (pattern && !arg.startsWith('--') && !hasValueBefore(arg)) {
      const letters = arg.slice(0, arg.length - (pattern[2] ?? '').length - 1);
      if (letters !== '-') rest.push(letters);
      const value = pattern[2] !== '' ? (pattern[2] ?? '') : args[++i];
      if (value === undefined) throw new GitError(`switch \`${pattern[1]}' requires a value`, 129, '', 'error');
      if (pattern[1] === 'e') add(value);
      else {
        const bytes = context.sys.call('readFile', context.resolve(value));
        add(new TextDecoder().decode(bytes).replace(/\n$/, ''));
      }
    } else if (TAKING.has(arg) && arg !== '--color') rest.push(arg, args[++i] ?? '');
    else rest.push(arg);
  }
  const paths = rest.indexOf('--');
  const spelled = rest.map((word, index) =>
    /^-\d+$/.test(word) && (paths === -1 || index < paths) ? `-C${word.slice(1)}` : word,
  );
  const options = readOptions(spelled, { flags: FLAGS, values: VALUES, aliases: ALIASES });
  if (tokens.length === 0) {
    const first = options.words.shift();
    if (first === undefined) throw new GitError('no pattern given');
    tokens.push(...first.split('\n').map((text): Token => ({ kind: 'pattern', text })));
  }
  return { options, tokens };
}

/** `-A1e`: what looks like a letter belongs to a value. */
const hasValueBefore = (arg: string): boolean => /^-[a-zA-Z]*?[ABCm]/.test(arg);
