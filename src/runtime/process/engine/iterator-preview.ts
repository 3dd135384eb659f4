/**
 * What a Map's or Set's iterator still has to give, for `util.inspect` and `console.table`. JavaScript can see it only by taking
 * it out: it is kept, and given by a `next` of the iterator's own from then on.
 */
type Next = (this: unknown) => IteratorResult<unknown>;

const nextOf = (iterator: object): Next => Reflect.get(Reflect.getPrototypeOf(iterator) ?? {}, 'next') as Next;
const mapNext = nextOf(new Map().entries());
const setNext = nextOf(new Set().entries());

interface Rest {
  readonly items: unknown[];
  readonly isKeyValue: boolean;
}

const kept = new WeakMap<object, Rest>();

/** The items to come in their order, and whether each is an entry, flattened to its key and its value. */
export function previewIterator(iterator: object, of: 'map' | 'set'): [items: unknown[], isKeyValue: boolean] {
  const { items, isKeyValue } = kept.get(iterator) ?? take(iterator, of);
  return [isKeyValue ? items.flat(1) : [...items], isKeyValue];
}

function take(iterator: object, of: 'map' | 'set'): Rest {
  const next = of === 'map' ? mapNext : setNext;
  const items: unknown[] = [];
  for (let result = next.call(iterator); !result.done; result = next.call(iterator)) items.push(result.value);
  const rest = { items, isKeyValue: areEntries(items, of) };
  if (items.length === 0) return rest;
  kept.set(iterator, rest);
  const value = function next(this: unknown) {
    if (this !== iterator) return nextOf(iterator).call(this);
    return items.length > 0 ? { value: items.shift(), done: false } : { value: undefined, done: true };
  };
  Object.defineProperty(iterator, 'next', { value, configurable: true, writable: true, enumerable: false });
  return rest;
}

/** Nothing tells `entries()` from `values()` but what comes: pairs with keys that differ. */
function areEntries(items: readonly unknown[], of: 'map' | 'set'): boolean {
  const arePairs = items.every(
    (item) => Array.isArray(item) && item.length === 2 && (of === 'map' || Object.is(item[0], item[1])),
  );
  return arePairs && items.length > 0 && new Set(items.map((item) => (item as unknown[])[0])).size === items.length;
}
