/**
 * A limit to the memory that the buffers of all processes take. Chromium gives those of one renderer 16 GB of addresses, more than most
 * machines have memory; what is reserved here and never touched costs addresses alone, and an allocation behind it fails in the program
 * that asks for it. It is done in the frame, whose heap is small: V8 looks for garbage in the heap of whoever allocates so much.
 */

const GIGABYTE = 2 ** 30;
/** A full disk takes half of it: its pieces are of a megabyte, for which two are reserved. Few pieces: each costs a search for garbage. */
const LEFT = [4, 4];
/** One less than there are: one that fails has V8 search several times. */
const RESERVED = [4, 2, 1];
/** The first start comes first; a program that takes without end from the beginning has not taken much by then. */
const QUIET_MS = 1000;

/** Windows counts what is reserved as memory that is used. */
const countsReserved = (): boolean => navigator.platform.startsWith('Win');

/** As long as the frame is there. */
const reserved: SharedArrayBuffer[] = [];

export function limitBuffers(): void {
  if (!countsReserved()) setTimeout(reserve, QUIET_MS);
}

/** What is left stays free for programs, also where there are fewer addresses. */
function reserve(): void {
  const kept: ArrayBuffer[] = [];
  try {
    for (const size of LEFT) kept.push(new ArrayBuffer(size * GIGABYTE));
    // Unlike other buffers they do not count for the garbage collector.
    for (const size of RESERVED) reserved.push(new SharedArrayBuffer(size * GIGABYTE));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  // Given back at once, not when it is collected.
  for (const buffer of kept) buffer.transfer(0);
}
