/** What crosses between Node's library and the file system: paths, names, positions, the results of `stat`. */
import type { Stat } from '../../kernel/syscalls.ts';
import type { ProcessContext } from '../context.ts';
import { bytesOf } from '../streams/text.ts';

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** A path as a string; the library passes bytes too. */
export function pathFrom(value: unknown): string {
  return typeof value === 'string' ? value : decoder.decode(unshared(bytesOf(value)));
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
  if (typeof encoding !== 'string' || encoding === 'utf8' || encoding === 'utf-8') return name;
  const bytes = bufferFrom(context, name, 'utf8');
  return encoding === 'buffer' ? bytes : String(Reflect.apply(bytes.toString, bytes, [encoding]));
}

/** `Buffer.from(text, encoding)` of the guest's library. */
export function bufferFrom(context: ProcessContext, text: string, encoding: unknown): Uint8Array {
  const { Buffer } = context.require('buffer') as { Buffer: { from(text: string, encoding: unknown): Uint8Array } };
  return Buffer.from(text, encoding);
}

/** null means: at the descriptor's own offset. */
export function positionFrom(value: unknown): number | null {
  if (typeof value === 'bigint') return value < 0n ? null : Number(value);
  return typeof value === 'number' && value >= 0 ? value : null;
}

/** The array from which the library makes a `Stats`. */
export function statArray(stat: Stat, bigint: boolean): Float64Array | BigInt64Array {
  const { dev, mode, nlink, uid, gid, rdev, blksize, ino, size, blocks } = stat;
  const values = [dev, mode, nlink, uid, gid, rdev, blksize, ino, size, blocks];
  for (const time of [stat.atimeMs, stat.mtimeMs, stat.ctimeMs, stat.birthtimeMs]) {
    const seconds = Math.floor(time / 1000);
    values.push(seconds, Math.round((time - seconds * 1000) * 1e6));
  }
  return bigint ? BigInt64Array.from(values, (value) => BigInt(Math.trunc(value))) : Float64Array.from(values);
}
