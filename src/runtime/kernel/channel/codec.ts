/**
 * The binary form of the arguments and results of synchronous system calls: null, undefined, booleans, numbers, strings,
 * Uint8Array, arrays and plain objects.
 */

const tag = {
  undefined: 0,
  null: 1,
  false: 2,
  true: 3,
  int: 4,
  float: 5,
  string: 6,
  bytes: 7,
  array: 8,
  object: 9,
  /** A string with lone surrogates: two bytes a code unit. */
  wide: 10,
  /** Nothing: what comes behind it is to lie at a better place. */
  pad: 11,
} as const;

/** Scratch memory above this size is given back after use. */
const KEEP_BYTES = 1 << 20;
const SHORT_STRING = 64;
const LONG_BYTES = 16 * 1024;
/** A longer byte array begins at a multiple of `WORD`: shared memory is copied byte by byte else, which takes ten times as long. */
const ALIGNED_BYTES = 256;
const WORD = 8;

const textEncoder = new TextEncoder();
const textDecoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Encodes one value at a time into memory that it reuses. */
export class Encoder {
  #bytes = new Uint8Array(4096);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;
  /** Long byte arrays and where they belong, while they are not to be copied. */
  #long: { at: number; bytes: Uint8Array }[] | null = null;

  /** The encoded value; valid until the next call. Throws a TypeError on what the codec does not know. */
  encode(value: unknown): Uint8Array {
    if (this.#bytes.length > KEEP_BYTES) this.#resize(4096, 0);
    this.#length = 0;
    this.#put(value);
    return this.#bytes.subarray(0, this.#length);
  }

  /** As `encode`, in pieces: long byte arrays are not copied. Valid until the next call. */
  encodeInPieces(value: unknown): Uint8Array[] {
    this.#long = [];
    try {
      const whole = this.encode(value);
      const pieces: Uint8Array[] = [];
      let from = 0;
      for (const { at, bytes } of this.#long) {
        pieces.push(whole.subarray(from, at), bytes);
        from = at;
      }
      pieces.push(whole.subarray(from));
      return pieces;
    } finally {
      this.#long = null;
    }
  }

  #resize(size: number, keep: number): void {
    const bytes = new Uint8Array(size);
    bytes.set(this.#bytes.subarray(0, keep));
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer);
  }

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed > this.#bytes.length) this.#resize(Math.max(needed, this.#bytes.length * 2), this.#length);
  }

  #tagged(kind: number, number: number): void {
    this.#reserve(5);
    this.#bytes[this.#length] = kind;
    this.#view.setUint32(this.#length + 1, number, true);
    this.#length += 5;
  }

  #put(value: unknown): void {
    if (typeof value === 'string') this.#string(value);
    else if (typeof value === 'number') this.#number(value);
    else if (typeof value === 'boolean') this.#simple(value ? tag.true : tag.false);
    else if (value === undefined) this.#simple(tag.undefined);
    else if (value === null) this.#simple(tag.null);
    else if (typeof value === 'object') this.#object(value);
    else throw new TypeError(`A system call cannot carry a ${typeof value}`);
  }

  #simple(kind: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = kind;
  }

  #number(value: number): void {
    if ((value | 0) === value && !Object.is(value, -0)) {
      this.#tagged(tag.int, value);
      return;
    }
    this.#reserve(9);
    this.#bytes[this.#length] = tag.float;
    this.#view.setFloat64(this.#length + 1, value, true);
    this.#length += 9;
  }

  #string(text: string): void {
    this.#reserve(5 + text.length * 3);
    const start = this.#length + 5;
    let written = text.length <= SHORT_STRING ? this.#ascii(text, start) : -1;
    if (written < 0 && !text.isWellFormed()) {
      this.#wide(text);
      return;
    }
    if (written < 0) written = textEncoder.encodeInto(text, this.#bytes.subarray(start)).written;
    this.#tagged(tag.string, written);
    this.#length += written;
  }

  #wide(text: string): void {
    this.#tagged(tag.wide, text.length * 2);
    for (let i = 0; i < text.length; i++) this.#view.setUint16(this.#length + 2 * i, text.charCodeAt(i), true);
    this.#length += text.length * 2;
  }

  /** Writes a short ASCII string; -1 when it is not ASCII. */
  #ascii(text: string, start: number): number {
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code > 127) return -1;
      this.#bytes[start + i] = code;
    }
    return text.length;
  }

  #object(value: object): void {
    if (value instanceof Uint8Array) {
      if (value.length >= ALIGNED_BYTES) while ((this.#length + 5) % WORD !== 0) this.#simple(tag.pad);
      this.#tagged(tag.bytes, value.length);
      if (this.#long !== null && value.length >= LONG_BYTES) {
        this.#long.push({ at: this.#length, bytes: value });
        return;
      }
      this.#reserve(value.length);
      this.#bytes.set(value, this.#length);
      this.#length += value.length;
    } else if (Array.isArray(value)) {
      this.#tagged(tag.array, value.length);
      for (const item of value) this.#put(item);
    } else {
      const entries = Object.entries(value);
      this.#tagged(tag.object, entries.length);
      for (const [key, item] of entries) {
        this.#string(key);
        this.#put(item);
      }
    }
  }
}

/** Decodes one value from unshared memory; byte arrays in it are copies. Throws a RangeError on truncated or unknown data. */
export function decode(bytes: Uint8Array): unknown {
  return new Decoder(bytes, (part) => part.slice()).value();
}

/** As `decode`, for memory that nobody writes to any more: byte arrays are views of it. */
export function decodeInPlace(bytes: Uint8Array): unknown {
  return new Decoder(bytes, (part) => part).value();
}

class Decoder {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #own: (part: Uint8Array) => Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array, own: (part: Uint8Array) => Uint8Array) {
    this.#own = own;
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  value(): unknown {
    let kind = this.#view.getUint8(this.#at++);
    while (kind === tag.pad) kind = this.#view.getUint8(this.#at++);
    switch (kind) {
      case tag.undefined:
        return undefined;
      case tag.null:
        return null;
      case tag.false:
        return false;
      case tag.true:
        return true;
      case tag.int:
        this.#at += 4;
        return this.#view.getInt32(this.#at - 4, true);
      case tag.float:
        this.#at += 8;
        return this.#view.getFloat64(this.#at - 8, true);
      case tag.string:
        return this.#text();
      case tag.wide:
        return this.#wide(this.#count());
      case tag.bytes:
        return this.#own(this.#take(this.#count()));
      case tag.array:
        return this.#array();
      case tag.object:
        return this.#object();
      default:
        throw new RangeError(`Unknown tag ${kind}`);
    }
  }

  #count(): number {
    this.#at += 4;
    return this.#view.getUint32(this.#at - 4, true);
  }

  #take(length: number): Uint8Array {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new RangeError('The data ends too early');
    const part = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return part;
  }

  #wide(length: number): string {
    const part = this.#take(length);
    let text = '';
    for (let i = 0; i + 1 < part.length; i += 2)
      text += String.fromCharCode((part[i] ?? 0) | ((part[i + 1] ?? 0) << 8));
    return text;
  }

  #text(): string {
    const part = this.#take(this.#count());
    return part.length <= SHORT_STRING ? shortText(part) : textDecoder.decode(part);
  }

  #array(): unknown[] {
    const items: unknown[] = [];
    for (let left = this.#count(); left > 0; left--) items.push(this.value());
    return items;
  }

  #object(): Record<string, unknown> {
    const entries: [string, unknown][] = [];
    for (let left = this.#count(); left > 0; left--) {
      entries.push([String(this.value()), this.value()]);
    }
    return Object.fromEntries(entries);
  }
}

function shortText(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) {
    if (byte > 127) return textDecoder.decode(bytes);
    text += String.fromCharCode(byte);
  }
  return text;
}
