/** cut tr uniq tee. */
import type { Descriptor } from '../descriptor.ts';
import { describeError, errorCode } from '../errors.ts';
import { openPath } from '../open.ts';
import { Writer } from '../streams.ts';
import type { Utility } from '../utility.ts';
import { expandSet } from './character-set.ts';
import { eachInput } from './inputs.ts';
import { lastValue, parseOptions } from './options.ts';
import { wrongUse } from './wrong-use.ts';

/** `1,3-5,7-`: pairs from 1. */
function parseRanges(text: string): [number, number][] | undefined {
  const ranges: [number, number][] = [];
  for (const part of text.split(',')) {
    const match = /^(\d*)(-?)(\d*)$/.exec(part);
    if (!match || part === '' || part === '-') return undefined;
    const first = Number(match[1] || '1');
    ranges.push([first, match[2] ? Number(match[3] || 'Infinity') : first]);
  }
  return ranges;
}

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
    },
  });
  if (options.problem) return await wrongUse(context, options.problem);
  const list = lastValue(options, 'f') ?? lastValue(options, 'c') ?? lastValue(options, 'b');
  if (list === undefined) return await wrongUse(context, 'you must specify a list of bytes, characters, or fields');
  const ranges = parseRanges(list);
  const unit = options.flags.has('f') ? 'field' : 'byte/character';
  if (!ranges) return await wrongUse(context, `invalid ${unit} list`);
  if (ranges.some(([first]) => first === 0))
    return await wrongUse(
      context,
      `${unit === 'field' ? 'fields are' : 'byte/character positions are'} numbered from 1`,
    );
  const keeps = (index: number) =>
    ranges.some(([first, last]) => index >= first && index <= last) !== options.flags.has('complement');
  const given = lastValue(options, 'd');
  if (given !== undefined && [...given].length > 1)
    return await wrongUse(context, 'the delimiter must be a single character');
  const delimiter = given === '' ? '\0' : (given ?? '\t');
  const joiner = lastValue(options, 'output') ?? delimiter;
  const complete = await eachInput(context, { names: options.operands }, async (reader) => {
    for await (const line of reader.lines()) {
      if (!options.flags.has('f')) await context.stdout.line([...line].filter((_, index) => keeps(index + 1)).join(''));
      else if (line.includes(delimiter))
        await context.stdout.line(
          line
            .split(delimiter)
            .filter((_, index) => keeps(index + 1))
            .join(joiner),
        );
      else if (!options.flags.has('s')) await context.stdout.line(line);
    }
  });
  return complete ? 0 : 1;
};

export const tr: Utility = async (context) => {
  const options = parseOptions(context.args, {
    short: 'cCdst',
    long: { complement: 'c', delete: 'd', 'squeeze-repeats': 's', 'truncate-set1': 't' },
    stopEarly: true,
  });
  if (options.problem) return await wrongUse(context, options.problem);
  const [first, second] = options.operands;
  if (first === undefined) return await wrongUse(context, 'missing operand');
  const erase = options.flags.has('d');
  const squeeze = options.flags.has('s');
  if (second === undefined && !erase && !squeeze)
    return await wrongUse(context, `missing operand after ‘${first}’\nTwo strings must be given when translating.`);
  const backward: string[] = [];
  const note = (range: string) => void backward.push(range);
  const whole = expandSet(first, note);
  const to = second === undefined ? [] : expandSet(second, note);
  if (backward.length > 0) {
    await context.complain(`range-endpoints of '${backward[0]}' are in reverse collating sequence order`);
    return 1;
  }
  const complement = options.flags.has('c') || options.flags.has('C');
  const from = options.flags.has('t') && !erase && second !== undefined ? whole.slice(0, to.length) : whole;
  const members = new Set(from);
  const map = new Map(from.map((char, index) => [char, to[Math.min(index, to.length - 1)] ?? char]));
  const selected = (char: string) => members.has(char) !== complement;
  const squeezed = new Set(second === undefined ? [] : to);
  let last = '';
  for await (const chunk of decoded(context.stdin.chunks())) {
    let output = '';
    for (const char of chunk) {
      const chosen = selected(char);
      if (erase && chosen) continue;
      const result =
        erase || second === undefined || !chosen ? char : complement ? (to.at(-1) ?? char) : (map.get(char) ?? char);
      const repeats = squeeze && result === last && (second === undefined ? selected(result) : squeezed.has(result));
      last = result;
      if (!repeats) output += result;
    }
    await context.stdout.write(output);
  }
  return 0;
};

async function* decoded(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  for await (const chunk of chunks) yield decoder.decode(chunk, { stream: true });
  yield decoder.decode();
}

export const uniq: Utility = async (context) => {
  const options = parseOptions(context.args, {
    short: 'cduDif:s:w:z',
    long: {
      count: 'c',
      repeated: 'd',
      unique: 'u',
      'ignore-case': 'i',
      'skip-fields=': 'f',
      'skip-chars=': 's',
      'check-chars=': 'w',
      'all-repeated': 'D',
      'all-repeated=': 'D',
      group: 'group',
      'group=': 'group',
      'zero-terminated': 'z',
    },
  });
  if (options.problem) return await wrongUse(context, options.problem);
  const key = (line: string) => {
    let text = line;
    for (let i = 0; i < Number(lastValue(options, 'f') ?? '0'); i += 1) text = text.replace(/^\s*\S+/, '');
    text = text.slice(Number(lastValue(options, 's') ?? '0'));
    const width = lastValue(options, 'w');
    if (width !== undefined) text = text.slice(0, Number(width));
    return options.flags.has('i') ? text.toLowerCase() : text;
  };
  const all = options.flags.has('D');
  let group: { line: string; count: number } | undefined;
  const grouping = options.flags.has('group') ? (lastValue(options, 'group') ?? 'separate') : undefined;
  const finish = async () => {
    if (!group || all || grouping !== undefined) return;
    if (options.flags.has('d') && group.count === 1) return;
    if (options.flags.has('u') && group.count > 1) return;
    await context.stdout.line(options.flags.has('c') ? `${String(group.count).padStart(7)} ${group.line}` : group.line);
  };
  const complete = await eachInput(context, { names: options.operands.slice(0, 1) }, async (reader) => {
    for await (const line of reader.lines()) {
      if (group && key(group.line) === key(line)) {
        if (all) await context.stdout.line(group.count === 1 ? `${group.line}\n${line}` : line);
        else if (grouping !== undefined) await context.stdout.line(line);
        group.count += 1;
      } else {
        await finish();
        // An empty line between the groups, before each, behind each, or both.
        if (grouping !== undefined) {
          const apart = grouping === 'prepend' || grouping === 'both' || group !== undefined;
          await context.stdout.write(`${apart ? '\n' : ''}${line}\n`);
        }
        group = { line, count: 1 };
      }
    }
  });
  await finish();
  if (group && (grouping === 'append' || grouping === 'both')) await context.stdout.write('\n');
  return complete ? 0 : 1;
};

export const tee: Utility = async (context) => {
  const options = parseOptions(context.args, { short: 'aip', long: { append: 'a', 'ignore-interrupts': 'i' } });
  if (options.problem) return await wrongUse(context, options.problem);
  let status = 0;
  const outputs: Descriptor[] = [];
  for (const name of options.operands) {
    try {
      const flags = options.flags.has('a') ? 0o2101 : 0o1101;
      outputs.push(await openPath(context.sys, context.resolve(name), flags, context));
    } catch (error) {
      if (errorCode(error) === undefined) throw error;
      await context.complain(`${name}: ${describeError(error)}`);
      status = 1;
    }
  }
  const writers = [context.stdout, ...outputs.map((output) => new Writer(output))];
  try {
    for await (const chunk of context.stdin.chunks()) {
      for (const writer of writers) {
        await writer.write(chunk);
        await writer.flush();
      }
    }
  } finally {
    for (const output of outputs) output.release();
  }
  return status;
};
