/**
 * Copies bytes from or to shared memory, which the engine does word by word where both lie alike, and else byte by byte: those go
 * through memory that lies like the shared one.
 */

/** What is shorter is copied sooner than it is found out how it lies. */
const SHORT_BYTES = 256;
const WORD = 8;
const STEP = 64 * 1024;

let scratch: Uint8Array | null = null;

/** As `target.set`. */
export function copyShared(target: Uint8Array, source: Uint8Array, at = 0): void {
  const place = target.byteOffset + at;
  if (source.length < SHORT_BYTES || (place - source.byteOffset) % WORD === 0) {
    target.set(source, at);
    return;
  }
  const isFromShared = source.buffer instanceof SharedArrayBuffer;
  if (isFromShared === target.buffer instanceof SharedArrayBuffer) {
    target.set(source, at);
    return;
  }
  scratch ??= new Uint8Array(STEP + WORD);
  const lead = (isFromShared ? source.byteOffset : place) % WORD;
  for (let done = 0; done < source.length; done += STEP) {
    const part = source.subarray(done, done + STEP);
    const between = scratch.subarray(lead, lead + part.length);
    between.set(part);
    target.set(between, at + done);
  }
}
