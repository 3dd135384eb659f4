/** Strings to bytes in Node's encodings, and views of whatever the library passes as bytes. */

/** Shorter ones are not worth a second look. */
const LONG_TEXT = 32 * 1024;
/** To call the browser's encoder takes as long as to look at so many code units. */
const SHORT_TEXT = 64;
/** So few bytes are put together from pieces sooner than from a list. */
const SHORT_BYTES = 512;
const utf8 = new TextEncoder();
// Node's own atob replaces the browser's later.
const { atob: decodeBinary } = globalThis;
const { fromCharCode } = String;
const { apply } = Reflect;

/** Whether {@link bytesOf} takes it. */
export const isBytes = (value: unknown): boolean =>
  ArrayBuffer.isView(value) || value instanceof ArrayBuffer || value instanceof SharedArrayBuffer;

/** The bytes of an ArrayBuffer or of a view on one, without a copy. Throws TypeError for anything else. */
export function bytesOf(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  if (value instanceof ArrayBuffer || value instanceof SharedArrayBuffer) return new Uint8Array(value);
  throw new TypeError('expected bytes');
}

/** Bytes of their own. (`slice` of Node's Buffer is a view.) */
export function copyOf(value: unknown): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytesOf(value));
}

/** The memory that holds these bytes and no others; a copy where theirs holds more. */
export const ownMemoryOf = (bytes: Uint8Array): ArrayBufferLike =>
  bytes.byteLength === bytes.buffer.byteLength ? bytes.buffer : copyOf(bytes).buffer;

/** UTF-8; lone surrogates become U+FFFD. */
export function encodeUtf8(text: string): Uint8Array<ArrayBuffer> {
  if (text.length < LONG_TEXT) return utf8.encode(text);
  // Most long texts are ASCII: into memory of that size it takes half of the time.
  const bytes = new Uint8Array(text.length);
  const { read, written } = utf8.encodeInto(text, bytes);
  return read === text.length ? bytes.subarray(0, written) : utf8.encode(text);
}

const POOL_BYTES = 64 * 1024;
/** What a code unit needs at most. */
const UNIT_BYTES = 3;
let pool = new Uint8Array(0);
let used = 0;

/** As `encodeUtf8`; a short text becomes a view of memory that it shares with others. */
export function encodeUtf8Pooled(text: string): Uint8Array<ArrayBuffer> {
  const most = UNIT_BYTES * text.length;
  if (most > POOL_BYTES / 16) return encodeUtf8(text);
  if (used + most > pool.length) {
    pool = new Uint8Array(POOL_BYTES);
    used = 0;
  }
  let written = text.length <= SHORT_TEXT ? encodeAscii(text) : -1;
  if (written < 0) ({ written } = utf8.encodeInto(text, pool.subarray(used)));
  const bytes = pool.subarray(used, used + written);
  used += written;
  return bytes;
}

/** Into the pool; -1 when it is not ASCII. */
function encodeAscii(text: string): number {
  const { length } = text;
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 127) return -1;
    pool[used + i] = unit;
  }
  return length;
}

/** One byte a code unit, the low one. */
export function encodeLatin1(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** UTF-16, little endian. */
export function encodeUcs2(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length * 2);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    bytes[2 * i] = unit;
    bytes[2 * i + 1] = unit >> 8;
  }
  return bytes;
}

/** One code unit a byte. */
export function decodeLatin1(bytes: Uint8Array, start = 0, end = bytes.length): string {
  if (end - start <= SHORT_BYTES) return decodeShort(bytes, start, end);
  let text = '';
  for (let at = start; at < end; at += 4096) {
    // Not with `...`, which would ask a typed array for one item after the other.
    text += apply(fromCharCode, null, bytes.subarray(at, Math.min(at + 4096, end))) as string;
  }
  return text;
}

function decodeShort(bytes: Uint8Array, start: number, end: number): string {
  const byte = (at: number): number => bytes[at] ?? 0;
  let text = '';
  let at = start;
  for (; at + 8 <= end; at += 8) {
    const first = fromCharCode(byte(at), byte(at + 1), byte(at + 2), byte(at + 3));
    text += first + fromCharCode(byte(at + 4), byte(at + 5), byte(at + 6), byte(at + 7));
  }
  for (; at < end; at++) text += fromCharCode(byte(at));
  return text;
}

/** Bytes of base64 text (the standard alphabet). */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  return encodeLatin1(decodeBinary(text));
}
