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

/** Must run before Node's primordials copy the classes. Throws from then on, in the program, what the browser throws: RangeError. */
export function chargeGrowingBuffers(scope: Scope): void {
  const { ArrayBuffer: Plain, SharedArrayBuffer: Shared } = scope;
  const charges = new Charges(Plain);
  replaceClass(scope, 'ArrayBuffer', chargedClass(Plain, charges));
  replaceClass(scope, 'SharedArrayBuffer', chargedClass(Shared, charges));
  chargeMethod(Plain.prototype, 'resize', charges);
  chargeMethod(Shared.prototype, 'grow', charges);
}

// The guest may replace them.
const { apply, construct, defineProperty, getOwnPropertyDescriptor, ownKeys } = Reflect;

class Charges {
  readonly #Plain: ArrayBufferConstructor;
  readonly #held = new WeakMap<object, ArrayBuffer>();
  readonly #get = WeakMap.prototype.get;
  readonly #set = WeakMap.prototype.set;
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

  hold(buffer: Growing, charge: ArrayBuffer): void {
    const before = apply(this.#get, this.#held, [buffer]);
    // Given back at once, not when it is collected.
    if (before) apply(this.#transfer, before, [0]);
    apply(this.#set, this.#held, [buffer, charge]);
  }

  /** What a buffer may grow to without another charge. */
  paid(buffer: Growing): number {
    const charge = apply(this.#get, this.#held, [buffer]);
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
