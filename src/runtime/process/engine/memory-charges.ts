/**
 * Memory of WebAssembly is outside of the addresses of buffers, as are buffers that can grow, and is charged as they are
 * (`buffer-charges.ts`): when it is made, when a program lets it grow, and what its own code has grown it by when the next one is made.
 */
import type { Charges } from './buffer-charges.ts';
import { declaredMemoryOf, noteDeclaredMemory, PAGE_BYTES } from './declared-memory.ts';
import { noteFunctionText } from './function-texts.ts';

type WasmNamespace = Pick<typeof WebAssembly, 'Memory' | 'Module' | 'Instance'>;
type Memory = WebAssembly.Memory;
/** Looks at what was made; may refuse it. */
type Made = (made: object, args: unknown[]) => void;

// The guest may replace them.
const { apply, construct, defineProperty, getOwnPropertyDescriptor, getPrototypeOf, ownKeys } = Reflect;

/** Of a memory of 64 bits. */
const MAX_PAGES = 2 ** 18;
/** As the engine says it. */
const TEXT = {
  made: 'WebAssembly.Memory(): could not allocate memory',
  grown: 'WebAssembly.Memory.grow(): Unable to grow instance memory',
  instance: 'WebAssembly.Instance(): Out of memory: Cannot allocate Wasm memory for new instance',
};

/** Must run before anything else takes the classes of `WebAssembly`. */
export function chargeMemories(target: WasmNamespace, charges: Charges): void {
  const ledger = new Ledger(target.Memory.prototype, charges);
  const exportsOf = getter<object>(target.Instance.prototype, 'exports');
  const importsMemory = memoryImports(target.Module);
  chargeGrowth(target.Memory.prototype, ledger);
  replaceClass(target, 'Memory', (memory) => ledger.add(memory as Memory, TEXT.made));
  replaceClass(target, 'Module', (module, [source]) => noteDeclaredMemory(module, source as BufferSource));
  replaceClass(target, 'Instance', (instance, [module]) => {
    let hidden = declaredMemoryOf(module as object);
    // What it exports then is what it imports: charged where it was made, which may be in another thread.
    if (hidden === 0 && importsMemory(module as WebAssembly.Module)) return;
    const exported = exportsOf(instance);
    const names = ownKeys(exported);
    for (let i = 0; i < names.length; i++) {
      const value: unknown = getOwnPropertyDescriptor(exported, names[i] as string)?.value;
      if (!ledger.isNew(value)) continue;
      ledger.add(value, TEXT.instance);
      hidden -= ledger.lengthOf(value);
    }
    if (hidden > 0) ledger.charge(instance, hidden, TEXT.instance);
  });
}

/** The memories that live; there are no more than some hundred, for which the engine has addresses. */
class Ledger {
  readonly #prototype: Memory;
  readonly #charges: Charges;
  readonly #bufferOf: (memory: unknown) => ArrayBuffer | SharedArrayBuffer;
  readonly #plainLength = getter<number>(ArrayBuffer.prototype, 'byteLength');
  readonly #sharedLength = getter<number>(SharedArrayBuffer.prototype, 'byteLength');
  readonly #Shared = SharedArrayBuffer.prototype;
  readonly #Reference = WeakRef;
  readonly #deref = WeakRef.prototype.deref;
  #known: Entry | null = null;

  constructor(prototype: Memory, charges: Charges) {
    this.#prototype = prototype;
    this.#charges = charges;
    this.#bufferOf = getter(prototype, 'buffer');
  }

  lengthOf(memory: Memory): number {
    const buffer = this.#bufferOf(memory);
    return getPrototypeOf(buffer) === this.#Shared ? this.#sharedLength(buffer) : this.#plainLength(buffer);
  }

  /** RangeError with this text where nothing is left, also for what others have grown by. */
  add(memory: Memory, text: string): void {
    this.#chargeGrown(text);
    this.charge(memory, this.lengthOf(memory), text);
    this.#known = { reference: new this.#Reference(memory), next: this.#known };
  }

  /** What arrived from the thread that made it is charged there; here, what it is let grow by. */
  grow(memory: Memory, bytes: number): void {
    const before = this.isNew(memory) ? this.#charges.paid(memory) : this.lengthOf(memory);
    this.charge(memory, before + bytes, TEXT.grown);
  }

  charge(owner: object, bytes: number, text: string): void {
    if (!(bytes > this.#charges.paid(owner))) return;
    const charge = this.#take(bytes, text);
    if (charge) this.#charges.hold(owner, charge);
  }

  /** Whether it is a memory that was not made by its constructor, and is not exported by another instance. */
  isNew(value: unknown): value is Memory {
    if (typeof value !== 'object' || value === null || getPrototypeOf(value) !== this.#prototype) return false;
    for (let entry = this.#known; entry; entry = entry.next)
      if (apply(this.#deref, entry.reference, []) === value) return false;
    return true;
  }

  #chargeGrown(text: string): void {
    let last: Entry | null = null;
    for (let entry = this.#known; entry; entry = entry.next) {
      const memory = apply(this.#deref, entry.reference, []) as Memory | undefined;
      if (memory) {
        this.charge(memory, this.lengthOf(memory), text);
        last = entry;
      } else if (last) last.next = entry.next;
      else this.#known = entry.next;
    }
  }

  #take(bytes: number, text: string): ArrayBuffer | null {
    try {
      return this.#charges.take(bytes);
    } catch {
      // As the engine does it, which tells no more.
      throw new RangeError(text);
    }
  }
}

interface Entry {
  readonly reference: WeakRef<Memory>;
  next: Entry | null;
}

/** Whether a module imports memory. One that does has none of its own, but for the few that have several memories. */
function memoryImports(Module: typeof WebAssembly.Module): (module: WebAssembly.Module) => boolean {
  const { imports } = Module;
  return (module) => {
    const described = imports(module);
    for (let i = 0; i < described.length; i++) if (described[i]?.kind === 'memory') return true;
    return false;
  };
}

function chargeGrowth(prototype: Memory, ledger: Ledger): void {
  const { grow } = prototype;
  const { isPrototypeOf: isBehind } = Object.prototype;
  const isMemory = (value: unknown) => apply(isBehind, prototype, [value]);
  const { method } = {
    method(this: Memory, delta: unknown): number {
      // Once, as the program may look on; memories of 64 bits take a BigInt.
      const pages = typeof delta === 'bigint' ? delta : +(delta as number);
      if (isMemory(this) && pages <= MAX_PAGES) ledger.grow(this, Number(pages) * PAGE_BYTES);
      // What is no memory, or more than any has, it refuses in its own words.
      return apply(grow, this, [pages as number]);
    },
  };
  defineProperty(method, 'name', { value: 'grow' });
  noteFunctionText(method, 'function grow() { [native code] }');
  defineProperty(prototype, 'grow', { value: method });
}

function replaceClass(target: WasmNamespace, name: keyof WasmNamespace, made: Made): void {
  const native = target[name] as new (...args: unknown[]) => object;
  function Replacement(this: unknown, ...args: unknown[]): object {
    // It throws, as what is called without `new`.
    if (new.target === undefined) return apply(native, undefined, args);
    const result = construct(native, args, new.target === (Replacement as unknown) ? native : new.target);
    made(result, args);
    return result;
  }
  for (const key of ownKeys(native)) {
    defineProperty(Replacement, key, getOwnPropertyDescriptor(native, key) as PropertyDescriptor);
  }
  noteFunctionText(Replacement, `function ${name}() { [native code] }`);
  defineProperty(native.prototype, 'constructor', { value: Replacement });
  defineProperty(target, name, { value: Replacement });
}

function getter<Value>(prototype: object, name: string): (self: unknown) => Value {
  const get = getOwnPropertyDescriptor(prototype, name)?.get as () => Value;
  return (self) => apply(get, self, []);
}
