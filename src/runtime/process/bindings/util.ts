import type { BindingObject } from '../context.ts';
import type { CoreBindingFactory, ProcessCore } from '../core.ts';
import { constructorName } from '../engine/constructor-name.ts';
import { previewIterator } from '../engine/iterator-preview.ts';
import { installPromiseTracking } from '../engine/promise-state.ts';
import { beginAll } from '../files/operation.ts';
import { parseEnv } from '../options/parse-env.ts';

/** `internalBinding('util')`: what only the engine can tell of values, and small services. */
export const util: CoreBindingFactory = (core) => {
  const described = core.described('util');
  const constants = described['constants'] as Record<string, number>;
  const types = core.internalBinding('types');
  return {
    ...described,
    ...Object.fromEntries(Object.keys(described).flatMap((name) => (name in types ? [[name, types[name]]] : []))),
    privateSymbols: { ...core.privateSymbols },
    shouldAbortOnUncaughtToggle: Uint32Array.of(1),
    isArrayBufferView: ArrayBuffer.isView,
    isTypedArray: (value: unknown) => ArrayBuffer.isView(value) && !(value instanceof DataView),
    isUint8Array: (value: unknown) => value instanceof Uint8Array,
    isInsideNodeModules: (limit?: number, ifDeeper?: boolean) => isInsideNodeModules(core, limit, ifDeeper),
    arrayBufferViewHasBuffer: () => true,
    getExternalValue: () => 0n,
    getPromiseDetails: installPromiseTracking(constants, (promise) => core.asyncState.notePromise(promise)),
    getProxyDetails: (value: unknown, whole = true) => proxyDetails(core, value, whole),
    previewEntries: (value: unknown, withKind?: boolean) => previewEntries(types, value, withKind),
    getOwnNonIndexProperties: (value: object, filter: number) => ownNonIndexProperties(value, filter, constants),
    getConstructorName: constructorName,
    ...callSiteFunctions(core),
    sleep: (ms: number) => {
      beginAll(core);
      wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
    },
    parseEnv,
    guessHandleType: (fd: number) => HANDLE_TYPES.indexOf(guessHandleType(core, fd)),
    // V8's lazy properties look like properties with a value from the beginning; so do these where the value is at hand.
    defineLazyProperties: (target: object, id: string, names: string[], enumerable = true) => {
      const loaded = (core.process.moduleLoadList as readonly string[]).includes(`NativeModule ${id}`);
      const define = loaded ? defineProperty : defineLazyProperty;
      for (const name of names) define(core, target, { id, name, enumerable });
    },
    WeakReference,
  };
};

/** The engine's own: a program's is another one, or what it has put there. */
const { wait } = Atomics;
const LONG_VIEW = 1 << 20;

const HANDLE_TYPES = ['TCP', 'TTY', 'UDP', 'FILE', 'PIPE', 'UNKNOWN', 'INVALID'] as const;

export function guessHandleType(core: ProcessCore, fd: number): (typeof HANDLE_TYPES)[number] {
  try {
    switch (core.sys.call('descriptorKind', fd)) {
      case 'tty':
        return 'TTY';
      case 'file':
      case 'null':
        return 'FILE';
      case 'pipe':
        return 'PIPE';
      case 'socket':
      case 'listener':
        return core.sys.call('endpoints', fd).local === null ? 'PIPE' : 'TCP';
      default:
        return 'UNKNOWN';
    }
  } catch (error) {
    if ((error as { code?: unknown }).code === 'EBADF') return 'INVALID';
    throw error;
  }
}

function proxyDetails(core: ProcessCore, value: unknown, whole: boolean): unknown {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return undefined;
  const details = core.proxies.get(value);
  if (details === undefined) return undefined;
  return whole ? [...details] : details[0];
}

/** The entries of a collection, and what an iterator of one has yet to give. */
function previewEntries(types: BindingObject, value: unknown, withKind?: boolean): unknown {
  const is = (name: string) => (types[name] as (value: unknown) => boolean)(value);
  const isMap = is('isMap');
  let entries: unknown[] = [];
  let isKeyValue = isMap;
  if (isMap) Map.prototype.forEach.call(value, (item, key) => entries.push(key, item));
  else if (is('isSet')) Set.prototype.forEach.call(value, (item) => entries.push(item));
  else if (is('isMapIterator')) [entries, isKeyValue] = previewIterator(value as object, 'map');
  else if (is('isSetIterator')) [entries, isKeyValue] = previewIterator(value as object, 'set');
  return withKind ? [entries, isKeyValue] : entries;
}

function ownNonIndexProperties(value: object, filter: number, constants: Record<string, number>): PropertyKey[] {
  const skipsSymbols = filter & (constants['SKIP_SYMBOLS'] ?? 0);
  const onlyEnumerable = filter & (constants['ONLY_ENUMERABLE'] ?? 0);
  const names = isLongView(value) ? [] : onlyEnumerable ? Object.keys(value) : Object.getOwnPropertyNames(value);
  // The indices come first, and there may be millions: only the names behind them are looked at.
  let start = names.length;
  while (start > 0 && !isIndex(names[start - 1] ?? '')) start--;
  const keys: PropertyKey[] = names.slice(start);
  if (skipsSymbols) return keys;
  const symbols = Object.getOwnPropertySymbols(value);
  if (!onlyEnumerable) return [...keys, ...symbols];
  return [...keys, ...symbols.filter((key) => Reflect.getOwnPropertyDescriptor(value, key)?.enumerable)];
}

/** The names of its millions of indices would take seconds, for names that hardly any has. */
const isLongView = (value: object): boolean =>
  ArrayBuffer.isView(value) && !(value instanceof DataView) && value.byteLength >= LONG_VIEW;

const isIndex = (key: string): boolean => /^(0|[1-9]\d{0,9})$/.test(key) && Number(key) < 2 ** 32 - 1;

const FRAMES = 10;

/** Whether a frame of the running code lies in a package; `ifDeeper` when there are `limit` frames or more. */
function isInsideNodeModules(core: ProcessCore, limit = FRAMES, ifDeeper?: boolean): boolean | undefined {
  // Frames cost, and few often tell: `url.parse` asks at each call.
  if (ifDeeper && limit > FRAMES && hasPackage(core.callSites.current(FRAMES))) return true;
  const sites = core.callSites.current(limit);
  return sites.length >= limit ? ifDeeper : hasPackage(sites);
}

function hasPackage(sites: readonly NodeJS.CallSite[]): boolean {
  for (const site of sites) {
    const name = site.getScriptNameOrSourceURL();
    if (name && !name.startsWith('node:') && /[/\\]node_modules[/\\]/.test(name)) return true;
  }
  return false;
}

function callSiteFunctions(core: ProcessCore): BindingObject {
  return {
    /** Line, column and file of the caller's caller. */
    getCallerLocation() {
      const place = core.callSites.callerPlace();
      return place && [place.line, place.column, place.file];
    },
    getCallSites: (count: number) =>
      core.callSites
        .current(Math.trunc(count) + 1)
        .slice(1)
        .map((site) => ({
          functionName: site.getFunctionName() ?? '',
          scriptId: '0',
          scriptName: site.getScriptNameOrSourceURL() ?? '',
          lineNumber: site.getLineNumber(),
          columnNumber: site.getColumnNumber(),
          column: site.getColumnNumber(),
        })),
  };
}

/** What a module exports as `name`. */
interface ExportedProperty {
  id: string;
  name: string;
  enumerable: boolean;
}

function defineProperty(core: ProcessCore, target: object, { id, name, enumerable }: ExportedProperty): unknown {
  const value = core.require(id)[name];
  Object.defineProperty(target, name, { value, writable: true, configurable: true, enumerable });
  return value;
}

function defineLazyProperty(core: ProcessCore, target: object, property: ExportedProperty): void {
  const { name, enumerable } = property;
  const get = () => defineProperty(core, target, property);
  const set = (value: unknown) =>
    void Object.defineProperty(target, name, { value, writable: true, configurable: true, enumerable });
  Object.defineProperty(get, 'name', { value: name });
  Object.defineProperty(set, 'name', { value: name });
  Object.defineProperty(target, name, { get, set, configurable: true, enumerable });
}

/** Node's own weak reference, which can be made strong for a while. */
class WeakReference {
  readonly #weak: WeakRef<object>;
  #strong: object | null = null;
  #count = 0;
  constructor(target: object) {
    this.#weak = new WeakRef(target);
  }
  get(): object | undefined {
    return this.#weak.deref();
  }
  incRef(): void {
    if (++this.#count === 1) this.#strong = this.#weak.deref() ?? null;
  }
  decRef(): void {
    if (--this.#count === 0) this.#strong = null;
    void this.#strong;
  }
}
