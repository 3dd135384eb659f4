/** Bytes to strings. */
import { bytesOf } from './bytes.ts';
import type { Encoding } from './names.ts';

// Captured when the Worker starts, before a guest can replace them.
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
const utf16 = new TextDecoder('utf-16le', { ignoreBOM: true });
const fromCharCode = String.fromCharCode;
// Node's own atob replaces the browser's later.
const { atob: binaryOf } = globalThis;
const { toBase64, toHex } = Uint8Array.prototype as NativeEncoders;

/** Newer than TypeScript's library, and not in every browser. */
interface NativeEncoders {
  toBase64?(this: Uint8Array, options: { alphabet: 'base64' | 'base64url'; omitPadding: boolean }): string;
  toHex?(this: Uint8Array): string;
}

/** As many arguments as a call takes without trouble. */
const CHUNK = 0x2000;

/** V8's own limit. */
const MAX_LENGTH = 0x1fffffe8;
/** Characters that a byte becomes, where it is not one. */
const CHARACTERS: Partial<Record<Encoding, number>> = { hex: 2, base64: 4 / 3, base64url: 4 / 3, utf16le: 1 / 2 };

/** A browser's decoder gives nothing where the text would be too long. */
export const isTooLong = (bytes: Uint8Array, text: string): boolean => text === '' && bytes.length > MAX_LENGTH;

export function tooLong(): Error {
  const message = `Cannot create a string longer than 0x${MAX_LENGTH.toString(16)} characters`;
  return Object.assign(new Error(message), { code: 'ERR_STRING_TOO_LONG' });
}

/** The whole view as a string. Throws ERR_STRING_TOO_LONG. */
export function decodeBytes(bytes: Uint8Array, encoding: Encoding): string {
  if (bytes.length * (CHARACTERS[encoding] ?? 1) > MAX_LENGTH) throw tooLong();
  switch (encoding) {
    case 'ascii':
      return latin1(bytes, 0x7f);
    case 'latin1':
      return latin1(bytes, 0xff);
    case 'base64':
      return toBase64?.call(bytes, { alphabet: 'base64', omitPadding: false }) ?? base64(bytes, STANDARD, true);
    case 'base64url':
      return toBase64?.call(bytes, { alphabet: 'base64url', omitPadding: true }) ?? base64(bytes, URL_SAFE, false);
    case 'utf16le':
      return decodeUtf16(bytes);
    case 'hex':
      return toHex?.call(bytes) ?? hex(bytes);
    default:
      return decodeUtf8(bytes);
  }
}

function decodeUtf8(bytes: Uint8Array): string {
  // A short ASCII text is the most common case, and cheaper than a call to the decoder.
  if (bytes.length <= 24 && bytes.every((byte) => byte < 0x80)) return fromCharCode.apply(null, bytes as never);
  return utf8.decode(unshared(bytes));
}

/** TextDecoder does not read shared memory, nor such that may change its size. */
export const unshared = (bytes: Uint8Array): Uint8Array<ArrayBuffer> =>
  bytes.buffer instanceof ArrayBuffer && !bytes.buffer.resizable
    ? (bytes as Uint8Array<ArrayBuffer>)
    : new Uint8Array(bytes);

/** What does not is no text in ASCII, which decoding all of it would find out more slowly. */
function startsInAscii(bytes: Uint8Array): boolean {
  for (let at = 0; at < 64; at++) if ((bytes[at] ?? 0) > 0x7f) return false;
  return true;
}

function latin1(bytes: Uint8Array, mask: number): string {
  if (bytes.length > 64) {
    // Of one character a byte, none of them a replacement, is ASCII alone; and that is decoded quickest.
    const ascii = startsInAscii(bytes) ? utf8.decode(unshared(bytes)) : '';
    if (ascii.length === bytes.length && !ascii.includes('\ufffd')) return ascii;
    // Both ways are native, and take a fraction of the time of the loop.
    if (mask === 0xff && toBase64) return binaryOf(toBase64.call(bytes, { alphabet: 'base64', omitPadding: false }));
  }
  let text = '';
  for (let at = 0; at < bytes.length; at += CHUNK) {
    let chunk = bytes.length <= CHUNK ? bytes : bytes.subarray(at, at + CHUNK);
    if (mask !== 0xff && chunk.some((byte) => byte > mask)) chunk = chunk.map((byte) => byte & mask);
    text += fromCharCode.apply(null, chunk as never);
  }
  return text;
}

function decodeUtf16(bytes: Uint8Array): string {
  const even = bytes.subarray(0, bytes.length & ~1);
  const text = utf16.decode(unshared(even));
  // The decoder replaces lone surrogates, which a string may hold.
  return text.includes('\ufffd') ? codeUnits(even) : text;
}

function codeUnits(bytes: Uint8Array): string {
  const units = new Uint16Array(bytes.length / 2);
  bytesOf(units).set(bytes);
  let text = '';
  for (let at = 0; at < units.length; at += CHUNK)
    text += fromCharCode.apply(null, units.subarray(at, at + CHUNK) as never);
  return text;
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

function hex(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at++) text += HEX[bytes[at] ?? 0];
  return text;
}

const STANDARD = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const URL_SAFE = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

function base64(bytes: Uint8Array, alphabet: string, padded: boolean): string {
  let text = '';
  let at = 0;
  for (; at + 2 < bytes.length; at += 3) {
    const group = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    text +=
      (alphabet[group >> 18] ?? '') + alphabet[(group >> 12) & 63] + alphabet[(group >> 6) & 63] + alphabet[group & 63];
  }
  const rest = bytes.length - at;
  if (rest === 0) return text;
  const group = ((bytes[at] ?? 0) << 16) | (rest === 2 ? (bytes[at + 1] ?? 0) << 8 : 0);
  text += (alphabet[group >> 18] ?? '') + alphabet[(group >> 12) & 63];
  if (rest === 2) text += alphabet[(group >> 6) & 63];
  return padded ? text.padEnd(text.length + 3 - rest, '=') : text;
}
