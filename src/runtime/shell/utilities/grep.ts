import { append } from '../../kernel/large-lists.ts';
import { escapeRegExp } from '../expansion/pattern.ts';
import type { Utility, UtilityContext } from '../utility.ts';
import { GrepSearch } from './grep-search.ts';
import { readWholeText } from './inputs.ts';
import { type Options, parseOptions } from './options.ts';
import { perlMessage, perlToRegExp } from './perl-regexp.ts';
import { posixToRegExp } from './posix-regexp.ts';

const USAGE = 'Usage: grep [OPTION]... PATTERNS [FILE]...';

const LONG = {
  recursive: 'r',
  'line-number': 'n',
  'ignore-case': 'i',
  'invert-match': 'v',
  'extended-regexp': 'E',
  'fixed-strings': 'F',
  'perl-regexp': 'P',
  'basic-regexp': 'G',
  'files-with-matches': 'l',
  'files-without-match': 'L',
  count: 'c',
  'only-matching': 'o',
  'word-regexp': 'w',
  'line-regexp': 'x',
  quiet: 'q',
  silent: 'q',
  'no-messages': 's',
  'with-filename': 'H',
  'no-filename': 'h',
  'regexp=': 'e',
  'file=': 'f',
  'after-context=': 'A',
  'before-context=': 'B',
  'context=': 'C',
  'max-count=': 'm',
  'include=': 'include',
  'exclude=': 'exclude',
  'exclude-dir=': 'exclude-dir',
  'color=': 'color',
  color: 'color',
  colour: 'color',
  text: 'a',
  null: 'Z',
  'null-data': 'z',
  'byte-offset': 'b',
  'initial-tab': 'T',
  'dereference-recursive': 'R',
  'binary-files=': 'binary-files',
  'exclude-from=': 'exclude-from',
  'label=': 'label',
  'colour=': 'color',
  'line-buffered': 'line-buffered',
  'no-ignore-case': 'no-ignore-case',
  'directories=': 'd',
  'group-separator=': 'group-separator',
  'no-group-separator': 'no-group-separator',
  // For `git grep -c`.
  'omit-zero': 'omit-zero',
  help: 'help',
  version: 'version',
};

export const grep: Utility = async (context) => {
  const options = parseOptions(
    context.args.map((arg) => (/^-\d+$/.test(arg) ? `-C${arg.slice(1)}` : arg)),
    {
      short: 'rRniyvEFGPlLcowxqsHhe:f:A:B:C:m:aIZzbTUd:D:V',
      long: LONG,
    },
  );
  if (options.problem) {
    await context.complain(`${options.problem}\n${USAGE}\nTry 'grep --help' for more information.`);
    return 2;
  }
  if (options.flags.has('help') || options.flags.has('version') || options.flags.has('V')) {
    await context.stdout.line(options.flags.has('help') ? USAGE : 'grep (GNU grep) 3.8');
    return 0;
  }
  const patterns = [...(options.values.get('e') ?? [])];
  for (const file of options.values.get('f') ?? []) {
    const text = await readWholeText(context, file);
    if (text === '') continue;
    append(patterns, text.replace(/\n$/, '').split('\n'));
  }
  if (patterns.length === 0 && !options.flags.has('f')) {
    const first = options.operands.shift();
    if (first === undefined) {
      await context.stderr.write(`${USAGE}\nTry 'grep --help' for more information.\n`);
      return 2;
    }
    patterns.push(first);
  }
  let expression: RegExp;
  try {
    expression = compile(
      context,
      options,
      patterns.flatMap((pattern) => pattern.split('\n')),
    );
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    await context.complain(options.flags.has('P') ? perlMessage(error.message) : error.message);
    return 2;
  }
  for (const pattern of options.flags.has('E') || context.name === 'egrep' ? patterns : []) {
    const [, char] = /(?:^|[(|^])([*+?])/.exec(pattern.replace(/\\.|\[[^\]]*\]/g, 'x')) ?? [];
    if (char !== undefined) await context.complain(`warning: ${char} at start of expression`);
  }
  return await new GrepSearch(context, options, expression).run();
};

/** Throws a SyntaxError in grep's words. */
function compile(context: UtilityContext, options: Options, patterns: readonly string[]): RegExp {
  const has = (flag: string) => options.flags.has(flag);
  const extended = has('E') || context.name === 'egrep';
  const insensitive = (has('i') || has('y')) && !has('no-ignore-case');
  if (patterns.length === 0) return /(?!)/gu;
  const sources = patterns.map((pattern) => {
    if (has('F') || context.name === 'fgrep') return escapeRegExp(pattern);
    return has('P') ? perlToRegExp(pattern) : posixToRegExp(pattern, extended);
  });
  // Alone, a pattern keeps its groups' numbers and the meaning of what stands at its start.
  let source = sources.length === 1 ? (sources[0] ?? '') : sources.map((part) => `(?:${part})`).join('|');
  if (has('w')) source = `(?<![\\p{L}\\p{N}_])(?:${source})(?![\\p{L}\\p{N}_])`;
  if (has('x')) source = `^(?:${source})$`;
  // Where NUL ends the lines, a newline is a character as any other.
  return new RegExp(source, `g${insensitive ? 'i' : ''}${has('z') ? 's' : ''}u`);
}
