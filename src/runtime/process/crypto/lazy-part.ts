/** The optional parts `crypto` and `hash`, of which each process has one: they are loaded at the first use. */
import type { ProcessContext } from '../context.ts';
import { bytesOf, isBytes } from '../streams/text.ts';

export interface LazyPart {
  isLoaded(): boolean;
  /** What the part exports by this name; loads it at the first use. */
  get(name: string): unknown;
}

/** The base of the library's KeyObject, which keeps its handle itself. */
export class NativeKeyObject {
  constructor(handle: object) {
    handles.set(this, handle);
  }
}
const handles = new WeakMap<object, object>();
/** The handle of a KeyObject; anything else is what it is. */
export const handleOf = (key: unknown): unknown => (typeof key === 'object' && key !== null && handles.get(key)) || key;

type PartOf = (context: ProcessContext) => LazyPart;

export const cryptoPartOf: PartOf = lazyPart((context) =>
  (context.loadPart('crypto') as typeof import('./part.ts')).cryptoPart(context, handleOf),
);

/** Digests alone: a tenth of `crypto`. */
export const hashPartOf: PartOf = lazyPart((context) => {
  // A handle is one of the other part's.
  const secretOf = (key: unknown): Uint8Array =>
    isBytes(key) ? bytesOf(key) : (cryptoPartOf(context).get('secretOf') as typeof bytesOf)(key);
  return (context.loadPart('hash') as typeof import('./hashes/part.ts')).hashPart(context, secretOf);
});

/** A part of which each process has one; its exports are made when one of them is first asked for. */
export function lazyPart(load: (context: ProcessContext) => Record<string, unknown>): PartOf {
  const parts = new WeakMap<ProcessContext, LazyPart>();
  return (context) => {
    let part = parts.get(context);
    if (part === undefined) {
      let loaded: Record<string, unknown> | null = null;
      part = {
        isLoaded: () => loaded !== null,
        get(name) {
          loaded ??= load(context);
          return loaded[name];
        },
      };
      parts.set(context, part);
    }
    return part;
  };
}

type Constructor = new (...args: unknown[]) => object;

/** A class that becomes that of the part at its first use. */
export function deferredClass(part: LazyPart, name: string): Constructor {
  const stand = {
    // A computed name: the class is called what the binding calls it.
    [name]: function (this: unknown, ...args: unknown[]): object {
      return Reflect.construct(part.get(name) as Constructor, args);
    },
  }[name] as unknown as Constructor;
  Object.defineProperty(stand, Symbol.hasInstance, {
    value: (value: unknown) => part.isLoaded() && value instanceof (part.get(name) as Constructor),
  });
  return stand;
}

/** Functions that are those of the part; the names with spaces between them. */
export function deferredFunctions(part: LazyPart, names: string): Record<string, unknown> {
  const functions: Record<string, unknown> = {};
  for (const name of names.split(' ')) {
    functions[name] = (...args: unknown[]) => (part.get(name) as (...args: unknown[]) => unknown)(...args);
  }
  return functions;
}
