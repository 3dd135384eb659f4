/** Writes values in V8's serialization format. */
import { encodeUcs2 } from '../streams/text.ts';
import type { ByteWriter } from './byte-writer.ts';
import { ERRORS, REGEXP_FLAGS, Tag, VIEWS } from './format.ts';

/** What the serializer's user decides. */
export interface WriterDelegate {
  viewsAreHostObjects: boolean;
  /** Whether `writeHostObject` shall write it; no object when absent. */
  isHostObject?(object: object): boolean;
  /** Proxies are refused; nothing but the runtime's own record tells them. */
  isProxy?(object: object): boolean;
  writeHostObject(object: object): void;
  /** Number of an object that both sides will have (a SharedArrayBuffer, a WebAssembly module); they are refused when absent. */
  share?(object: object): number;
  /** Throws: the value, described by the text, cannot be cloned. */
  refuse(message: string): never;
}

const INT32_MIN = -(2 ** 31);
const INT32_MAX = 2 ** 31 - 1;

export class ValueWriter {
  readonly #out: ByteWriter;
  readonly #delegate: WriterDelegate;
  readonly #ids = new Map<object, number>();
  readonly #transferred = new Map<object, number>();

  constructor(out: ByteWriter, delegate: WriterDelegate) {
    this.#out = out;
    this.#delegate = delegate;
  }

  transfer(id: number, buffer: object): void {
    this.#transferred.set(buffer, id);
  }

  write(value: unknown): void {
    if (typeof value === 'string') this.#string(value);
    else if (typeof value === 'number') this.#number(value);
    else if (typeof value === 'boolean') this.#out.byte(value ? Tag.true : Tag.false);
    else if (typeof value === 'bigint') {
      this.#out.byte(Tag.bigint);
      this.#bigint(value);
    } else if (value === undefined) this.#out.byte(Tag.undefined);
    else if (value === null) this.#out.byte(Tag.null);
    else if (typeof value === 'object') this.#object(value);
    else this.#delegate.refuse(`${String(value)} could not be cloned.`);
  }

  #number(value: number): void {
    if (Number.isInteger(value) && value >= INT32_MIN && value <= INT32_MAX && !Object.is(value, -0)) {
      this.#out.byte(Tag.int32);
      this.#out.zigzag(value);
    } else {
      this.#out.byte(Tag.double);
      this.#out.double(value);
    }
  }

  /** Sign bit and length in bytes, then whole 64-bit digits, little endian. */
  #bigint(value: bigint): void {
    const magnitude = value < 0n ? -value : value;
    const digits = Math.ceil(magnitude.toString(16).length / 16) * (magnitude === 0n ? 0 : 1);
    this.#out.varint((digits << 4) | (value < 0n ? 1 : 0));
    for (let i = 0; i < digits * 8; i++) this.#out.byte(Number((magnitude >> BigInt(8 * i)) & 255n));
  }

  #string(text: string): void {
    if (isOneByte(text)) {
      this.#out.byte(Tag.oneByteString);
      this.#out.varint(text.length);
      this.#out.latin1(text);
      return;
    }
    const bytes = encodeUcs2(text);
    const lengthOfLength = bytes.length < 0x80 ? 1 : bytes.length < 0x4000 ? 2 : bytes.length < 0x200000 ? 3 : 4;
    // The characters are aligned to two bytes.
    if ((this.#out.length + 1 + lengthOfLength) % 2 === 1) this.#out.byte(Tag.padding);
    this.#out.byte(Tag.twoByteString);
    this.#out.varint(bytes.length);
    this.#out.raw(bytes);
  }

  #object(object: object): void {
    if (ArrayBuffer.isView(object) && !this.#delegate.viewsAreHostObjects && !this.#ids.has(object)) {
      this.#object(object.buffer);
    }
    const known = this.#ids.get(object);
    if (known !== undefined) {
      this.#out.byte(Tag.reference);
      this.#out.varint(known);
      return;
    }
    this.#ids.set(object, this.#ids.size);
    if (this.#delegate.isProxy?.(object)) {
      this.#delegate.refuse(`${Array.isArray(object) ? '[object Array]' : '#<Object>'} could not be cloned.`);
    }
    if (Array.isArray(object)) this.#array(object);
    else if (ArrayBuffer.isView(object)) this.#view(object);
    else if ((isSimple(object) || !this.#special(object)) && !this.#host(object)) this.#plain(object);
  }

  #special(object: object): boolean {
    if (object instanceof Date && accepts(() => getTime.call(object))) {
      this.#out.byte(Tag.date);
      this.#out.double(object.getTime());
    } else if (isMap(object)) this.#map(object);
    else if (isSet(object)) this.#set(object);
    else if (object instanceof RegExp && accepts(() => getSource.call(object))) this.#regexp(object);
    else if (object instanceof ArrayBuffer) this.#buffer(object);
    else if (this.#delegate.share && isShareable(object)) {
      this.#out.byte(object instanceof SharedArrayBuffer ? Tag.sharedBuffer : Tag.wasmModule);
      this.#out.varint(this.#delegate.share(object));
    } else if (isError(object)) {
      if (!this.#host(object)) this.#error(object);
    } else if (object instanceof Boolean && accepts(() => booleanValue.call(object)))
      this.#out.byte(object.valueOf() ? Tag.trueObject : Tag.falseObject);
    else if (object instanceof Number && accepts(() => numberValue.call(object))) {
      this.#out.byte(Tag.numberObject);
      this.#out.double(object.valueOf());
    } else if (object instanceof String && accepts(() => stringValue.call(object))) {
      this.#out.byte(Tag.stringObject);
      this.#string(object.valueOf());
    } else if (object instanceof BigInt && accepts(() => bigintValue.call(object))) {
      this.#out.byte(Tag.bigintObject);
      this.#bigint(object.valueOf());
    } else if (isIterator(object) && ITERATORS.test(tagOf(object))) {
      this.#delegate.refuse(`${tagOf(object)} could not be cloned.`);
    } else if (isUncloneable(object)) {
      this.#delegate.refuse(`${describeObject(object)} could not be cloned.`);
    } else return false;
    return true;
  }

  #host(object: object): boolean {
    if (!this.#delegate.isHostObject?.(object)) return false;
    this.#out.byte(Tag.hostObject);
    this.#delegate.writeHostObject(object);
    return true;
  }

  #plain(object: object): void {
    this.#out.byte(Tag.object);
    const count = this.#properties(object, Object.keys(object));
    this.#out.byte(Tag.endObject);
    this.#out.varint(count);
  }

  #properties(object: object, keys: readonly string[]): number {
    let count = 0;
    for (const key of keys) {
      // A getter before may have taken it away.
      if (!Object.hasOwn(object, key)) continue;
      const value: unknown = Reflect.get(object, key);
      const index = startsAsNumber(key) ? Number(key) : INT32_MAX;
      if (index < INT32_MAX && String(index >>> 0) === key) this.#number(index);
      else this.#string(key);
      this.write(value);
      count++;
    }
    return count;
  }

  #array(array: unknown[]): void {
    const keys = Object.keys(array);
    const dense =
      keys.length >= array.length && (array.length === 0 || keys[array.length - 1] === `${array.length - 1}`);
    this.#out.byte(dense ? Tag.denseArray : Tag.sparseArray);
    this.#out.varint(array.length);
    if (dense) for (const element of array) this.write(element);
    const count = this.#properties(array, dense ? keys.slice(array.length) : keys);
    this.#out.byte(dense ? Tag.endDenseArray : Tag.endSparseArray);
    this.#out.varint(count);
    this.#out.varint(array.length);
  }

  #map(map: Map<unknown, unknown>): void {
    this.#out.byte(Tag.map);
    const entries: unknown[] = [];
    mapForEach.call(map, (value, key) => entries.push(key, value));
    for (const part of entries) this.write(part);
    this.#out.byte(Tag.endMap);
    this.#out.varint(entries.length);
  }

  #set(set: Set<unknown>): void {
    this.#out.byte(Tag.set);
    const members: unknown[] = [];
    setForEach.call(set, (member) => members.push(member));
    for (const member of members) this.write(member);
    this.#out.byte(Tag.endSet);
    this.#out.varint(members.length);
  }

  #regexp(regexp: RegExp): void {
    this.#out.byte(Tag.regexp);
    this.#string(regexp.source);
    this.#out.varint([...regexp.flags].reduce((bits, flag) => bits | (1 << REGEXP_FLAGS.indexOf(flag)), 0));
  }

  #buffer(buffer: ArrayBuffer): void {
    const id = this.#transferred.get(buffer);
    if (id !== undefined) {
      this.#out.byte(Tag.transferredBuffer);
      this.#out.varint(id);
      return;
    }
    this.#out.byte(Tag.arrayBuffer);
    this.#out.varint(buffer.byteLength);
    this.#out.raw(new Uint8Array(buffer));
  }

  #view(view: ArrayBufferView): void {
    if (this.#delegate.viewsAreHostObjects) {
      this.#out.byte(Tag.hostObject);
      this.#delegate.writeHostObject(view);
      return;
    }
    const name = view instanceof DataView ? 'DataView' : (view as Uint8Array)[Symbol.toStringTag];
    const tag = Object.keys(VIEWS).find((candidate) => VIEWS[candidate] === name) ?? '?';
    this.#out.byte(Tag.view);
    this.#out.byte(tag.charCodeAt(0));
    this.#out.varint(view.byteOffset);
    this.#out.varint(view.byteLength);
    this.#out.varint(0);
  }

  #error(error: Error): void {
    this.#out.byte(Tag.error);
    const tag = Object.keys(ERRORS).find((candidate) => ERRORS[candidate] === String(error.name));
    if (tag !== undefined) this.#out.byte(tag.charCodeAt(0));
    const message = Object.getOwnPropertyDescriptor(error, 'message')?.value as unknown;
    if (message !== undefined) this.#part('m', String(message));
    if (typeof error.stack === 'string') this.#part('s', error.stack);
    if (Object.hasOwn(error, 'cause')) {
      this.#out.byte('c'.charCodeAt(0));
      this.write(error.cause);
    }
    this.#out.byte('.'.charCodeAt(0));
  }

  #part(tag: string, text: string): void {
    this.#out.byte(tag.charCodeAt(0));
    this.#string(text);
  }
}

const { getPrototypeOf } = Object;
const objectPrototype = Object.prototype;

const startsAsNumber = (key: string): boolean => {
  const unit = key.charCodeAt(0);
  return unit >= 0x30 && unit <= 0x39;
};

/** Most objects: they inherit from nothing that is special. */
const isSimple = (object: object): boolean => getPrototypeOf(object) === objectPrototype && !isError(object);

/** The loop is quicker than an expression where the text is short. */
const SHORT_TEXT = 32;

function isOneByte(text: string): boolean {
  if (text.length > SHORT_TEXT) return /^[\0-\xff]*$/.test(text);
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0xff) return false;
  return true;
}

// Of objects that merely inherit from these, V8 writes what they have of their own.
const { getTime } = Date.prototype;
const getSource = Object.getOwnPropertyDescriptor(RegExp.prototype, 'source')?.get as () => string;
const { valueOf: booleanValue } = Boolean.prototype;
const { valueOf: numberValue } = Number.prototype;
const { valueOf: stringValue } = String.prototype;
const { valueOf: bigintValue } = BigInt.prototype;

const { isError: hasErrorBrand } = Error as { isError?: (value: unknown) => boolean };
const isError = (object: object): object is Error => (hasErrorBrand ? hasErrorBrand(object) : object instanceof Error);

const mapForEach = Map.prototype.forEach;
const setForEach = Set.prototype.forEach;
const mapHas = Map.prototype.has;
const setHas = Set.prototype.has;

function isMap(object: object): object is Map<unknown, unknown> {
  return object instanceof Map || (isOutsider(object) && accepts(() => mapHas.call(object as never, 0)));
}

function isSet(object: object): object is Set<unknown> {
  return object instanceof Set || (isOutsider(object) && accepts(() => setHas.call(object as never, 0)));
}

/** Node's SafeMap and SafeSet do not inherit from Map and Set, nor from Object. */
function isOutsider(object: object): boolean {
  return !(object instanceof Object) && Object.getPrototypeOf(object) !== null;
}

function accepts(probe: () => unknown): boolean {
  try {
    probe();
    return true;
  } catch {
    return false;
  }
}

function isShareable(object: object): boolean {
  if (object instanceof SharedArrayBuffer || object instanceof WebAssembly.Module) return true;
  return object instanceof WebAssembly.Memory && object.buffer instanceof SharedArrayBuffer;
}

const tagOf = (object: object): string => Object.prototype.toString.call(object);
/** No class of theirs is a global. */
const ITERATORS = /^\[object (Generator|[\w ]+ Iterator)\]$/;

const ITERATOR: object = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()));
const isIterator = (object: object): boolean => Object.prototype.isPrototypeOf.call(ITERATOR, object);

/** Objects with a life of their own. */
function isUncloneable(object: object): boolean {
  if (object instanceof SharedArrayBuffer || object instanceof WebAssembly.Module) return true;
  if (object instanceof WebAssembly.Memory || object instanceof WebAssembly.Instance) return true;
  if (object instanceof WeakMap || object instanceof WeakSet || object instanceof WeakRef) return true;
  return object instanceof Promise;
}

/** As V8 names it in its message. */
function describeObject(object: object): string {
  return `#<${typeof object.constructor === 'function' ? object.constructor.name : 'Object'}>`;
}
