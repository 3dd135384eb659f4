/**
 * A limit to the memory that the buffers of all processes take. Chromium gives those of one renderer 16 GB of addresses, more than most machines have
 * memory; what is reserved here and never touched costs addresses alone, and an allocation behind it fails in the program that asks for it.
 */

const PIECE = 2 ** 30;
/** A full disk takes half of it: its pieces are of a megabyte, for which two are reserved. */
const LEFT = 8;
const RESERVED = 8;
/** The first start comes first; a program that takes without end from the beginning has not taken much by then. */
const QUIET_MS = 1000;

/** Windows counts what is reserved as memory that is used. */
const countsReserved = (): boolean => navigator.platform.startsWith('Win');

/** As long as the kernel runs. */
const reserved: SharedArrayBuffer[] = [];

export function limitBuffers(): void {
  if (!countsReserved()) setTimeout(() => reserve([]), QUIET_MS);
}

/** Piece by piece, with turns of the event loop between; `kept` stays free for programs, also where there are fewer addresses. */
function reserve(kept: ArrayBuffer[]): void {
  try {
    if (kept.length < LEFT) kept.push(new ArrayBuffer(PIECE));
    // Unlike other buffers it does not count for the garbage collector.
    else reserved.push(new SharedArrayBuffer(PIECE));
    if (reserved.length < RESERVED) {
      setTimeout(() => reserve(kept));
      return;
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  // Given back at once, not when it is collected.
  for (const buffer of kept) buffer.transfer(0);
}
