/** Comparing and searching bytes. */

// Node's Buffer has an `indexOf` of its own, and a plain view of each is what calls on short buffers cost.
const indexOf = Function.prototype.call.bind(Uint8Array.prototype.indexOf) as FindByte;
const lastIndexOf = Function.prototype.call.bind(Uint8Array.prototype.lastIndexOf) as FindByte;

type FindByte = (bytes: Uint8Array, byte: number, from: number) => number;

/** -1, 0 or 1, as `memcmp`, the shorter first. */
export function compareBytes(left: Uint8Array, right: Uint8Array): number {
  const length = Math.min(left.length, right.length);
  for (let at = equalStart(left, right, length); at < length; at++) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference < 0 ? -1 : 1;
  }
  return Math.sign(left.length - right.length);
}

/** From here on two views of words cost less than they save. */
const LONG = 256;
const WORD = Uint32Array.BYTES_PER_ELEMENT;

/** So many bytes at the start are the same, by whole words; none where they are few, or words do not fit where they lie. */
function equalStart(left: Uint8Array, right: Uint8Array, length: number): number {
  if (length < LONG || left.byteOffset % WORD !== 0 || right.byteOffset % WORD !== 0) return 0;
  const words = Math.floor(length / WORD);
  const first = new Uint32Array(left.buffer, left.byteOffset, words);
  const second = new Uint32Array(right.buffer, right.byteOffset, words);
  let at = 0;
  while (at < words && first[at] === second[at]) at++;
  return at * WORD;
}

export interface SearchOptions {
  /** Negative counts from the end. */
  offset: number;
  forward: boolean;
  /** Matches start at multiples of it: 2 for UTF-16. */
  step: number;
}

/** Where the needle starts, or -1; the rules for offsets out of range are those of `Buffer.prototype.indexOf`. */
export function indexOfBytes(
  haystack: Uint8Array,
  needle: Uint8Array,
  { offset, forward, step }: SearchOptions,
): number {
  const start = startOf(haystack.length, needle.length, { offset, forward });
  if (start < 0) return -1;
  if (needle.length === 0) return start;
  const last = haystack.length - needle.length;
  if (haystack.length === 0 || last < 0) return -1;
  const first = needle[0] ?? 0;
  if (!forward) {
    // Below nothing: a negative place would count from the end.
    for (let at = lastIndexOf(haystack, first, Math.min(start, last)); at >= 0; ) {
      if (at % step === 0 && matches(haystack, needle, at)) return at;
      at = at === 0 ? -1 : lastIndexOf(haystack, first, at - 1);
    }
    return -1;
  }
  for (let at = indexOf(haystack, first, start); at >= 0 && at <= last; at = indexOf(haystack, first, at + 1)) {
    if (at % step === 0 && matches(haystack, needle, at)) return at;
  }
  return -1;
}

function startOf(length: number, needleLength: number, { offset, forward }: Omit<SearchOptions, 'step'>): number {
  if (offset < 0) {
    if (offset + length >= 0) return offset + length;
    return forward || needleLength === 0 ? 0 : -1;
  }
  if (offset + needleLength <= length) return offset;
  if (needleLength === 0) return length;
  return forward ? -1 : length - 1;
}

function matches(haystack: Uint8Array, needle: Uint8Array, at: number): boolean {
  for (let index = needle.length - 1; index >= 0; index--) if (haystack[at + index] !== needle[index]) return false;
  return true;
}
