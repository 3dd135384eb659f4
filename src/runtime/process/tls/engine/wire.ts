/** Numbers and vectors of TLS's presentation language (RFC 8446, section 3). */
import { joinBytes } from '../../../kernel/join-bytes.ts';
import { Alert, type FailureReason, TlsFailure } from './failure.ts';

export const EMPTY: Uint8Array = new Uint8Array(0);

/** Reads a peer's message; what is too short is a failure of the connection. */
export class WireReader {
  readonly #bytes: Uint8Array;
  readonly #reason: FailureReason;
  #at = 0;

  /** `reason`: what OpenSSL calls it where the bytes are not as they should be. */
  constructor(bytes: Uint8Array, reason: FailureReason = 'length mismatch') {
    this.#bytes = bytes;
    this.#reason = reason;
  }
  get atEnd(): boolean {
    return this.#at === this.#bytes.length;
  }
  get offset(): number {
    return this.#at;
  }
  number(size: 1 | 2 | 3 | 4): number {
    let value = 0;
    for (const byte of this.bytes(size)) value = value * 256 + byte;
    return value;
  }
  bytes(length: number): Uint8Array {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw this.#malformed();
    const bytes = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return bytes;
  }
  /** The bytes behind a length of so many bytes. */
  vector(lengthSize: 1 | 2 | 3): Uint8Array {
    return this.bytes(this.number(lengthSize));
  }
  rest(): Uint8Array {
    return this.bytes(this.#bytes.length - this.#at);
  }
  /** Nothing may follow. */
  end(): void {
    if (!this.atEnd) throw this.#malformed();
  }
  #malformed(): TlsFailure {
    return new TlsFailure(this.#reason, Alert.decodeError);
  }
}

/** The content of the one vector that the bytes are. */
export function onlyVector(lengthSize: 1 | 2 | 3, bytes: Uint8Array, reason?: FailureReason): Uint8Array {
  const reader = new WireReader(bytes, reason);
  const content = reader.vector(lengthSize);
  reader.end();
  return content;
}

export function numberBytes(size: 1 | 2 | 3 | 4 | 8, value: number): Uint8Array {
  const bytes = new Uint8Array(size);
  for (let i = size - 1, left = value; i >= 0; i--, left = Math.floor(left / 256)) bytes[i] = left % 256;
  return bytes;
}

/** The parts behind their length. */
export function vector(lengthSize: 1 | 2 | 3, ...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return joinBytes([numberBytes(lengthSize, length), ...parts]);
}

export const shorts = (values: readonly number[]): Uint8Array =>
  joinBytes(values.map((value) => numberBytes(2, value)));

/** The two-byte numbers of a vector. */
export function readShorts(bytes: Uint8Array): number[] {
  const reader = new WireReader(bytes);
  const values: number[] = [];
  while (!reader.atEnd) values.push(reader.number(2));
  return values;
}

/** Takes as long wherever they differ: digests are compared with it. */
export function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  let difference = 0;
  for (const [i, byte] of left.entries()) difference |= byte ^ (right[i] ?? 0);
  return difference === 0;
}
