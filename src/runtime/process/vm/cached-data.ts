/**
 * Code caches. The engine gives none to a page, so what stands for one says only which text it was made of: it is accepted
 * for that text and rejected for every other, and saves no time.
 */
import type { ProcessContext } from '../context.ts';

const MARK = 'fixpoint code cache 1';

export function createCachedData(context: ProcessContext, source: string): unknown {
  return bufferOf(context).from(describe(source));
}

export function acceptsCachedData(context: ProcessContext, source: string, data: unknown): boolean {
  if (!ArrayBuffer.isView(data)) return false;
  return bufferOf(context).from(data.buffer, data.byteOffset, data.byteLength).toString() === describe(source);
}

interface BufferClass {
  from(...args: unknown[]): { toString(): string };
}

const bufferOf = (context: ProcessContext): BufferClass =>
  (context.require('buffer') as { Buffer: BufferClass }).Buffer;

/** FNV-1a over the text. */
function describe(source: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < source.length; index++) {
    hash = Math.imul(hash ^ source.charCodeAt(index), 0x01000193) >>> 0;
  }
  return `${MARK} ${source.length} ${hash.toString(16)}`;
}
