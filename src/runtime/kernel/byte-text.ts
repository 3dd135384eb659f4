/**
 * Paths, and what a shell prints, are bytes in Linux and strings here. A byte that is no UTF-8 is a lone surrogate, U+DC80 to U+DCFF, as in
 * Python's `surrogateescape`; well-formed strings are their UTF-8.
 */
import { joinBytes } from './join-bytes.ts';

const ESCAPE = 0xdc00;
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** `bytes` must not be shared memory. */
export function textOfBytes(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const length = characterLength(bytes, at);
    text +=
      length === 0 ? String.fromCharCode(ESCAPE + (bytes[at] ?? 0)) : strict.decode(bytes.subarray(at, at + length));
    at += Math.max(1, length);
  }
  return text;
}

/** Of the UTF-8 character that starts here; 0 when there is none. */
function characterLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  const length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  try {
    return at + length <= bytes.length && strict.decode(bytes.subarray(at, at + length)).length > 0 ? length : 0;
  } catch (error) {
    if (error instanceof TypeError) return 0;
    throw error;
  }
}

export function bytesOfText(text: string): Uint8Array<ArrayBuffer> {
  if (text.isWellFormed()) return encoder.encode(text);
  const parts = text
    .split(/([\udc80-\udcff]+)/u)
    .map((part, index) =>
      index % 2 === 0 ? encoder.encode(part) : Uint8Array.from(part, (char) => char.charCodeAt(0) - ESCAPE),
    );
  return joinBytes(parts);
}
