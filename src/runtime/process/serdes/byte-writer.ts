const float = new Float64Array(1);
const floatBytes = new Uint8Array(float.buffer);

/** A writer with more memory than this gives it back after use. */
const KEPT_BYTES = 64 * 1024;
/** Memory costs more than to write a short message into it. */
let spare: ByteWriter | null = null;

/** What `write` writes. It may lead to another call before it returns. */
export function writeBytes(write: (out: ByteWriter) => void): Uint8Array<ArrayBuffer> {
  const out = spare ?? new ByteWriter();
  spare = null;
  write(out);
  const bytes = out.take();
  if (out.capacity <= KEPT_BYTES) spare = out;
  return bytes;
}

/** Bytes that grow, with the primitives of V8's format. */
export class ByteWriter {
  #bytes = new Uint8Array(256);
  #length = 0;

  get capacity(): number {
    return this.#bytes.length;
  }
  get length(): number {
    return this.#length;
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }
  varint(value: number): void {
    let rest = value >>> 0;
    if (rest < 0x80) {
      this.byte(rest);
      return;
    }
    while (rest >= 0x80) {
      this.byte((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    this.byte(rest);
  }
  varint64(value: bigint): void {
    let rest = value;
    while (rest >= 0x80n) {
      this.byte(Number(rest & 0x7fn) | 0x80);
      rest >>= 7n;
    }
    this.byte(Number(rest));
  }
  zigzag(value: number): void {
    this.varint((value << 1) ^ (value >> 31));
  }
  double(value: number): void {
    float[0] = value;
    this.raw(floatBytes);
  }
  /** The low bytes of code units. */
  latin1(text: string): void {
    const { length } = text;
    this.#reserve(length);
    const bytes = this.#bytes;
    const start = this.#length;
    for (let at = 0; at < length; at++) bytes[start + at] = text.charCodeAt(at);
    this.#length += length;
  }
  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** All bytes until now; the writer starts anew. */
  take(): Uint8Array<ArrayBuffer> {
    const taken = this.#bytes.slice(0, this.#length);
    this.#length = 0;
    return taken;
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(2 * this.#bytes.length, this.#length + more));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}
