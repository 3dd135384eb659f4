/** cmp and the checksums. */
import { md5, sha1 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { describeError, errorCode } from '../errors.ts';
import type { Utility, UtilityContext } from '../utility.ts';
import { checksum } from './checksum.ts';
import { openInput } from './inputs.ts';
import { lastValue, parseOptions } from './options.ts';
import { wrongUse } from './wrong-use.ts';

async function readBytes(context: UtilityContext, name: string): Promise<Uint8Array> {
  const input = await openInput(context, name);
  try {
    return await input.reader.bytes();
  } finally {
    input.close();
  }
}

export const cmp: Utility = async (context) => {
  const options = parseOptions(context.args, {
    short: 'slbi:n:v',
    long: { silent: 's', quiet: 's', verbose: 'l', 'print-bytes': 'b', 'bytes=': 'n', 'ignore-initial=': 'i' },
  });
  if (options.problem) return await wrongUse(context, options.problem, 2);
  const [first, second = '-'] = options.operands;
  if (first === undefined) return await wrongUse(context, "missing operand after 'cmp'", 2);
  const skip = Number(lastValue(options, 'i') ?? '0');
  const most = Number(lastValue(options, 'n') ?? 'Infinity');
  const files: Uint8Array[] = [];
  for (const name of [first, second]) {
    try {
      const bytes = await readBytes(context, name);
      files.push(bytes.subarray(skip, Number.isFinite(most) ? skip + most : undefined));
    } catch (error) {
      if (errorCode(error) === undefined) throw error;
      if (!options.flags.has('s')) await context.complain(`${name}: ${describeError(error)}`);
      return 2;
    }
  }
  const [a = new Uint8Array(), b = new Uint8Array()] = files;
  const shorter = Math.min(a.length, b.length);
  let at = 0;
  while (at < shorter && a[at] === b[at]) at += 1;
  if (at === a.length && at === b.length) return 0;
  if (options.flags.has('s')) return 1;
  const octal = (byte: number | undefined) => (byte ?? 0).toString(8).padStart(3);
  if (options.flags.has('l')) {
    const width = String(Math.min(shorter, most)).length;
    for (let i = at; i < shorter; i += 1)
      if (a[i] !== b[i]) await context.stdout.line(`${String(i + 1).padStart(width)} ${octal(a[i])} ${octal(b[i])}`);
  } else if (at < shorter) {
    const lines = a.subarray(0, at).filter((byte) => byte === 10).length;
    const bytes = options.flags.has('b') ? ` is ${octal(a[at])} ${show(a[at])} ${octal(b[at])} ${show(b[at])}` : '';
    await context.stdout.line(`${first} ${second} differ: byte ${at + 1}, line ${lines + 1}${bytes}`);
    return 1;
  }
  if (a.length === b.length) return 1;
  const lines = a.subarray(0, shorter).filter((byte) => byte === 10).length;
  const place = options.flags.has('l') ? '' : a[shorter - 1] === 10 ? `, line ${lines}` : `, in line ${lines + 1}`;
  const shortest = a.length < b.length ? first : second;
  if (shorter === 0) await context.complain(`EOF on ${shortest} which is empty`);
  else await context.complain(`EOF on ${shortest} after byte ${shorter}${place}`);
  return 1;
};

/** As `cat -v` shows a byte. */
function show(byte: number | undefined): string {
  const low = (byte ?? 0) & 127;
  const text = low < 32 ? `^${String.fromCharCode(low + 64)}` : low === 127 ? '^?' : String.fromCharCode(low);
  return (byte ?? 0) > 127 ? `M-${text}` : text;
}

export const md5sum = checksum(md5);
export const sha1sum = checksum(sha1);
export const sha256sum = checksum(sha256);
