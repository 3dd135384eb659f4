/** Reads values in V8's serialization format. */
import { decodeLatin1 } from '../streams/text.ts';
import { ERRORS, FORMAT_VERSION, OLDEST_VERSION, REGEXP_FLAGS, Tag, VIEWS } from './format.ts';

const float = new Float64Array(1);
const floatBytes = new Uint8Array(float.buffer);

const { fromCharCode } = String;
const { defineProperty } = Object;
/** One by one is quicker where there are few. */
const SHORT_TEXT = 16;
const NO_VALUE = Symbol('no value');

export class ValueReader {
  readonly #bytes: Uint8Array;
  readonly #scope: object;
  readonly #readHostObject: () => unknown;
  readonly #objects: unknown[] = [];
  readonly #transferred = new Map<number, unknown>();
  position = 0;
  version = 0;
  /** The objects that both sides have. */
  shared: readonly unknown[] = [];

  /** `scope` has the constructors of what is read. */
  constructor(bytes: Uint8Array, scope: object, readHostObject: () => unknown) {
    this.#bytes = bytes;
    this.#scope = scope;
    this.#readHostObject = readHostObject;
  }

  transfer(id: number, buffer: unknown): void {
    this.#transferred.set(id, buffer);
  }

  /** False when the data is of a version that is not known. */
  header(): boolean {
    if (this.#bytes[this.position] !== Tag.version) return false;
    this.position++;
    this.version = this.varint();
    return this.version >= OLDEST_VERSION && this.version <= FORMAT_VERSION;
  }

  varint(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.#byte();
      if (shift < 32) value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
  }
  varint64(): bigint {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.#byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
  }
  double(): number {
    floatBytes.set(this.raw(8));
    return float[0] as number;
  }
  /** A view of the next bytes. */
  raw(length: number): Uint8Array {
    if (this.position + length > this.#bytes.length) throw malformed();
    this.position += length;
    return this.#bytes.subarray(this.position - length, this.position);
  }

  read(): unknown {
    const value = this.#readTagged(this.#tag());
    // A view follows its buffer.
    if (
      (value instanceof ArrayBuffer || value instanceof SharedArrayBuffer) &&
      this.#bytes[this.position] === Tag.view
    ) {
      this.position++;
      return this.#view(value);
    }
    return value;
  }

  #byte(): number {
    const byte = this.#bytes[this.position++];
    if (byte === undefined) throw malformed();
    return byte;
  }
  #tag(): number {
    for (;;) {
      const tag = this.#byte();
      if (tag !== Tag.padding) return tag;
    }
  }

  #readTagged(tag: number): unknown {
    const primitive = this.#primitive(tag);
    return primitive === NO_VALUE ? this.#object(tag) : primitive;
  }

  #primitive(tag: number): unknown {
    switch (tag) {
      case Tag.undefined:
        return undefined;
      case Tag.null:
        return null;
      case Tag.true:
        return true;
      case Tag.false:
        return false;
      case Tag.int32: {
        const zigzag = this.varint();
        return (zigzag >>> 1) ^ -(zigzag & 1);
      }
      case Tag.uint32:
        return this.varint();
      case Tag.double:
        return this.double();
      case Tag.bigint:
        return this.#bigint();
      case Tag.oneByteString:
        return this.#oneByteString(this.varint());
      case Tag.twoByteString:
        return this.#twoByteString();
      case Tag.utf8String:
        return new TextDecoder().decode(this.raw(this.varint()));
      default:
        return NO_VALUE;
    }
  }

  #object(tag: number): unknown {
    switch (tag) {
      case Tag.reference: {
        const id = this.varint();
        if (id >= this.#objects.length) throw malformed();
        return this.#objects[id];
      }
      case Tag.object:
        return this.#properties(this.#remember({}), Tag.endObject, 1);
      case Tag.denseArray:
        return this.#denseArray();
      case Tag.sparseArray:
        return this.#properties(this.#remember(new (this.#class('Array'))(this.varint())), Tag.endSparseArray, 2);
      case Tag.date:
        return this.#remember(new (this.#class('Date'))(this.double()));
      case Tag.trueObject:
      case Tag.falseObject:
        return this.#remember(Object(tag === Tag.trueObject));
      case Tag.numberObject:
        return this.#remember(Object(this.double()));
      case Tag.bigintObject:
        return this.#remember(Object(this.#bigint()));
      case Tag.stringObject:
        return this.#remember(Object(this.read()));
      case Tag.regexp:
        return this.#regexp();
      case Tag.map:
        return this.#map();
      case Tag.set:
        return this.#set();
      case Tag.arrayBuffer:
        return this.#remember(new Uint8Array(this.raw(this.varint())).buffer);
      case Tag.transferredBuffer:
        return this.#remember(this.#transferred.get(this.varint()));
      case Tag.sharedBuffer:
      case Tag.wasmModule:
        return this.#remember(this.shared[this.varint()]);
      case Tag.error:
        return this.#error();
      case Tag.hostObject:
        return this.#hostObject();
      default:
        throw malformed();
    }
  }

  #class(name: string): new (...args: unknown[]) => object {
    return Reflect.get(this.#scope, name) as new (
      ...args: unknown[]
    ) => object;
  }

  #remember<T>(object: T): T {
    this.#objects.push(object);
    return object;
  }

  #bigint(): bigint {
    const field = this.varint();
    const bytes = this.raw(field >> 1);
    let value = 0n;
    for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i] ?? 0);
    return field & 1 ? -value : value;
  }

  #oneByteString(length: number): string {
    if (length > SHORT_TEXT) return decodeLatin1(this.raw(length));
    const end = this.position + length;
    if (end > this.#bytes.length) throw malformed();
    let text = '';
    while (this.position < end) text += fromCharCode(this.#byte());
    return text;
  }

  #twoByteString(): string {
    const bytes = this.raw(this.varint());
    let text = '';
    for (let i = 0; i + 1 < bytes.length; i += 2) {
      text += String.fromCharCode((bytes[i] ?? 0) | ((bytes[i + 1] ?? 0) << 8));
    }
    return text;
  }

  /** Keys and values until the end tag, which `counts` numbers follow. */
  #properties<T extends object>(object: T, end: number, counts: number): T {
    for (;;) {
      const tag = this.#tag();
      if (tag === end) break;
      const key = this.#primitive(tag);
      if (typeof key !== 'string' && typeof key !== 'number') throw malformed();
      const value = this.read();
      // What is there already may be a setter that it inherits.
      if (key in object) defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
      else (object as Record<string, unknown>)[key] = value;
    }
    for (let i = 0; i < counts; i++) this.varint();
    return object;
  }

  #denseArray(): unknown {
    const length = this.varint();
    if (length > this.#bytes.length - this.position) throw malformed();
    const array = this.#remember(new (this.#class('Array'))(length)) as unknown[];
    for (let i = 0; i < length; i++) {
      if (this.#bytes[this.position] === Tag.hole) this.position++;
      else array[i] = this.read();
    }
    return this.#properties(array, Tag.endDenseArray, 2);
  }

  #regexp(): unknown {
    // The object's number comes before that of anything within it.
    const slot = this.#objects.push(undefined) - 1;
    const source = this.read();
    const bits = this.varint();
    const flags = [...REGEXP_FLAGS].filter((_, bit) => (bits >> bit) & 1).join('');
    this.#objects[slot] = new (this.#class('RegExp'))(source, flags);
    return this.#objects[slot];
  }

  #map(): unknown {
    const map = this.#remember(new (this.#class('Map'))()) as Map<unknown, unknown>;
    while (this.#bytes[this.position] !== Tag.endMap) map.set(this.read(), this.read());
    this.position++;
    this.varint();
    return map;
  }

  #set(): unknown {
    const set = this.#remember(new (this.#class('Set'))()) as Set<unknown>;
    while (this.#bytes[this.position] !== Tag.endSet) set.add(this.read());
    this.position++;
    this.varint();
    return set;
  }

  #view(buffer: ArrayBuffer | SharedArrayBuffer): unknown {
    const name = VIEWS[String.fromCharCode(this.#byte())];
    const offset = this.varint();
    const length = this.varint();
    if (this.version >= 14) this.varint();
    if (name === undefined) throw malformed();
    const Constructor = this.#class(name) as (new (...args: unknown[]) => object) & { BYTES_PER_ELEMENT?: number };
    return this.#remember(new Constructor(buffer, offset, length / (Constructor.BYTES_PER_ELEMENT ?? 1)));
  }

  #error(): unknown {
    const slot = this.#objects.push(undefined) - 1;
    const own: { message?: unknown; stack?: unknown } = {};
    let name = 'Error';
    let cause: { cause: unknown } | undefined;
    for (;;) {
      const tag = String.fromCharCode(this.#byte());
      if (tag === '.') break;
      if (tag === 'm') own.message = this.read();
      else if (tag === 's') own.stack = this.read();
      else if (tag === 'c') cause = { cause: this.read() };
      else name = ERRORS[tag] ?? 'Error';
    }
    const error = new (this.#class(name))(own.message, cause);
    Object.defineProperty(error, 'stack', { value: own.stack, writable: true, configurable: true, enumerable: false });
    this.#objects[slot] = error;
    return error;
  }

  #hostObject(): unknown {
    const slot = this.#objects.push(undefined) - 1;
    this.#objects[slot] = this.#readHostObject();
    return this.#objects[slot];
  }
}

function malformed(): Error {
  return new Error('Unable to deserialize cloned data.');
}
