/**
 * Short names of sources and WebAssembly, by which processes share through the kernel what they found of them: it spares the way of the
 * text. Two products of 32 bits over the content, and its length. (What is kept beyond the sandbox goes by a cryptographic hash.)
 *
 * They start from two random words of the kernel: a program that does not know them cannot make a file whose fingerprint is that of
 * another one, a test for instance, to have that one run as what it is not.
 */
export interface Fingerprints {
  ofText(source: string): string;
  ofBytes(bytes: Uint8Array<ArrayBuffer>): string;
}

/** `seeds`: two words of 32 bits. */
export function createFingerprints([seed = 0, otherSeed = 0]: Uint32Array): Fingerprints {
  return {
    ofText(source) {
      let first = seed | 0;
      let second = otherSeed | 0;
      for (let i = 0; i < source.length; i++) {
        const unit = source.charCodeAt(i);
        first = Math.imul(first ^ unit, 0x01000193);
        first ^= first >>> 15;
        second = Math.imul(second + unit, 0x85ebca6b) ^ (second >>> 13);
      }
      return fingerprint(source.length, first, second);
    },
    ofBytes(bytes) {
      const whole = bytes.length & ~3;
      const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
      const words = new Int32Array(aligned.buffer, aligned.byteOffset, whole / 4);
      let first = seed | 0;
      let second = otherSeed | 0;
      // Both stay in registers: a closure over them takes ten times as long.
      for (let i = 0; i < words.length; i++) {
        const word = words[i] as number;
        first = Math.imul(first ^ word, 0x01000193);
        first ^= first >>> 15;
        second = Math.imul(second + word, 0x85ebca6b) ^ (second >>> 13);
      }
      for (let i = whole; i < bytes.length; i++) {
        first = Math.imul(first ^ (bytes[i] as number), 0x01000193);
        second = Math.imul(second + first, 0x85ebca6b);
      }
      return fingerprint(bytes.length, first, second);
    },
  };
}

const fingerprint = (length: number, first: number, second: number): string =>
  `${length}-${first >>> 0}-${second >>> 0}`;
