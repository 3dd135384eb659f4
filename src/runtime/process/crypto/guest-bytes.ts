/** Strings and bytes between the library's calls and the hash functions. */
import type { ProcessContext } from '../context.ts';
import { bytesOf, copyOf, encodeUtf8 } from '../streams/text.ts';

export interface GuestBytes {
  /** `encoding` counts for strings only; none, or "buffer", is UTF-8. */
  read(data: unknown, encoding?: unknown): Uint8Array;
  /** A string in that encoding, or a Buffer when there is none or it is "buffer". */
  write(bytes: Uint8Array, encoding?: unknown): unknown;
}

export function guestBytes(context: ProcessContext): GuestBytes {
  const bufferClass = (): typeof Buffer => (context.require('buffer') as { Buffer: typeof Buffer }).Buffer;
  return {
    read: (data, encoding) => {
      if (typeof data !== 'string') return bytesOf(data);
      if (typeof encoding !== 'string' || encoding === 'buffer' || /^utf-?8$/i.test(encoding)) return encodeUtf8(data);
      return bufferClass().from(data, encoding as BufferEncoding);
    },
    write: (bytes, encoding) => {
      const buffer = bufferClass().from(toArrayBuffer(bytes));
      return typeof encoding === 'string' && encoding !== 'buffer'
        ? buffer.toString(encoding as BufferEncoding)
        : buffer;
    },
  };
}

export function toArrayBuffer(bytes: Uint8Array): ArrayBuffer {
  return copyOf(bytes).buffer;
}

/** Compares in a time that depends on the length only. */
export function equalInConstantTime(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  let difference = 0;
  for (let i = 0; i < left.length; i++) difference |= (left[i] ?? 0) ^ (right[i] ?? 0);
  return difference === 0;
}
