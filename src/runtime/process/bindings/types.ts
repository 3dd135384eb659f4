import type { BindingFactory } from '../context.ts';
import type { CoreBindingFactory, ProcessCore } from '../core.ts';
import { isNamespace } from '../modules/namespace.ts';

type Check = (value: unknown) => boolean;

/** `internalBinding('types')`: brands that C++ reads directly, found by methods that throw on the wrong receiver. */
export const types: CoreBindingFactory = (core) => {
  const brands = brandChecks();
  const others = otherChecks(core);
  const either =
    (...names: string[]): Check =>
    (value) =>
      names.some((name) => ({ ...brands, ...others })[name]?.(value));
  return {
    ...core.described('types'),
    ...brands,
    ...others,
    isAnyArrayBuffer: either('isArrayBuffer', 'isSharedArrayBuffer'),
    isBoxedPrimitive: (value: unknown) =>
      isObject(value) &&
      (brands['isNumberObject']?.(value) ||
        brands['isStringObject']?.(value) ||
        brands['isBooleanObject']?.(value) ||
        brands['isBigIntObject']?.(value) ||
        brands['isSymbolObject']?.(value) ||
        false),
  } satisfies ReturnType<BindingFactory>;
};

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

function getterOf(prototype: object, name: PropertyKey): () => unknown {
  const getter = Object.getOwnPropertyDescriptor(prototype, name)?.get;
  if (getter === undefined) throw new Error(`${String(name)} is no getter`);
  return getter;
}

/** True for objects on which the function does not throw. */
function accepts(method: (...args: never[]) => unknown, ...args: unknown[]): Check {
  return (value) => {
    if (!isObject(value)) return false;
    try {
      method.apply(value, args as never[]);
      return true;
    } catch {
      return false;
    }
  };
}

function brandChecks(): Record<string, Check> {
  return {
    isDate: accepts(Date.prototype.getTime),
    isBigIntObject: accepts(BigInt.prototype.valueOf),
    isBooleanObject: accepts(Boolean.prototype.valueOf),
    isNumberObject: accepts(Number.prototype.valueOf),
    isStringObject: accepts(String.prototype.valueOf),
    isSymbolObject: accepts(Symbol.prototype.valueOf),
    isMap: accepts(getterOf(Map.prototype, 'size')),
    isSet: accepts(getterOf(Set.prototype, 'size')),
    isWeakMap: accepts(WeakMap.prototype.has, {}),
    isWeakSet: accepts(WeakSet.prototype.has, {}),
    isArrayBuffer: accepts(getterOf(ArrayBuffer.prototype, 'byteLength')),
    isSharedArrayBuffer: accepts(getterOf(SharedArrayBuffer.prototype, 'byteLength')),
    isDataView: accepts(getterOf(DataView.prototype, 'buffer')),
  };
}

const tagOf = (value: unknown): string => Object.prototype.toString.call(value);

function otherChecks(core: ProcessCore): Record<string, Check> {
  const isProxy = (value: unknown) => isReference(value) && core.proxies.has(value);
  const isRegExp = accepts(getterOf(RegExp.prototype, 'source'));
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
