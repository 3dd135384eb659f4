import { Descriptor } from '../descriptor.ts';
import { describeError, errorCode } from '../errors.ts';
import type { Utility, UtilityContext } from '../utility.ts';
import { readWholeText } from './inputs.ts';
import { lastValue, type Options, parseOptions } from './options.ts';
import { wrongUse } from './wrong-use.ts';

/** A command line of this many characters is full. */
const LIMIT = 100_000;

export const xargs: Utility = async (context) => {
  const { args, inlineReplace } = takeReplace(context.args);
  const options = parseOptions(args, {
    short: '0rtpxon:I:L:P:d:s:a:E:e:l:i',
    long: {
      null: '0',
      'no-run-if-empty': 'r',
      verbose: 't',
      'max-args=': 'n',
      'max-lines=': 'L',
      'max-procs=': 'P',
      'max-chars=': 's',
      'delimiter=': 'd',
      'replace=': 'I',
      'arg-file=': 'a',
      exit: 'x',
      'open-tty': 'o',
      interactive: 'p',
      'process-slot-var=': 'slot',
      'eof=': 'E',
    },
    stopEarly: true,
  });
  if (options.problem) return await wrongUse(context, options.problem);
  const command = options.operands.length > 0 ? options.operands : ['echo'];
  const file = lastValue(options, 'a');
  const text = file === undefined ? await context.stdin.text() : await readFile(context, file);
  if (text === undefined) return 1;
  const problem = badNumber(options);
  if (problem !== undefined) return await wrongUse(context, problem);
  const placeholder = lastValue(options, 'I') ?? inlineReplace;
  const lines = lastValue(options, 'L') ?? lastValue(options, 'l');
  if (placeholder !== undefined && options.flags.has('n')) {
    const message = 'options --max-args and --replace/-I/-i are mutually exclusive, ignoring previous --max-args value';
    await context.complain(`warning: ${message}`);
  }
  if (placeholder !== undefined && lines !== undefined)
    await context.complain(
      'warning: options --max-lines and --replace/-I/-i are mutually exclusive, ignoring previous --max-lines value',
    );
  const { items, isBroken } = splitItems(text, { options, byLine: placeholder !== undefined });
  const tellBroken = async () => {
    const kind = /'/.test(text) ? 'single' : 'double';
    await context.complain(
      `unmatched ${kind} quote; by default quotes are special to xargs unless you use the -0 option`,
    );
    return 1;
  };
  if (isBroken && placeholder === undefined) return await tellBroken();
  const limits = {
    most: Number(lastValue(options, 'n') ?? 'Infinity'),
    // The command's own words count, too.
    size: Number(lastValue(options, 's') ?? LIMIT) - command.reduce((sum, word) => sum + word.length + 1, 0),
  };
  const runs =
    placeholder !== undefined
      ? items.map((item) => command.map((word) => word.replaceAll(placeholder, item)))
      : lines !== undefined
        ? (options.flags.has('0') || options.flags.has('d')
            ? batches(items, { ...limits, most: Number(lines) })
            : lineBatches(text, Number(lines))
          ).map((batch) => [...command, ...batch])
        : batches(items, limits).map((batch) => [...command, ...batch]);
  if (items.length === 0 && !options.flags.has('r') && placeholder === undefined) runs.push([...command]);
  const atOnce = Number(lastValue(options, 'P') ?? '1');
  const status = await runAll(context, runs, { echo: options.flags.has('t'), atOnce });
  return isBroken ? await tellBroken() : status;
};

/** `-i` and `-i{}` of old, and `--replace` with or without what stands for the item. */
function takeReplace(given: readonly string[]): { args: string[]; inlineReplace: string | undefined } {
  const args: string[] = [];
  let inlineReplace: string | undefined;
  let index = 0;
  for (; index < given.length && given[index]?.startsWith('-'); index += 1) {
    const arg = given[index] ?? '';
    const [, first, second] = /^(?:-i(.*)|--replace(?:=(.*))?)$/s.exec(arg) ?? [];
    if (/^(-i|--replace)/.test(arg)) inlineReplace = first || second || '{}';
    else args.push(arg);
    if (/^-[nILPdsaEe]$/.test(arg)) args.push(given[++index] ?? '');
  }
  return { args: [...args, ...given.slice(index)], inlineReplace };
}

function badNumber(options: Options): string | undefined {
  for (const [name, least] of [
    ['n', 1],
    ['L', 1],
    ['s', 1],
    ['P', 0],
  ] as const) {
    const value = lastValue(options, name);
    if (value === undefined) continue;
    if (!/^[-+]?\d+$/.test(value)) return `invalid number "${value}" for -${name} option`;
    if (Number(value) < least) return `value ${value} for -${name} option should be >= ${least}`;
  }
  return undefined;
}

async function readFile(context: UtilityContext, name: string): Promise<string | undefined> {
  try {
    return await readWholeText(context, name);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    await context.complain(`Cannot open input file ‘${name}’: ${describeError(error)}`);
    return undefined;
  }
}

/** Runs up to `atOnce` commands at a time; one that cannot be started, or ends with 255, is the last. */
async function runAll(
  context: UtilityContext,
  runs: readonly string[][],
  { echo, atOnce }: { echo: boolean; atOnce: number },
): Promise<number> {
  let next = 0;
  let status = 0;
  let fatal = 0;
  const work = async () => {
    for (let argv = runs[next++]; argv && fatal === 0; argv = runs[next++]) {
      if (echo) await context.stderr.print(`${argv.join(' ')}\n`);
      const result = await runOne(context, argv);
      if (result === 127 || result === 126) {
        await context.complain(`${argv[0]}: ${result === 127 ? 'No such file or directory' : 'Permission denied'}`);
        fatal = result;
      } else if (result === 255) {
        await context.complain(`${argv[0]}: exited with status 255; aborting`);
        fatal = 124;
      } else if (result > 128) {
        await context.complain(`${argv[0]}: terminated by signal ${result - 128}`);
        fatal = 125;
      } else if (result !== 0) status = 123;
    }
  };
  const workers = atOnce === 0 ? runs.length : Math.min(Math.max(atOnce, 1), runs.length);
  await Promise.all(Array.from({ length: workers }, work));
  return fatal || status;
}

async function runOne(context: UtilityContext, argv: readonly string[]): Promise<number> {
  const nothing = new Descriptor(context.sys, context.sys.call('open', '/dev/null', 0, 0));
  return await context.run(argv, { descriptors: new Map([[0, nothing]]) });
}

/** Undefined when a quote is not closed. */
interface Items {
  items: string[];
  /** A quote was left open: behind the items, or in place of them. */
  isBroken: boolean;
}

function splitItems(text: string, { options, byLine }: { options: Options; byLine: boolean }): Items {
  const given = options.flags.has('0') ? '\0' : lastValue(options, 'd');
  if (given !== undefined) {
    const escapes: Record<string, string> = { '\\n': '\n', '\\t': '\t', '\\0': '\0', '\\r': '\r', '\\\\': '\\' };
    return { items: splitAt(text, escapes[given] ?? given), isBroken: false };
  }
  if (byLine) return splitLines(text);
  const words = splitWords(text);
  const end = lastValue(options, 'E') ?? lastValue(options, 'e');
  const at = end === undefined ? -1 : (words?.indexOf(end) ?? -1);
  return { items: (at === -1 ? words : words?.slice(0, at)) ?? [], isBroken: words === undefined };
}

/** The words of so many lines a command; a line that ends in a blank goes on in the next. */
function lineBatches(text: string, lines: number): string[][] {
  const joined = text.replace(/[ \t]\n/g, ' ');
  const rows = joined.split('\n').filter((line) => line.trim() !== '');
  return Array.from({ length: Math.ceil(rows.length / lines) }, (_, index) =>
    rows.slice(index * lines, (index + 1) * lines).flatMap((line) => splitWords(line) ?? []),
  );
}

function batches(items: readonly string[], { most, size: limit }: { most: number; size: number }): string[][] {
  const all: string[][] = [];
  let size = 0;
  for (const item of items) {
    const current = all.at(-1);
    size += item.length + 1;
    if (current && current.length < most && size <= limit) current.push(item);
    else {
      all.push([item]);
      size = item.length + 1;
    }
  }
  return all;
}

function splitAt(text: string, delimiter: string): string[] {
  const parts = text.split(delimiter);
  if (parts.at(-1) === '') parts.pop();
  return parts;
}

function splitLines(text: string): Items {
  const items: string[] = [];
  for (const line of text.split('\n').map((given) => given.trimStart())) {
    if (line === '') continue;
    if (!/^(?:[^'"\\]|\\[\s\S]?|'[^']*'|"[^"]*")*$/.test(line)) return { items, isBroken: true };
    items.push(unquoted(line));
  }
  return { items, isBroken: false };
}

/** Undefined when a quote is not closed. */
const unquoted = (text: string): string =>
  text.replace(/\\([\s\S])|'([^']*)'|"([^"]*)"/g, (_, a?: string, b?: string, c?: string) => a ?? b ?? c ?? '');

function splitWords(text: string): string[] | undefined {
  const words: string[] = [];
  for (let rest = text.trimStart(); rest !== ''; rest = rest.trimStart()) {
    const match = /^(?:[^\s'"\\]|\\[\s\S]|'[^'\n]*'|"[^"\n]*")+/.exec(rest);
    if (!match) return undefined;
    words.push(unquoted(match[0]));
    rest = rest.slice(match[0].length);
    if (/^['"]/.test(rest)) return undefined;
  }
  return words;
}
