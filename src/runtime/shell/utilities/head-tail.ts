import { SystemError } from '../../kernel/syscalls.ts';
import type { Reader } from '../streams.ts';
import { concatenate, MOST_BYTES } from '../streams.ts';
import type { Utility, UtilityContext } from '../utility.ts';
import { followFiles } from './follow-files.ts';
import { eachInput } from './inputs.ts';
import { lastValue, type Options, parseOptions } from './options.ts';
import { suffixFactor } from './size-suffix.ts';
import { wrongUse } from './wrong-use.ts';

interface Amount {
  unit: 'lines' | 'bytes';
  /** The byte that ends a line. */
  delimiter: number;
  count: number;
  /** `-` for head: all but the last; `+` for tail: from that one on. */
  sign: string;
}

const LONG = { 'lines=': 'n', 'bytes=': 'c', quiet: 'q', silent: 'q', verbose: 'v', 'zero-terminated': 'z' };
const FOLLOWING = { follow: 'f', 'follow=': 'f', retry: 'F', 'pid=': 'pid', 'sleep-interval=': 's' };
const NEWLINE = 10;

function readAmount(options: Options): Amount | string {
  const unit = options.flags.has('c') ? 'bytes' : 'lines';
  const text = lastValue(options, unit === 'bytes' ? 'c' : 'n') ?? '10';
  const [, sign = '', number, suffix = ''] = /^([-+]?)(\d+)(b|[kKMGTPE](?:B|iB)?)?$/.exec(text) ?? [];
  if (number === undefined) return `invalid number of ${unit}: ‘${text}’`;
  const delimiter = options.flags.has('z') ? 0 : NEWLINE;
  return { unit, delimiter, count: Number(number) * suffixFactor(suffix), sign };
}

/** `-5` is `-n 5`. */
function modern(args: readonly string[]): string[] {
  return args.map((arg, index) => (index === 0 && /^[-]\d+$/.test(arg) ? `-n${arg.slice(1)}` : arg));
}

type Copy = (context: UtilityContext, reader: Reader, amount: Amount) => Promise<void>;

async function run(context: UtilityContext, { copy, follows }: { copy: Copy; follows: boolean }): Promise<number> {
  const options = parseOptions(modern(context.args), {
    short: follows ? 'n:c:qvfFs:z' : 'n:c:qvz',
    long: follows ? { ...LONG, ...FOLLOWING } : LONG,
  });
  if (options.problem) return await wrongUse(context, options.problem);
  const amount = readAmount(options);
  if (typeof amount === 'string') {
    await context.complain(amount);
    return 1;
  }
  const titled = (options.operands.length > 1 || options.flags.has('v')) && !options.flags.has('q');
  let first = true;
  const describe = (name: string, reason: string) =>
    reason === 'Is a directory' ? `error reading '${name}': ${reason}` : `cannot open '${name}' for reading: ${reason}`;
  const complete = await eachInput(context, { names: options.operands, describe }, async (reader, name) => {
    if (titled) await context.stdout.write(`${first ? '' : '\n'}==> ${name === '-' ? 'standard input' : name} <==\n`);
    first = false;
    await copy(context, reader, amount);
  });
  if (follows && (options.flags.has('f') || options.flags.has('F')) && options.operands.length > 0)
    return await followFiles(context, options, titled);
  return complete ? 0 : 1;
}

export const head: Utility = (context) => run(context, { copy: copyHead, follows: false });
export const tail: Utility = (context) => run(context, { copy: copyTail, follows: true });

async function copyHead({ stdout }: UtilityContext, reader: Reader, amount: Amount): Promise<void> {
  const { unit, delimiter, count, sign } = amount;
  if (sign === '-') {
    const all = await reader.bytes();
    if (unit === 'bytes') await stdout.write(all.subarray(0, Math.max(all.length - count, 0)));
    else await stdout.write(all.subarray(0, startOfLast(all, amount)));
    return;
  }
  let left = count;
  while (left > 0) {
    const chunk = unit === 'bytes' ? await reader.read(Math.min(left, 65536)) : await reader.takeUntil(delimiter);
    if (chunk.length === 0) return;
    await stdout.write(chunk);
    left -= unit === 'bytes' ? chunk.length : 1;
  }
}

async function copyTail({ stdout }: UtilityContext, reader: Reader, amount: Amount): Promise<void> {
  const { unit, count, sign } = amount;
  if (sign === '+') {
    let before = Math.max(count - 1, 0);
    for await (const chunk of reader.chunks()) {
      const { start, units } = before === 0 ? { start: 0, units: 0 } : skipped(chunk, amount, before);
      before -= units;
      if (start < chunk.length) await stdout.write(chunk.subarray(start));
    }
    return;
  }
  // What comes may be longer than memory: no more is kept than may be shown.
  const kept: { chunk: Uint8Array; units: number }[] = [];
  let held = 0;
  let bytes = 0;
  for await (const chunk of reader.chunks()) {
    const { units } = skipped(chunk, amount, Number.POSITIVE_INFINITY);
    kept.push({ chunk, units });
    held += units;
    bytes += chunk.length;
    for (let first = kept[0]; first && kept.length > 1 && held - first.units > count; first = kept[0]) {
      kept.shift();
      held -= first.units;
      bytes -= first.chunk.length;
    }
    if (bytes > MOST_BYTES) throw new SystemError('ENOMEM');
  }
  const last = concatenate(kept.map(({ chunk }) => chunk));
  await stdout.write(last.subarray(unit === 'bytes' ? Math.max(last.length - count, 0) : startOfLast(last, amount)));
}

/** Where so many bytes or lines of a chunk end, and how many there are. */
function skipped(chunk: Uint8Array, { unit, delimiter }: Amount, most: number): { start: number; units: number } {
  if (unit === 'bytes') return { start: Math.min(most, chunk.length), units: Math.min(most, chunk.length) };
  let start = 0;
  let units = 0;
  while (units < most) {
    const end = chunk.indexOf(delimiter, start);
    if (end === -1) return { start: chunk.length, units };
    start = end + 1;
    units += 1;
  }
  return { start, units };
}

/** Where the last `count` lines start. */
function startOfLast(bytes: Uint8Array, { count, delimiter }: Amount): number {
  if (count === 0) return bytes.length;
  let at = bytes.at(-1) === delimiter ? bytes.length - 1 : bytes.length;
  for (let i = 0; i < count; i += 1) {
    at = at === 0 ? -1 : bytes.lastIndexOf(delimiter, at - 1);
    if (at === -1) return 0;
  }
  return at + 1;
}
