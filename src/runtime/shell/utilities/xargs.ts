import { Descriptor } from '../descriptor.ts';
import type { Utility, UtilityContext } from '../utility.ts';
import { lastValue, parseOptions } from './options.ts';
import { wrongUse } from './wrong-use.ts';

/** A command line of this many characters is full. */
const LIMIT = 100_000;

export const xargs: Utility = async (context) => {
  const options = parseOptions(context.args, {
    short: '0rtn:I:L:P:d:s:',
    long: {
      null: '0',
      'no-run-if-empty': 'r',
      verbose: 't',
      'max-args=': 'n',
      'max-lines=': 'L',
      'max-procs=': 'P',
      'delimiter=': 'd',
      'replace=': 'I',
    },
    stopEarly: true,
  });
  if (options.problem) return await wrongUse(context, options.problem);
  const command = options.operands.length > 0 ? options.operands : ['echo'];
  const text = await context.stdin.text();
  const placeholder = lastValue(options, 'I');
  const delimiter = options.flags.has('0')
    ? '\0'
    : lastValue(options, 'd')?.replace('\\n', '\n').replace('\\t', '\t').replace('\\0', '\0');
  const items =
    delimiter === undefined
      ? placeholder === undefined
        ? splitWords(text)
        : splitLines(text)
      : splitAt(text, delimiter);
  if (items === undefined) {
    await context.complain(
      'unmatched single quote; by default quotes are special to xargs unless you use the -0 option',
    );
    return 1;
  }
  const most = Number(lastValue(options, 'n') ?? lastValue(options, 'L') ?? 'Infinity');
  const runs =
    placeholder === undefined
      ? batches(items, most).map((batch) => [...command, ...batch])
      : items.map((item) => command.map((word) => word.replaceAll(placeholder, item)));
  if (items.length === 0 && !options.flags.has('r') && placeholder === undefined) runs.push([...command]);
  let status = 0;
  for (const argv of runs) {
    if (options.flags.has('t')) await context.stderr.write(`${argv.join(' ')}\n`);
    const result = await runOne(context, argv);
    if (result === 127 || result === 126) {
      await context.complain(`${argv[0]}: ${result === 127 ? 'No such file or directory' : 'Permission denied'}`);
      return result;
    }
    if (result === 255) {
      await context.complain(`${argv[0]}: exited with status 255; aborting`);
      return 124;
    }
    if (result !== 0) status = 123;
  }
  return status;
};

async function runOne(context: UtilityContext, argv: readonly string[]): Promise<number> {
  const nothing = new Descriptor(context.sys, context.sys.call('open', '/dev/null', 0, 0));
  return await context.run(argv, { descriptors: new Map([[0, nothing]]) });
}

function batches(items: readonly string[], most: number): string[][] {
  const all: string[][] = [];
  let size = 0;
  for (const item of items) {
    const current = all.at(-1);
    size += item.length + 1;
    if (current && current.length < most && size < LIMIT) current.push(item);
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

function splitLines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trimStart())
    .filter((line) => line !== '');
}

/** Undefined when a quote is not closed. */
function splitWords(text: string): string[] | undefined {
  const words: string[] = [];
  for (let rest = text.trimStart(); rest !== ''; rest = rest.trimStart()) {
    const match = /^(?:[^\s'"\\]|\\[\s\S]|'[^'\n]*'|"[^"\n]*")+/.exec(rest);
    if (!match) return undefined;
    words.push(
      match[0].replace(/\\([\s\S])|'([^']*)'|"([^"]*)"/g, (_, a?: string, b?: string, c?: string) => a ?? b ?? c ?? ''),
    );
    rest = rest.slice(match[0].length);
    if (/^['"]/.test(rest)) return undefined;
  }
  return words;
}
