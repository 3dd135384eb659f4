import type { BindingFactory } from '../context.ts';
import { bytesOf, bytesWithin, indexedBytes } from '../encoding/bytes.ts';
import { decodeBytes, unshared } from '../encoding/decode.ts';
import { encodeString, utf8Length, writeLatin1, writeLong, writeUtf8 } from '../encoding/encode.ts';
import { type Encoding, encodingOf } from '../encoding/names.ts';
import { compareBytes, indexOfBytes } from '../encoding/search.ts';

// Node's own replace the browser's later.
const { atob: browserAtob, btoa: browserBtoa } = globalThis;

/** `internalBinding('buffer')`. */
export const buffer: BindingFactory = (context) => ({
  ...context.described('buffer'),
  setBufferPrototype: () => undefined,
  // The memory of a browser is always zeroed; the toggle has no effect.
  getZeroFillToggle: () => new Uint32Array([1]),
  byteLengthUtf8: utf8Length,
  ...slices(),
  ...writers(),
  ...bulkOperations,
  atob: decodeBase64,
  btoa: (text: string) => orNull(() => browserBtoa(text)) ?? -1,
});

const NAMES: [prefix: string, encoding: Encoding][] = [
  ['ascii', 'ascii'],
  ['base64', 'base64'],
  ['base64url', 'base64url'],
  ['latin1', 'latin1'],
  ['hex', 'hex'],
  ['ucs2', 'utf16le'],
  ['utf8', 'utf8'],
];

/** As V8's `IntegerValue`: the guest may pass anything. */
const integer = (value: number): number => Math.trunc(value) || 0;

function slices(): Record<string, unknown> {
  const named = NAMES.map(([prefix, encoding]) => [
    `${prefix}Slice`,
    function slice(this: Uint8Array, start = 0, end = this.length): string {
      if (this.length === 0) return '';
      const stop = Math.max(start, end);
      if (start < 0 || stop > this.length) throw withCode(new RangeError('Index out of range'), 'ERR_OUT_OF_RANGE');
      return decodeBytes(bytesWithin(this, integer(start), integer(stop)), encoding);
    },
  ]);
  return Object.fromEntries(named) as Record<string, unknown>;
}

function writers(): Record<string, unknown> {
  const functions: Record<string, unknown> = {};
  for (const [prefix, encoding] of NAMES) {
    const write = (target: Uint8Array, text: unknown, offset = 0, length = target.length - offset): number =>
      writeString(target, text, { offset, length, encoding });
    functions[`${prefix}Write`] = function (this: Uint8Array, text: unknown, offset?: number, length?: number) {
      return write(this, text, offset, length);
    };
    functions[`${prefix}WriteStatic`] = write;
  }
  return functions;
}

interface WriteOptions {
  offset: number;
  length: number;
  encoding: Encoding;
}

function writeString(buffer: Uint8Array, text: unknown, { offset, length, encoding }: WriteOptions): number {
  const size = buffer.length;
  if (typeof text !== 'string') throw withCode(new TypeError('argument must be a string'), 'ERR_INVALID_ARG_TYPE');
  if (offset > size) {
    throw withCode(new RangeError('"offset" is outside of buffer bounds'), 'ERR_BUFFER_OUT_OF_BOUNDS');
  }
  const room = Math.min(length, size - offset);
  if (room <= 0) return 0;
  const from = integer(offset);
  const target = bytesWithin(buffer, from, from + integer(room));
  if (encoding === 'utf8') return writeUtf8(text, target);
  const written = writeLong(text, encoding, target);
  if (written !== null) return written;
  if (encoding === 'latin1' || encoding === 'ascii') return writeLatin1(text, target);
  const bytes = encodeString(text, encoding);
  const count = Math.min(encoding === 'utf16le' ? room & ~1 : room, bytes.length);
  target.set(bytes.subarray(0, count));
  return count;
}

function withCode(error: Error, code: string): Error {
  return Object.assign(error, { code });
}

/** The bytes of memory that was not transferred to somebody else; throws ERR_INVALID_STATE. */
function attachedBytes(value: unknown): Uint8Array {
  const memory = ArrayBuffer.isView(value) ? value.buffer : value;
  if (memory instanceof ArrayBuffer && memory.detached) {
    throw withCode(new Error('Cannot validate on a detached buffer'), 'ERR_INVALID_STATE');
  }
  return bytesOf(value);
}

const bulkOperations = {
  copy(source: unknown, target: unknown, targetStart: number, sourceStart: number, count: number): number {
    bytesOf(target).set(bytesOf(source).subarray(sourceStart, sourceStart + count), targetStart);
    return count;
  },
  copyArrayBuffer(target: ArrayBuffer, targetOffset: number, source: ArrayBuffer, sourceOffset: number, count: number) {
    new Uint8Array(target, targetOffset, count).set(new Uint8Array(source, sourceOffset, count));
  },
  compare: (left: unknown, right: unknown) => compareBytes(indexedBytes(left), indexedBytes(right)),
  compareOffset(...[source, target, targetStart, sourceStart, targetEnd, sourceEnd]: CompareArguments): number {
    const left = bytesOf(source).subarray(sourceStart, Math.max(sourceStart, sourceEnd));
    return compareBytes(left, bytesOf(target).subarray(targetStart, Math.max(targetStart, targetEnd)));
  },
  fill(target: unknown, value: unknown, start: number, end: number, encoding: unknown): number | undefined {
    const bytes = bytesOf(target);
    if (start < 0 || end > bytes.length) return -2;
    if (start >= end) return undefined;
    if (typeof value !== 'string' && !ArrayBuffer.isView(value)) {
      bytes.fill(Number(value) & 0xff, start, end);
      return undefined;
    }
    const pattern = typeof value === 'string' ? encodeString(value, encodingOf(encoding)) : bytesOf(value).slice();
    if (pattern.length === 0) return -1;
    fillWith(bytes.subarray(start, end), pattern);
    return undefined;
  },
  indexOfBuffer: (target: unknown, value: unknown, offset: number, encoding: unknown, forward: boolean) =>
    indexOfBytes(indexedBytes(target), indexedBytes(value), {
      offset,
      forward,
      step: encodingOf(encoding) === 'utf16le' ? 2 : 1,
    }),
  indexOfNumber: (target: unknown, value: number, offset: number, forward: boolean) =>
    indexOfBytes(indexedBytes(target), Uint8Array.of(value), { offset, forward, step: 1 }),
  indexOfString(target: unknown, value: string, offset: number, encoding: unknown, forward: boolean): number {
    const name = encodingOf(encoding);
    const step = name === 'utf16le' ? 2 : 1;
    return indexOfBytes(indexedBytes(target), encodeString(value, name), { offset, forward, step });
  },
  swap16: (bytes: Uint8Array) => swap(bytes, 2),
  swap32: (bytes: Uint8Array) => swap(bytes, 4),
  swap64: (bytes: Uint8Array) => swap(bytes, 8),
  isUtf8(value: unknown): boolean {
    const bytes = attachedBytes(value);
    try {
      strictUtf8.decode(unshared(bytes));
      return true;
    } catch (error) {
      if (error instanceof TypeError) return false;
      throw error;
    }
  },
  isAscii: (value: unknown) => attachedBytes(value).every((byte) => byte < 0x80),
};

type CompareArguments = [
  source: unknown,
  target: unknown,
  targetStart: number,
  sourceStart: number,
  targetEnd: number,
  sourceEnd: number,
];

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

/** Up to here a loop is quicker than the calls that doubling takes. */
const SHORT = 256;

/** Repeats the pattern, doubling what is there already. */
function fillWith(bytes: Uint8Array, pattern: Uint8Array): void {
  if (bytes.length <= SHORT) {
    for (let at = 0, from = 0; at < bytes.length; at++) {
      bytes[at] = pattern[from] ?? 0;
      if (++from === pattern.length) from = 0;
    }
    return;
  }
  bytes.set(pattern.subarray(0, bytes.length));
  for (let filled = pattern.length; filled < bytes.length; filled *= 2) bytes.copyWithin(filled, 0, filled);
}

function swap(target: Uint8Array, size: number): Uint8Array {
  const bytes = bytesOf(target);
  for (let start = 0; start + size <= bytes.length; start += size) {
    for (let low = start, high = start + size - 1; low < high; low++, high--) {
      const byte = bytes[low] ?? 0;
      bytes[low] = bytes[high] ?? 0;
      bytes[high] = byte;
    }
  }
  return target;
}

function orNull(convert: () => string): string | null {
  try {
    return convert();
  } catch {
    return null;
  }
}

/** The forgiving decoder of `atob`: -1 for a wrong length, -2 for a character that does not belong. */
function decodeBase64(text: string): string | number {
  const decoded = orNull(() => browserAtob(text));
  if (decoded !== null) return decoded;
  const compact = text.replace(/[\t\n\f\r ]/g, '');
  const data = compact.length % 4 === 0 ? compact.replace(/={1,2}$/, '') : compact;
  if (/[^A-Za-z0-9+/]/.test(data)) return -2;
  if (data.length % 4 === 1) return -1;
  return decodeBytes(encodeString(data, 'base64'), 'latin1');
}
