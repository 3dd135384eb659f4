/** cut. */
import { bytesOfText } from '../../kernel/byte-text.ts';
import { joinBytes } from '../../kernel/join-bytes.ts';
import type { Utility } from '../utility.ts';
import { complement, parseRanges, type Range } from './cut-ranges.ts';
import { eachInput } from './inputs.ts';
import { lastValue, type Options, parseOptions } from './options.ts';
import { wrongUse } from './wrong-use.ts';

export const cut: Utility = async (context) => {
  const options = parseOptions(context.args, {
    short: 'b:c:d:f:snz',
    long: {
      'bytes=': 'b',
      'characters=': 'c',
      'delimiter=': 'd',
      'fields=': 'f',
      'only-delimited': 's',
      'output-delimiter=': 'output',
      complement: 'complement',
      'zero-terminated': 'z',
    },
  });
  const problem = options.problem ?? misuse(options);
  if (problem) return await wrongUse(context, problem);
  const fields = options.values.get('f');
  const list = (fields ?? options.values.get('c') ?? options.values.get('b'))?.[0] ?? '';
  const parsed = parseRanges(list, fields ? 'field' : 'byte');
  if (typeof parsed === 'string') return await wrongUse(context, parsed);
  const ranges = options.flags.has('complement') ? complement(parsed) : parsed;
  const select = fields ? fieldSelector(options, ranges) : byteSelector(options, ranges);
  const end = options.flags.has('z') ? '\0' : '\n';
  const complete = await eachInput(context, { names: options.operands }, async (reader) => {
    for await (const line of reader.lines(end)) {
      const chosen = select(line);
      if (chosen === null) continue;
      await context.stdout.write(chosen);
      await context.stdout.write(end);
    }
  });
  return complete ? 0 : 1;
};

function misuse({ values, flags }: Options): string | undefined {
  const lists = ['b', 'c', 'f'].flatMap((letter) => values.get(letter) ?? []);
  if ((values.get('d') ?? []).some((given) => bytesOfText(given).length > 1))
    return 'the delimiter must be a single character';
  if (lists.length > 1) return 'only one list may be specified';
  if (lists.length === 0) return 'you must specify a list of bytes, characters, or fields';
  if (values.has('f')) return undefined;
  if (values.has('d')) return 'an input delimiter may be specified only when operating on fields';
  if (flags.has('s')) return 'suppressing non-delimited lines makes sense\n\tonly when operating on fields';
  return undefined;
}

type Selector = (line: string) => string | Uint8Array | null;

function fieldSelector(options: Options, ranges: readonly Range[]): Selector {
  const delimiter = delimiterOf(options);
  const joiner = joinerOf(options) ?? delimiter;
  const isOnlyDelimited = options.flags.has('s');
  return (line) => {
    if (!line.includes(delimiter)) return isOnlyDelimited ? null : line;
    const parts = line.split(delimiter);
    return ranges.flatMap(([first, last]) => parts.slice(first - 1, last)).join(joiner);
  };
}

const delimiterOf = (options: Options): string => lastValue(options, 'd') || (options.values.has('d') ? '\0' : '\t');

/** An empty one stands for a zero. */
const joinerOf = (options: Options): string | undefined =>
  options.values.has('output') ? lastValue(options, 'output') || '\0' : undefined;

/** A character of several bytes counts as many. */
function byteSelector(options: Options, ranges: readonly Range[]): Selector {
  const joiner = joinerOf(options);
  return (line) => {
    const bytes = bytesOfText(line);
    const parts = ranges.map(([first, last]) => bytes.subarray(first - 1, last)).filter(({ length }) => length > 0);
    if (joiner === undefined || parts.length < 2) return joinBytes(parts);
    const between = bytesOfText(joiner);
    return joinBytes(parts.flatMap((part, index) => (index === 0 ? [part] : [between, part])));
  };
}
