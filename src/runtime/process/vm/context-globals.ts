/** The global object of a `vm` context: the language's own globals, under the properties of the object that was made one. */
import type { ProcessContext } from '../context.ts';
import { createEngineConsole } from '../engine/engine-console.ts';
import { defineGc, exposesGc } from '../options/collector.ts';
import { ownDescriptor } from '../own-descriptor.ts';

export type ContextObject = Record<PropertyKey, unknown>;

/** In V8's order. */
const LANGUAGE_GLOBALS = (
  'Object Function Array Number parseFloat parseInt Infinity NaN undefined Boolean String Symbol Date Promise RegExp Error ' +
  'AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError globalThis JSON Math Intl ArrayBuffer ' +
  'Atomics Uint8Array Int8Array Uint16Array Int16Array Uint32Array Int32Array BigUint64Array BigInt64Array ' +
  'Uint8ClampedArray Float32Array Float64Array DataView Map BigInt Set Iterator WeakMap WeakSet Proxy Reflect ' +
  'FinalizationRegistry WeakRef decodeURI decodeURIComponent encodeURI encodeURIComponent escape unescape eval isFinite ' +
  'isNaN console SuppressedError DisposableStack AsyncDisposableStack Float16Array SharedArrayBuffer WebAssembly'
).split(' ');
const CONSTANTS = new Set(['Infinity', 'NaN', 'undefined']);

/** What stands in the context for functions that compile: they would work in the process's own global scope. */
export interface OwnFunctions {
  eval: unknown;
  Function: unknown;
}

/** A new global object. Its built-in objects are those of the process: a Worker has no second realm to give. */
export function createGlobals(context: ProcessContext, own: OwnFunctions): ContextObject {
  const globals: ContextObject = {};
  const values: Record<string, unknown> = { ...own, globalThis: globals, console: createEngineConsole() };
  for (const name of LANGUAGE_GLOBALS) {
    if (!(name in values) && !(name in context.global)) continue;
    const value = name in values ? values[name] : context.global[name];
    const writable = !CONSTANTS.has(name);
    Object.defineProperty(globals, name, { value, writable, enumerable: false, configurable: true });
  }
  if (exposesGc(context)) defineGc(globals);
  return globals;
}

interface LayersOptions {
  ProxyConstructor: ProxyConstructor;
  /** Without an object of its own the globals are all there is. */
  object: ContextObject | undefined;
  globals: ContextObject;
  /** Whether what defines a property now throws when it may not. */
  throwsWhenRefused(): boolean;
}

const cannotRedefine = (key: PropertyKey): TypeError => new TypeError(`Cannot redefine property: ${String(key)}`);

/** `Object.defineProperty` throws where `Reflect.defineProperty` gives false. `caller` is what defines. */
export const throwsWhenRefused = (caller: NodeJS.CallSite | undefined): boolean =>
  caller !== undefined && !caller.getScriptNameOrSourceURL() && !String(caller).startsWith('Reflect.');

const isReadOnly = (object: ContextObject, key: PropertyKey): boolean =>
  Reflect.getOwnPropertyDescriptor(object, key)?.writable === false;

/** An array index, as a property's name. */
const isIndex = (key: PropertyKey): key is string => typeof key === 'string' && /^(?:0|[1-9]\d{0,9})$/.test(key);

/** The two layers as one: properties of the contextified object, then the globals below. */
export class Layers {
  readonly object: ContextObject;
  readonly globals: ContextObject;
  /** What `globalThis` is. */
  readonly global: ContextObject;
  readonly #declared = new Set<PropertyKey>();
  readonly #definedWithin = new Set<PropertyKey>();

  constructor({ ProxyConstructor, object, globals, throwsWhenRefused }: LayersOptions) {
    this.object = object ?? globals;
    this.globals = globals;
    const handler = new GlobalHandler(this, throwsWhenRefused);
    this.global = object === undefined ? globals : new ProxyConstructor(globals, handler);
    globals['globalThis'] = this.global;
  }

  has(key: PropertyKey): boolean {
    return key in this.object || key in this.globals;
  }

  get(key: PropertyKey): unknown {
    if (!(key in this.object)) return this.globals[key];
    const value = this.object[key];
    return value === this.object ? this.global : value;
  }

  /** Declares a variable, which cannot be deleted. The object gets it with its first value. */
  declare(name: string): void {
    this.#declared.add(name);
    if (!this.has(name)) this.globals[name] = undefined;
  }

  /** Why strict code may not assign to a name, in V8's words; null where it may. */
  refusal(key: PropertyKey): TypeError | null {
    const isOwn = Object.hasOwn(this.object, key);
    if (!isReadOnly(isOwn ? this.object : this.globals, key)) return null;
    if (isOwn && !this.#definedWithin.has(key)) return cannotRedefine(key);
    return new TypeError(`Cannot assign to read only property '${String(key)}' of object '[object Object]'`);
  }

  /** A script has defined it as a property of `globalThis`. */
  noteDefinition(key: PropertyKey): void {
    this.#definedWithin.add(key);
  }

  /** Writes to both layers, as Node does; what cannot be written stays as it is, without a word. */
  set(key: PropertyKey, value: unknown): void {
    if (!(key in this.object) && isReadOnly(this.globals, key)) return;
    const own = Reflect.getOwnPropertyDescriptor(this.object, key);
    Reflect.set(this.object, key, value);
    if (this.object !== this.globals && own?.set === undefined) Reflect.set(this.globals, key, value);
  }

  delete(key: PropertyKey): boolean {
    if (!Reflect.deleteProperty(this.object, key) || this.#declared.has(key)) return false;
    return this.object === this.globals || Reflect.deleteProperty(this.globals, key);
  }
}

/** `globalThis` of a context: what is written goes to the contextified object. */
class GlobalHandler implements ProxyHandler<ContextObject> {
  readonly #layers: Layers;
  readonly #throwsWhenRefused: () => boolean;

  constructor(layers: Layers, throwsWhenRefused: () => boolean) {
    this.#layers = layers;
    this.#throwsWhenRefused = throwsWhenRefused;
  }

  has(_: ContextObject, key: PropertyKey): boolean {
    return this.#layers.has(key);
  }

  get(_: ContextObject, key: PropertyKey): unknown {
    return this.#layers.get(key);
  }

  set(_: ContextObject, key: PropertyKey, value: unknown): boolean {
    // Whether strict code assigns, no trap can tell: there the engine throws in words of its own.
    if (this.#layers.refusal(key)) return false;
    this.#layers.set(key, value);
    return true;
  }

  deleteProperty(_: ContextObject, key: PropertyKey): boolean {
    return this.#layers.delete(key);
  }

  defineProperty(target: ContextObject, key: PropertyKey, descriptor: PropertyDescriptor): boolean {
    if (!Reflect.defineProperty(this.#layers.object, key, descriptor)) {
      if (this.#throwsWhenRefused()) throw cannotRedefine(key);
      return false;
    }
    // A proxy may not say of a property that its target has not that it cannot be configured.
    this.#layers.noteDefinition(key);
    const defined = Reflect.getOwnPropertyDescriptor(this.#layers.object, key);
    return defined?.configurable === false ? Reflect.defineProperty(target, key, defined) : true;
  }

  getOwnPropertyDescriptor(target: ContextObject, key: PropertyKey): PropertyDescriptor | undefined {
    const descriptor = ownDescriptor(this.#layers.object, key);
    if (!descriptor) return ownDescriptor(target, key);
    // A proxy may say that a property cannot be configured only when its target has it so.
    if (!descriptor.configurable && !Reflect.defineProperty(target, key, descriptor)) descriptor.configurable = true;
    return descriptor;
  }

  ownKeys(target: ContextObject): (string | symbol)[] {
    const own = Reflect.ownKeys(this.#layers.object);
    const keys = [...new Set([...Reflect.ownKeys(target), ...own])];
    // Indices come first, as of every object.
    const indices = own.some(isIndex) ? keys.filter(isIndex).sort((one, other) => Number(one) - Number(other)) : [];
    return indices.length === 0 ? keys : [...indices, ...keys.filter((key) => !isIndex(key))];
  }
}
