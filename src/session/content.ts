/** Between bytes and `Content`: text where the bytes are valid UTF-8, base64 where they are not. */
import type { Content, Files } from './files.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
/** Arguments that one call of `String.fromCharCode` surely takes. */
const CHUNK = 0x2000;

export function encodeBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += CHUNK) {
    binary += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  }
  return btoa(binary);
}

/** Throws a DOMException when the text is not base64. */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at += 1) bytes[at] = binary.charCodeAt(at);
  return bytes;
}

export function contentToBytes(content: Content): Uint8Array<ArrayBuffer> {
  return typeof content === 'string' ? encoder.encode(content) : decodeBase64(content.base64);
}

export function bytesToContent(bytes: Uint8Array): Content {
  try {
    // A view on shared memory is refused by TextDecoder: it gets a copy.
    return decoder.decode(bytes.buffer instanceof ArrayBuffer ? bytes : bytes.slice());
  } catch (error) {
    if (error instanceof TypeError) return { base64: encodeBase64(bytes) };
    throw error;
  }
}

export function isBinary(content: Content): content is Exclude<Content, string> {
  return typeof content !== 'string';
}

export function sameContent(one: Content, other: Content): boolean {
  if (typeof one === 'string' || typeof other === 'string') return one === other;
  return one.base64 === other.base64;
}

/** Length in bytes. */
export function contentSize(content: Content): number {
  return contentToBytes(content).length;
}

/** The content of a path, never something inherited from Object ("constructor" is a possible file name). */
export function contentAt(files: Files, path: string): Content | undefined {
  return Object.hasOwn(files, path) ? files[path] : undefined;
}
