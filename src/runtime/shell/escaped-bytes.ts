/** Bytes that are no UTF-8 within texts: each as a lone surrogate, U+DC80 to U+DCFF, which no decoded text holds. */

import { joinBytes } from '../kernel/join-bytes.ts';

const FIRST = 0xdc00;
const ESCAPED = /([\uDC80-\uDCFF]+)/u;
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true });

export function textOfBytes(bytes: Uint8Array): string {
  const whole = decoded(bytes);
  if (whole !== undefined) return whole;
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at] ?? 0;
    const length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    const char = decoded(bytes.subarray(at, at + length));
    text += char ?? String.fromCharCode(FIRST + first);
    at += char === undefined ? 1 : length;
  }
  return text;
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined; // Its only error says that these are no UTF-8.
  }
}

export function bytesOfText(text: string): Uint8Array {
  if (text.isWellFormed()) return encoder.encode(text);
  const parts = text
    .split(ESCAPED)
    .map((part, index) =>
      index % 2 === 0 ? encoder.encode(part) : Uint8Array.from(part, (char) => char.charCodeAt(0) - FIRST),
    );
  return joinBytes(parts);
}
