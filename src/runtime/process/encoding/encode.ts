/** Strings to bytes. */
import type { Encoding } from './names.ts';

const utf8 = new TextEncoder();
const { fromBase64, fromHex } = Uint8Array as NativeDecoders;
const { setFromBase64, setFromHex } = Uint8Array.prototype as NativeWriters;

/** Newer than TypeScript's library, and not in every browser. Strict: they throw a SyntaxError where Node goes on. */
interface NativeDecoders {
  fromBase64?(text: string, options: { alphabet: 'base64' | 'base64url' }): Uint8Array<ArrayBuffer>;
  fromHex?(text: string): Uint8Array<ArrayBuffer>;
}
interface NativeWriters {
  setFromBase64?(text: string, options: { alphabet: 'base64' | 'base64url' }): Written;
  setFromHex?(text: string): Written;
}

interface Written {
  read: number;
  written: number;
}
// Node's own btoa replaces the browser's later.
const { btoa: base64Of } = globalThis;
/** Below it the loops here are quicker than a call that may fail. */
const LONG = 64;

export function encodeString(text: string, encoding: Encoding): Uint8Array {
  switch (encoding) {
    case 'ascii':
    case 'latin1':
      return latin1(text);
    case 'base64':
    case 'base64url':
      return base64(text);
    case 'utf16le':
      return utf16(text);
    case 'hex':
      return hex(text);
    default:
      return utf8Bytes(text);
  }
}

/** A call of the encoder makes an object of the browser's, which takes longer than the loop over what fits into V8's own heap. */
function utf8Bytes(text: string): Uint8Array {
  if (text.length > LONG) return utf8.encode(text);
  const bytes = new Uint8Array(text.length);
  return writeAscii(text, bytes) ? bytes : utf8.encode(text);
}

/** Up to here a loop is quicker than a call of the encoder: it writes and counts about a character in a nanosecond. */
const SHORT = 256;

/** False when it does not fit, or is not ASCII: what was written then is what the encoder writes, too. */
function writeAscii(text: string, target: Uint8Array): boolean {
  if (text.length > target.length) return false;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit > 0x7f) return false;
    target[at] = unit;
  }
  return true;
}

/** Writes what fits, whole characters only; returns the bytes written. */
export function writeUtf8(text: string, target: Uint8Array): number {
  if (text.length <= SHORT && writeAscii(text, target)) return text.length;
  if (text === counted.text && counted.length <= target.length) {
    target.set(counted.bytes.subarray(0, counted.length));
    return counted.length;
  }
  if (target.buffer instanceof ArrayBuffer) return utf8.encodeInto(text, target as Uint8Array<ArrayBuffer>).written;
  const scratch = new Uint8Array(target.length);
  const { written } = utf8.encodeInto(text, scratch);
  target.set(scratch.subarray(0, written));
  return written;
}

/** Writes what fits, a byte a character, the low one; returns the bytes written. */
export function writeLatin1(text: string, target: Uint8Array): number {
  const count = Math.min(text.length, target.length);
  for (let at = 0; at < count; at++) target[at] = text.charCodeAt(at);
  return count;
}

/** What a long text becomes, written where it shall be: else it would be made elsewhere and copied. Null when it must be. */
export function writeLong(text: string, encoding: Encoding, target: Uint8Array): number | null {
  if (text.length <= LONG || !(target.buffer instanceof ArrayBuffer)) return null;
  if (encoding === 'latin1' || encoding === 'ascii') return writeLongAscii(text, target as Uint8Array<ArrayBuffer>);
  // Where a decoder gives up, what it has written is right.
  if (encoding === 'hex') {
    if (!setFromHex || target.length < text.length >> 1) return null;
    return unlessSyntaxError(() => setFromHex.call(target, text).written) ?? null;
  }
  if (encoding !== 'base64' && encoding !== 'base64url') return null;
  if (!setFromBase64 || target.length < Math.floor((text.length * 3) / 4)) return null;
  return unlessSyntaxError(() => setFromBase64.call(target, text, { alphabet: alphabetOf(text) }).written) ?? null;
}

/** Null when it is not ASCII, or seems so. */
function writeLongAscii(text: string, target: Uint8Array<ArrayBuffer>): number | null {
  if (NOT_ASCII.test(text.slice(0, LONG))) return null;
  const part = text.length > target.length ? text.slice(0, target.length) : text;
  const { read, written } = utf8.encodeInto(part, target);
  return read === part.length && written === part.length ? written : null;
}

// Not with an expression, which takes as long as the decoder.
const alphabetOf = (text: string) => (text.includes('-') || text.includes('_') ? 'base64url' : 'base64');

/** Of a unit of UTF-16 in UTF-8. */
const MOST_BYTES = 3;
const SCRATCH_BYTES = 12 * 1024;
let scratch: Uint8Array<ArrayBuffer> | null = null;
/** What was counted last: Node counts a text and then writes it, so it is encoded once. */
const counted = { text: '', length: 0, bytes: new Uint8Array(0) };

/** Length in bytes of the UTF-8 form; a lone surrogate counts as U+FFFD. */
export function utf8Length(text: string): number {
  if (text.length <= SHORT) return countUtf8(text);
  scratch ??= new Uint8Array(SCRATCH_BYTES);
  if (text.length * MOST_BYTES <= SCRATCH_BYTES) {
    counted.text = text;
    counted.bytes = scratch;
    counted.length = utf8.encodeInto(text, scratch).written;
    return counted.length;
  }
  counted.text = '';
  let length = 0;
  for (let at = 0; at < text.length; ) {
    const { read, written } = utf8.encodeInto(text.slice(at, at + SCRATCH_BYTES), scratch);
    const last = text.charCodeAt(at + read - 1);
    // Between two parts there is no pair of surrogates.
    const parted = (last & 0xfc00) === 0xd800 && (text.charCodeAt(at + read) & 0xfc00) === 0xdc00;
    length += parted ? written - 3 : written;
    at += parted ? read - 1 : read;
  }
  return length;
}

function countUtf8(text: string): number {
  let length = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 0x80) length++;
    else if (unit < 0x800) length += 2;
    else if ((unit & 0xfc00) === 0xd800 && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00) {
      length += 4;
      at++;
    } else length += 3;
  }
  return length;
}

const NOT_ASCII = /[^\0-\x7f]/;
const WIDE = /[^\0-\xff]/;

function latin1(text: string): Uint8Array {
  if (text.length > LONG) {
    const ascii = NOT_ASCII.test(text.slice(0, LONG)) ? null : utf8.encode(text);
    if (ascii?.length === text.length) return ascii;
    const bytes = fromBase64 && !WIDE.test(text) && fromBase64.call(Uint8Array, base64Of(text), { alphabet: 'base64' });
    if (bytes) return bytes;
  }
  const bytes = new Uint8Array(text.length);
  writeLatin1(text, bytes);
  return bytes;
}

function utf16(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 2);
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    bytes[2 * at] = unit;
    bytes[2 * at + 1] = unit >> 8;
  }
  return bytes;
}

const HEX_VALUES = new Int8Array(256).fill(-1);
const BASE64_VALUES = new Int8Array(256).fill(-1);
for (let value = 0; value < 16; value++) {
  HEX_VALUES[value.toString(16).charCodeAt(0)] = value;
  HEX_VALUES[value.toString(16).toUpperCase().charCodeAt(0)] = value;
}
for (const alphabet of ['+/', '-_']) {
  const all = `ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789${alphabet}`;
  for (let value = 0; value < 64; value++) BASE64_VALUES[all.charCodeAt(value)] = value;
}

const valueIn = (table: Int8Array, unit: number): number => (unit < 256 ? (table[unit] ?? -1) : -1);

/** Up to the first pair that is not hexadecimal. */
function hex(text: string): Uint8Array {
  if (text.length > LONG && fromHex) {
    const bytes = unlessSyntaxError(() => fromHex.call(Uint8Array, text));
    if (bytes) return bytes;
  }
  const bytes = new Uint8Array(text.length >> 1);
  for (let at = 0; at < bytes.length; at++) {
    const high = valueIn(HEX_VALUES, text.charCodeAt(2 * at));
    const low = valueIn(HEX_VALUES, text.charCodeAt(2 * at + 1));
    if (high < 0 || low < 0) return bytes.subarray(0, at);
    bytes[at] = (high << 4) | low;
  }
  return bytes;
}

/** Both alphabets; skips what is in neither, ends at "=". */
function base64(text: string): Uint8Array {
  if (text.length > LONG && fromBase64) {
    const bytes = unlessSyntaxError(() => fromBase64.call(Uint8Array, text, { alphabet: alphabetOf(text) }));
    if (bytes) return bytes;
  }
  const bytes = new Uint8Array(Math.ceil((text.length * 3) / 4));
  let length = 0;
  let group = 0;
  let bits = 0;
  for (let at = 0; at < text.length; at++) {
    // As the native decoder, which sees the low byte alone.
    const unit = text.charCodeAt(at) & 0xff;
    if (unit === 0x3d) break;
    const value = valueIn(BASE64_VALUES, unit);
    if (value < 0) continue;
    group = ((group << 6) | value) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[length++] = group >> bits;
  }
  return bytes.subarray(0, length);
}

function unlessSyntaxError<Result>(decode: () => Result): Result | undefined {
  try {
    return decode();
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
