/**
 * Buffers that can grow have addresses of their own in the browser, far more than any machine has memory: the limit to the memory of all
 * programs (`headless/buffer-limit.ts`) does not see them. So each one holds a buffer of the ordinary kind beside it, as long as itself and
 * never touched: it costs addresses alone, and where there are none left the program is refused the memory.
 */
import { noteFunctionText } from './function-texts.ts';

/** In bytes. Linux gives a process some 65,000 pieces of memory: shorter ones come to nothing. */
const SMALL = 64 * 1024;

type Growing = ArrayBuffer | SharedArrayBuffer;
type BufferClass = ArrayBufferConstructor | SharedArrayBufferConstructor;

interface Scope {
  ArrayBuffer: ArrayBufferConstructor;
  SharedArrayBuffer: SharedArrayBufferConstructor;
}

/**
 * Must run before Node's primordials copy the classes. Throws from then on, in the program, what the browser throws: RangeError. Gives
 * what the memory of WebAssembly is charged with.
 */
export function chargeGrowingBuffers(scope: Scope): Charges {
  const { ArrayBuffer: Plain, SharedArrayBuffer: Shared } = scope;
  const charges = new Charges(Plain);
  ofRealm = charges;
  replaceClass(scope, 'ArrayBuffer', chargedClass(Plain, charges));
  replaceClass(scope, 'SharedArrayBuffer', chargedClass(Shared, charges));
  chargeMethod(Plain.prototype, 'resize', charges);
  chargeMethod(Shared.prototype, 'grow', charges);
  for (const name of ['transfer', 'transferToFixedLength'] as const) chargeTransfer(Plain.prototype, name, charges);
  return charges;
}

let ofRealm: Charges | null = null;

/** Of another thread, whose charge went with it. RangeError. */
export function chargeArrived(buffer: ArrayBuffer): void {
  if (!buffer.resizable || !ofRealm || buffer.byteLength <= ofRealm.paid(buffer)) return;
  const charge = ofRealm.take(buffer.byteLength);
  if (charge) ofRealm.hold(buffer, charge);
}

// The guest may replace them.
const { apply, construct, defineProperty, getOwnPropertyDescriptor, ownKeys } = Reflect;

export class Charges {
  readonly #Plain: ArrayBufferConstructor;
  readonly #held = new WeakMap<object, ArrayBuffer>();
  readonly #get = WeakMap.prototype.get;
  readonly #set = WeakMap.prototype.set;
  readonly #delete = WeakMap.prototype.delete;
  readonly #transfer: ArrayBuffer['transfer'];
  readonly #lengthOf: (this: ArrayBuffer) => number;

  constructor(Plain: ArrayBufferConstructor) {
    this.#Plain = Plain;
    this.#transfer = Plain.prototype.transfer;
    this.#lengthOf = getOwnPropertyDescriptor(Plain.prototype, 'byteLength')?.get as (this: ArrayBuffer) => number;
  }

  /** In steps of twice the length, so that a buffer which grows by and by is not charged anew each time. RangeError. */
  take(bytes: number): ArrayBuffer | null {
    if (bytes < SMALL) return null;
    let length = SMALL;
    while (length < bytes) length *= 2;
    return new this.#Plain(length);
  }

  /** As long as the object lives, in place of what it held. */
  hold(owner: object, charge: ArrayBuffer): void {
    this.release(owner);
    apply(this.#set, this.#held, [owner, charge]);
  }

  /** Given back at once, not when it is collected. */
  release(owner: object): void {
    const charge = apply(this.#get, this.#held, [owner]);
    if (!charge) return;
    apply(this.#transfer, charge, [0]);
    apply(this.#delete, this.#held, [owner]);
  }

  /** What it may grow to without another charge. */
  paid(owner: object): number {
    const charge = apply(this.#get, this.#held, [owner]);
    return charge ? apply(this.#lengthOf, charge, []) : SMALL - 1;
  }
}

/** A function of its own and no proxy, by which `instanceof` and each new buffer would take longer. */
function chargedClass<Class extends BufferClass>(target: Class, charges: Charges): Class {
  function Replacement(this: unknown, length: number, options?: { maxByteLength?: number }): Growing {
    // It throws, as what is called without `new`.
    if (new.target === undefined) return apply(target, undefined, [length]);
    const newTarget = new.target === (Replacement as unknown) ? target : new.target;
    if (options === undefined) return construct(target, [length], newTarget);
    const buffer: Growing = construct(target, [length, options], newTarget);
    const charge = isGrowing(buffer) ? charges.take(buffer.byteLength) : null;
    if (charge) charges.hold(buffer, charge);
    return buffer;
  }
  for (const key of ownKeys(target)) {
    defineProperty(Replacement, key, getOwnPropertyDescriptor(target, key) as PropertyDescriptor);
  }
  return Replacement as unknown as Class;
}

const isGrowing = (buffer: Growing) => ('resize' in buffer ? buffer.resizable : buffer.growable);

function replaceClass<Name extends keyof Scope>(scope: Scope, name: Name, replacement: Scope[Name]): void {
  noteFunctionText(replacement, `function ${name}() { [native code] }`);
  Object.defineProperty(replacement.prototype, 'constructor', { value: replacement });
  Object.defineProperty(scope, name, { value: replacement });
}

/** What a buffer that grows is moved to grows, too. */
function chargeTransfer(prototype: ArrayBuffer, name: 'transfer' | 'transferToFixedLength', charges: Charges): void {
  const native = getOwnPropertyDescriptor(prototype, name)?.value as ((length?: unknown) => ArrayBuffer) | undefined;
  const resizableOf = getOwnPropertyDescriptor(prototype, 'resizable')?.get;
  const lengthOf = getOwnPropertyDescriptor(prototype, 'byteLength')?.get as () => number;
  if (!native || !resizableOf) return;
  const { method } = {
    method(this: ArrayBuffer, ...args: [unknown?]): ArrayBuffer {
      // It throws where this is no such buffer.
      if (!apply(resizableOf, this, [])) return apply(native, this, args);
      // Once, as the program may look on.
      const length = args[0] === undefined ? (apply(lengthOf, this, []) as number) : +(args[0] as number);
      const charge = name === 'transfer' ? charges.take(length) : null;
      const result = apply(native, this, [length]);
      charges.release(this);
      if (charge) charges.hold(result, charge);
      return result;
    },
  };
  defineProperty(method, 'name', { value: name });
  defineProperty(method, 'length', { value: 0 });
  noteFunctionText(method, `function ${name}() { [native code] }`);
  defineProperty(prototype, name, { value: method });
}

function chargeMethod(prototype: object, name: string, charges: Charges): void {
  const method: unknown = getOwnPropertyDescriptor(prototype, name)?.value;
  if (typeof method !== 'function') return;
  const replacement = new Proxy(method as (this: Growing, length: unknown) => unknown, {
    apply(target, buffer: Growing, args: [unknown]) {
      // Once, as the program may look on.
      const length = +(args[0] as number);
      const charge = length > charges.paid(buffer) ? charges.take(length) : null;
      const result = apply(target, buffer, [length]);
      if (charge) charges.hold(buffer, charge);
      return result;
    },
  });
  noteFunctionText(replacement, `function ${name}() { [native code] }`);
  Object.defineProperty(prototype, name, { value: replacement });
}
