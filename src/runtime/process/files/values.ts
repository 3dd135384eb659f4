/** What crosses between Node's library and the file system: paths, names, positions, the results of `stat`. */
import { bytesOfText, textOfBytes } from '../../kernel/byte-text.ts';
import type { Stat } from '../../kernel/syscalls.ts';
import type { ProcessContext } from '../context.ts';
import { bytesOf } from '../streams/text.ts';

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** A path as the kernel takes it; the library passes strings and bytes. */
export function pathFrom(value: unknown): string {
  return typeof value === 'string' ? value.toWellFormed() : textOfBytes(unshared(bytesOf(value)));
}

/** Text of a whole file; a byte order mark stays. */
export function decodeText(bytes: Uint8Array): string {
  return decoder.decode(unshared(bytes));
}

function unshared(bytes: Uint8Array): Uint8Array {
  return bytes.buffer instanceof SharedArrayBuffer ? bytes.slice() : bytes;
}

/** A name in the encoding that its user wants ("buffer" included). */
export function encodeName(context: ProcessContext, name: string, encoding: unknown): unknown {
  if (typeof encoding !== 'string' || encoding === 'utf8' || encoding === 'utf-8') return name.toWellFormed();
  const bytes = bufferFrom(context, bytesOfText(name), 'utf8');
  return encoding === 'buffer' ? bytes : String(Reflect.apply(bytes.toString, bytes, [encoding]));
}

/** `Buffer.from(text, encoding)` of the guest's library. */
export function bufferFrom(context: ProcessContext, text: string | Uint8Array, encoding: unknown): Uint8Array {
  const { Buffer } = context.require('buffer') as {
    Buffer: { from(text: string | Uint8Array, encoding: unknown): Uint8Array };
  };
  return Buffer.from(text, encoding);
}

/** null means: at the descriptor's own offset. */
export function positionFrom(value: unknown): number | null {
  if (typeof value === 'bigint') return value < 0n ? null : Number(value);
  return typeof value === 'number' && value >= 0 ? value : null;
}

const STAT_VALUES = 18;

/** As natively one for all answers that are given at once. */
const atOnce = new Float64Array(STAT_VALUES);

/** The array from which the library makes a `Stats`; with `isNow` it does so before it asks again. */
export function statArray(stat: Stat, bigint: boolean, isNow = false): Float64Array | BigInt64Array {
  if (!bigint) return floatsOf(stat, isNow ? atOnce : new Float64Array(STAT_VALUES));
  // `realpath` asks for the same ones again and again.
  const known = bigints.get(stat) ?? bigintsOf(floatsOf(stat, atOnce));
  bigints.set(stat, known);
  return known.slice();
}

const bigints = new WeakMap<Stat, BigInt64Array>();

function floatsOf(stat: Stat, values: Float64Array): Float64Array {
  values[0] = stat.dev;
  values[1] = stat.mode;
  values[2] = stat.nlink;
  values[3] = stat.uid;
  values[4] = stat.gid;
  values[5] = stat.rdev;
  values[6] = stat.blksize;
  values[7] = stat.ino;
  values[8] = stat.size;
  values[9] = stat.blocks;
  putTime(values, 10, stat.atimeMs);
  putTime(values, 12, stat.mtimeMs);
  putTime(values, 14, stat.ctimeMs);
  putTime(values, 16, stat.birthtimeMs);
  return values;
}

function bigintsOf(values: Float64Array): BigInt64Array {
  const bigints = new BigInt64Array(values.length);
  for (let i = 0; i < values.length; i++) bigints[i] = BigInt(Math.trunc(values[i] as number));
  return bigints;
}

/** Seconds, and nanoseconds. */
function putTime(values: Float64Array, index: number, milliseconds: number): void {
  const seconds = Math.floor(milliseconds / 1000);
  values[index] = seconds;
  values[index + 1] = Math.round((milliseconds - seconds * 1000) * 1e6);
}
