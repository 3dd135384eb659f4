/**
 * Brotli without compression (RFC 7932, uncompressed meta-blocks): each ends at a byte, so that what was written can be read at
 * once. The compressor's module has no flush.
 */
import { joinBytes } from '../../kernel/join-bytes.ts';

/** WBITS 22, four bits. */
const WINDOW = 0b1011;
const WINDOW_BITS = 4;
const BLOCK = 65536;
/** A last, empty meta-block. */
const END = 0b11;

export class BrotliStored {
  #begun = false;

  blocks(chunks: readonly Uint8Array[]): Uint8Array {
    const pieces: Uint8Array[] = [];
    for (const chunk of chunks) {
      for (let at = 0; at < chunk.length; at += BLOCK) {
        const piece = chunk.subarray(at, at + BLOCK);
        pieces.push(this.#header(piece.length), piece);
      }
    }
    return joinBytes(pieces);
  }

  end(): Uint8Array {
    const start = this.#start();
    return Uint8Array.of(start.value + END * 2 ** start.bits);
  }

  /** ISLAST 0, MNIBBLES 4, the length less one in 16 bits, ISUNCOMPRESSED 1; then to the next byte. */
  #header(length: number): Uint8Array {
    const start = this.#start();
    const value = start.value + (length - 1) * 2 ** (start.bits + 3) + 2 ** (start.bits + 19);
    return Uint8Array.of(value & 255, (value >>> 8) & 255, (value >>> 16) & 255);
  }

  /** The stream's header, in front of its first meta-block. */
  #start(): { value: number; bits: number } {
    if (this.#begun) return { value: 0, bits: 0 };
    this.#begun = true;
    return { value: WINDOW, bits: WINDOW_BITS };
  }
}
