/** ASN.1 in its distinguished encoding (X.690), as far as keys and certificates need it. */
import { joinBytes } from '../../../kernel/join-bytes.ts';
import { toBytes, toInteger } from '../integers.ts';

export const Tag = {
  boolean: 0x01,
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  null: 0x05,
  oid: 0x06,
  utf8: 0x0c,
  ia5: 0x16,
  sequence: 0x30,
  set: 0x31,
} as const;

/** One element: its tag byte, its content, and where it lies. */
export interface DerElement {
  tag: number;
  content: Uint8Array;
  /** Header and content. */
  whole: Uint8Array;
}

/** What is not DER. */
export class DerError extends Error {}

/** Reads the elements of a sequence one after another. */
export class DerReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  /** The tag of the next element; -1 at the end. */
  get nextTag(): number {
    return this.#bytes[this.#at] ?? -1;
  }

  any(): DerElement {
    const start = this.#at;
    const tag = this.#byte();
    const length = this.#length();
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new DerError('too long');
    const content = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return { tag, content, whole: this.#bytes.subarray(start, end) };
  }

  expect(tag: number): Uint8Array {
    if (this.nextTag !== tag) throw new DerError('wrong tag');
    return this.any().content;
  }

  /** The content if the next element has that tag. */
  optional(tag: number): Uint8Array | null {
    return this.nextTag === tag ? this.any().content : null;
  }

  sequence(): DerReader {
    return new DerReader(this.expect(Tag.sequence));
  }

  integer(): bigint {
    return toInteger(this.expect(Tag.integer));
  }

  oid(): string {
    return readOid(this.expect(Tag.oid));
  }

  octets(): Uint8Array {
    return this.expect(Tag.octets);
  }

  /** A bit string of whole bytes. */
  bits(): Uint8Array {
    return this.expect(Tag.bits).subarray(1);
  }

  #byte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw new DerError('too short');
    return byte;
  }

  #length(): number {
    const first = this.#byte();
    if (first < 0x80) return first;
    let length = 0;
    for (let left = first & 0x7f; left > 0; left--) length = length * 256 + this.#byte();
    return length;
  }
}

/** The one element that the bytes are. */
export function readDer(bytes: Uint8Array): DerElement {
  return new DerReader(bytes).any();
}

function readOid(content: Uint8Array): string {
  const parts: number[] = [];
  let value = 0;
  for (const byte of content) {
    value = value * 128 + (byte & 0x7f);
    if (byte & 0x80) continue;
    if (parts.length === 0)
      parts.push(Math.min(2, Math.floor(value / 40)), value - 40 * Math.min(2, Math.floor(value / 40)));
    else parts.push(value);
    value = 0;
  }
  return parts.join('.');
}

/** An element of that tag around its parts. */
export function der(tag: number, ...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const size = parts.reduce((sum, part) => sum + part.length, 0);
  return joinBytes([Uint8Array.of(tag, ...lengthBytes(size)), ...parts]);
}

function lengthBytes(size: number): number[] {
  if (size < 0x80) return [size];
  const bytes = toBytes(BigInt(size));
  return [0x80 | bytes.length, ...bytes];
}

export const derSequence = (...parts: readonly Uint8Array[]) => der(Tag.sequence, ...parts);
export const derNull = () => der(Tag.null);
export const derOctets = (bytes: Uint8Array) => der(Tag.octets, bytes);
export const derBits = (bytes: Uint8Array) => der(Tag.bits, Uint8Array.of(0), bytes);

export function derInteger(value: bigint | number): Uint8Array<ArrayBuffer> {
  const bytes = toBytes(BigInt(value));
  return (bytes[0] ?? 0) & 0x80 ? der(Tag.integer, Uint8Array.of(0), bytes) : der(Tag.integer, bytes);
}

export function derOid(oid: string): Uint8Array<ArrayBuffer> {
  const [first = 0, second = 0, ...rest] = oid.split('.').map(Number);
  const bytes = [first * 40 + second, ...rest].flatMap((value) => {
    const digits = [value % 128];
    for (let left = Math.floor(value / 128); left > 0; left = Math.floor(left / 128))
      digits.unshift((left % 128) | 0x80);
    return digits;
  });
  return der(Tag.oid, Uint8Array.from(bytes));
}
