/** rg: a search through the files of a folder. */
import { append } from '../../kernel/large-lists.ts';
import { escapeRegExp } from '../expansion/pattern.ts';
import { readWholeText } from '../utilities/inputs.ts';
import { type Options, parseOptions } from '../utilities/options.ts';
import { perlMessage, perlToRegExp } from '../utilities/perl-regexp.ts';
import type { Utility, UtilityContext } from '../utility.ts';
import { OPTIONS, timesUnrestricted, USAGE } from './command-line.ts';
import { describePatternError, PatternError, rustToRegExp } from './expression.ts';
import { FILE_TYPES } from './file-types.ts';
import type { Search } from './hits.ts';
import { RipgrepRun } from './run.ts';
import type { TypeGlobs } from './walk.ts';

export const rg: Utility = async (context) => {
  const options = parseOptions(context.args, OPTIONS);
  const { flags, operands, problem } = options;
  if (problem) return await refuse(context, problem);
  if (flags.has('V')) return await answer(context, 'ripgrep 13.0.0\n');
  if (flags.has('h')) return await answer(context, `ripgrep 13.0.0\n\n${USAGE}`);
  const known = knownTypes(options);
  if (flags.has('type-list')) return await answer(context, listTypes(known));
  const types = { wanted: globsOf(known, options, 't'), unwanted: globsOf(known, options, 'T') };
  for (const globs of Object.values(types))
    if (typeof globs === 'string') return await fail(context, `unrecognized file type: ${globs}`);
  const patterns = await patternsOf(context, options);
  if (patterns === undefined) {
    await context.stderr.write(
      `error: The following required arguments were not provided:\n    <PATTERN>\n\n${USAGE}\nFor more information try --help\n\n`,
    );
    return 2;
  }
  try {
    const search = searchFor(options, patterns);
    const unrestricted = timesUnrestricted(context.args);
    return await new RipgrepRun(context, options, { search, types: types as TypeGlobs, unrestricted }).run(operands);
  } catch (error) {
    if (error instanceof PatternError) return await fail(context, describePatternError(error, patterns.join('|')));
    if (error instanceof SyntaxError) return await fail(context, perlMessage(error.message));
    throw error;
  }
};

async function answer(context: UtilityContext, text: string): Promise<number> {
  await context.stdout.write(text);
  return 0;
}

async function fail(context: UtilityContext, text: string): Promise<number> {
  await context.stderr.line(text);
  return 2;
}

async function refuse(context: UtilityContext, problem: string): Promise<number> {
  const [, long, short] = /'(--[^']*)'|-- '(.)'/.exec(problem) ?? [];
  const name = long ?? `-${short}`;
  const text = /requires an argument/.test(problem)
    ? `The argument '${name}' requires a value but none was supplied`
    : `Found argument '${name}' which wasn't expected, or isn't valid in this context`;
  await context.stderr.write(`error: ${text}\n\n${USAGE}\nFor more information try --help\n\n`);
  return 2;
}

/** The first operand is the pattern where no option gives one. Undefined where it lacks. */
async function patternsOf(context: UtilityContext, options: Options): Promise<string[] | undefined> {
  const { flags, values, operands } = options;
  if (flags.has('files')) return [];
  const patterns = [...(values.get('e') ?? [])];
  for (const file of values.get('f') ?? []) {
    const text = await readWholeText(context, file);
    if (text !== '') append(patterns, text.replace(/\n$/, '').split('\n'));
  }
  if (flags.has('e') || flags.has('f')) return patterns;
  const first = operands.shift();
  return first === undefined ? undefined : [first];
}

/** Throws a PatternError, and for `-P` a SyntaxError. */
function searchFor({ flags, values }: Options, patterns: readonly string[]): Search {
  const has = (flag: string) => flags.has(flag);
  const limit = Number(values.get('m')?.at(-1) ?? 'Infinity');
  const setting = { inverted: has('v'), multiline: has('U'), limit };
  const dotAll = has('dotall');
  const sources = patterns.map((pattern) => {
    if (has('F')) return escapeRegExp(pattern);
    if (has('P')) return perlToRegExp(pattern);
    if (!has('U') && /(^|[^\\])(\\\\)*\\n/.test(pattern)) throw new PatternError(NO_NEWLINE, 0, 0);
    return rustToRegExp(pattern, { dotAll });
  });
  let source = sources.length === 1 ? (sources[0] ?? '') : sources.map((part) => `(?:${part})`).join('|');
  if (has('x')) source = `^(?:${source})$`;
  else if (has('w')) source = `(?<![\\p{L}\\p{N}_])(?:${source})(?![\\p{L}\\p{N}_])`;
  const plain = patterns.join('').replace(/\\[pP]\{[^}]*\}|\\./g, '');
  const insensitive = has('i') || (has('S') && !has('s') && !/\p{Lu}/u.test(plain));
  const letters = `${insensitive ? 'i' : ''}${has('F') || has('P') ? 'u' : 'v'}`;
  if (patterns.length === 0) return { ...setting, expression: /(?!)/gu };
  const expression = new RegExp(source, `g${letters}${has('U') ? 'm' : ''}${has('P') && dotAll ? 's' : ''}`);
  // What looks around could see more of the whole text than of a line.
  const whole = !has('v') && !has('P') && !has('passthru');
  return { ...setting, expression, ...(whole && { prefilter: new RegExp(source, `m${letters}`) }) };
}

const NO_NEWLINE = `the literal '"\\n"' is not allowed in a regex

Consider enabling multiline mode with the --multiline flag (or -U for short).
When multiline mode is enabled, new line characters can be matched.`;

function knownTypes({ values }: Options): Map<string, string[]> {
  const known = new Map(Object.entries(FILE_TYPES).map(([name, globs]) => [name, [...globs]]));
  for (const text of values.get('type-add') ?? []) {
    const [, name = '', included, glob] = /^(\w+):(?:include:([\w,]+)|(.+))$/.exec(text) ?? [];
    const globs = included ? included.split(',').flatMap((other) => known.get(other) ?? []) : [glob ?? ''];
    known.set(name, [...(known.get(name) ?? []), ...globs]);
  }
  return known;
}

const listTypes = (known: ReadonlyMap<string, readonly string[]>): string =>
  [...known]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, globs]) => `${name}: ${[...globs].sort().join(', ')}\n`)
    .join('');

/** The name of the first type that is not known, or the globs of those asked for. */
function globsOf(
  known: ReadonlyMap<string, readonly string[]>,
  options: Options,
  option: 't' | 'T',
): string | string[] {
  const names = options.values.get(option) ?? [];
  const unknown = names.find((name) => name !== 'all' && !known.has(name));
  return unknown ?? names.flatMap((name) => (name === 'all' ? [...known.values()].flat() : (known.get(name) ?? [])));
}
