import type { BindingFactory } from '../context.ts';
import type { CoreBindingFactory, ProcessCore } from '../core.ts';
import { isNamespace } from '../modules/namespace.ts';

type Check = (value: unknown) => boolean;

/** `internalBinding('types')`: brands that C++ reads directly, found by methods that throw on the wrong receiver. */
export const types: CoreBindingFactory = (core) => {
  const brands = brandChecks(core.proxies);
  const checks = {
    ...brands,
    ...otherChecks(core),
    isAnyArrayBuffer: either(brands.isArrayBuffer, brands.isSharedArrayBuffer),
    isBoxedPrimitive: either(
      brands.isNumberObject,
      brands.isStringObject,
      brands.isBooleanObject,
      brands.isBigIntObject,
      brands.isSymbolObject,
    ),
  };
  for (const check of Object.values(checks)) Object.defineProperties(check, NATIVE);
  return { ...core.described('types'), ...checks } satisfies ReturnType<BindingFactory>;
};

/** What the functions of C++ say of themselves. */
const NATIVE = { name: { value: '' }, length: { value: 0 } };

const either =
  (...checks: Check[]): Check =>
  (value) => {
    if (!isObject(value)) return false;
    for (let i = 0; i < checks.length; i++) if (checks[i]?.(value)) return true;
    return false;
  };

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

function getterOf(prototype: object, name: PropertyKey): () => unknown {
  const getter = Object.getOwnPropertyDescriptor(prototype, name)?.get;
  if (getter === undefined) throw new Error(`${String(name)} is no getter`);
  return getter;
}

/** What tells proxies from other objects. */
type Proxies = Pick<ProcessCore['proxies'], 'has'>;

interface Brand {
  /** That of all objects with the brand, unless somebody has given them another one. */
  readonly prototype: object;
  readonly method: (...args: never[]) => unknown;
  readonly args?: unknown[];
}

// The guest may replace them.
const { getPrototypeOf, prototype: OBJECT } = Object;
const { isArray } = Array;
const { isView } = ArrayBuffer;
const { prototype: DATA_VIEW } = DataView;

/**
 * False when the object certainly has no brand of this prototype. To throw and to catch costs a hundred times as much, and most of
 * what is asked about is plain: where the prototypes end as those of a plain object do, the brand's is among them.
 */
function mayBe(value: object, brand: object, proxies: Proxies): boolean {
  if (isArray(value) || proxies.has(value)) return false;
  if (isView(value)) return brand === DATA_VIEW;
  for (let at: unknown = getPrototypeOf(value); at !== null; at = getPrototypeOf(at)) {
    if (at === OBJECT) return false;
    if (at === brand || proxies.has(at as object)) return true;
  }
  return true;
}

/** True for objects on which the method does not throw. */
function accepts(proxies: Proxies, { prototype, method, args = [] }: Brand): Check {
  return (value) => {
    if (!isObject(value) || !mayBe(value, prototype, proxies)) return false;
    try {
      method.apply(value, args as never[]);
      return true;
    } catch {
      return false;
    }
  };
}

function brandChecks(proxies: Proxies) {
  const has = (prototype: object, method: Brand['method'], ...args: unknown[]) =>
    accepts(proxies, { prototype, method, args });
  const hasGetter = (prototype: object, name: PropertyKey) => has(prototype, getterOf(prototype, name));
  return {
    isDate: has(Date.prototype, Date.prototype.getTime),
    isBigIntObject: has(BigInt.prototype, BigInt.prototype.valueOf),
    isBooleanObject: has(Boolean.prototype, Boolean.prototype.valueOf),
    isNumberObject: has(Number.prototype, Number.prototype.valueOf),
    isStringObject: has(String.prototype, String.prototype.valueOf),
    isSymbolObject: has(Symbol.prototype, Symbol.prototype.valueOf),
    isMap: hasGetter(Map.prototype, 'size'),
    isSet: hasGetter(Set.prototype, 'size'),
    isWeakMap: has(WeakMap.prototype, WeakMap.prototype.has, {}),
    isWeakSet: has(WeakSet.prototype, WeakSet.prototype.has, {}),
    isArrayBuffer: hasGetter(ArrayBuffer.prototype, 'byteLength'),
    isSharedArrayBuffer: hasGetter(SharedArrayBuffer.prototype, 'byteLength'),
    isDataView: hasGetter(DataView.prototype, 'buffer'),
  };
}

const tagOf = (value: unknown): string => Object.prototype.toString.call(value);

function otherChecks(core: ProcessCore): Record<string, Check> {
  const isProxy = (value: unknown) => isReference(value) && core.proxies.has(value);
  const source = getterOf(RegExp.prototype, 'source');
  const isRegExp = accepts(core.proxies, { prototype: RegExp.prototype, method: source });
  // Asking a proxy for its prototype or tag would run its traps.
  const plainly =
    (check: (value: object) => boolean): Check =>
    (value) =>
      isObject(value) && !core.proxies.has(value) && check(value);
  return {
    isProxy,
    isExternal: () => false,
    isModuleNamespaceObject: isNamespace,
    isNativeError: plainly((value) => isError(value)),
    isRegExp: (value) => value !== RegExp.prototype && isRegExp(value),
    isArgumentsObject: plainly(
      (value) => !Object.hasOwn(value, Symbol.toStringTag) && tagOf(value) === '[object Arguments]',
    ),
    isPromise: plainly((value) => inherits(value, Promise.prototype)),
    isGeneratorObject: plainly((value) => /^\[object (Async)?Generator\]$/.test(tagOf(value))),
    isMapIterator: plainly((value) => inherits(value, MAP_ITERATOR) && tagOf(value) === '[object Map Iterator]'),
    isSetIterator: plainly((value) => inherits(value, SET_ITERATOR) && tagOf(value) === '[object Set Iterator]'),
    isAsyncFunction: (value) => isFunctionOf(value, ASYNC_FUNCTIONS, /^(async[\s*(]|static async )/),
    isGeneratorFunction: (value) =>
      isFunctionOf(value, GENERATOR_FUNCTIONS, /^(static )?(async\s*)?(function\s*\*|\*)/),
  };
}

const MAP_ITERATOR: object = Object.getPrototypeOf(new Map()[Symbol.iterator]());
const SET_ITERATOR: object = Object.getPrototypeOf(new Set()[Symbol.iterator]());
const ASYNC: object = Object.getPrototypeOf(async () => undefined);
const GENERATOR: object = Object.getPrototypeOf(function* () {
  yield;
});
const ASYNC_GENERATOR: object = Object.getPrototypeOf(async function* () {
  yield;
});
const ASYNC_FUNCTIONS = [ASYNC, ASYNC_GENERATOR];
const GENERATOR_FUNCTIONS = [GENERATOR, ASYNC_GENERATOR];

const isReference = (value: unknown): value is object => isObject(value) || typeof value === 'function';

function isError(value: object): boolean {
  const { isError: nativeCheck } = Error as { isError?: (value: unknown) => boolean };
  return nativeCheck ? nativeCheck(value) : value instanceof Error;
}

function inherits(value: object, prototype: object): boolean {
  return Object.prototype.isPrototypeOf.call(prototype, value);
}

function isFunctionOf(value: unknown, prototypes: readonly object[], text: RegExp): boolean {
  if (typeof value !== 'function') return false;
  if (prototypes.includes(Object.getPrototypeOf(value) as object)) return true;
  return text.test(Function.prototype.toString.call(value));
}
