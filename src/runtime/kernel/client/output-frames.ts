/**
 * Output as JSON lines, `{"fd":1,"data":"<base64>"}`: the client of a process gets one stream of text, in which bytes that are no
 * text, and the descriptor they were written to, would be lost.
 */
import type { OutputListener } from './client-interface.ts';

/** Frames what is written to a descriptor. */
export function framed(fd: 1 | 2, listener: OutputListener): OutputListener {
  return (chunk) => listener(encoder.encode(`${JSON.stringify({ fd, data: toBase64(chunk) })}\n`));
}

const encoder = new TextEncoder();
const SLICE = 8192;

/** Not in every browser yet; the other way takes fifty times as long. */
type Encodes = Uint8Array & { toBase64?(): string };

function toBase64(bytes: Encodes): string {
  if (bytes.toBase64) return bytes.toBase64();
  let binary = '';
  for (let i = 0; i < bytes.length; i += SLICE) binary += String.fromCharCode(...bytes.subarray(i, i + SLICE));
  return btoa(binary);
}
