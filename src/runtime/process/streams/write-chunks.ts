import type { ProcessContext } from '../context.ts';
import { bytesOf, encodeUtf8 } from './text.ts';

/** The bytes of a `writev`: `chunks` are buffers, or, unless `allBuffers`, pairs of a chunk and its encoding. */
export function encodeChunks(context: ProcessContext, chunks: unknown[], allBuffers: boolean): Uint8Array[] {
  const parts: Uint8Array[] = [];
  const step = allBuffers ? 1 : 2;
  for (let i = 0; i < chunks.length; i += step) {
    const chunk = chunks[i];
    parts.push(typeof chunk === 'string' ? encodeAs(context, chunk, String(chunks[i + 1])) : bytesOf(chunk));
  }
  return parts;
}

function encodeAs(context: ProcessContext, text: string, encoding: string): Uint8Array {
  if (encoding === 'utf8' || encoding === 'utf-8') return encodeUtf8(text);
  const { Buffer: GuestBuffer } = context.require('buffer') as { Buffer: typeof Buffer };
  return GuestBuffer.from(text, encoding as BufferEncoding);
}
