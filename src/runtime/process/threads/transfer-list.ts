/** The second argument of postMessage, read as Node's C++ reads it. */
import { isObject } from '../engine/is-object.ts';

/** The transfer list, or null with what is wrong with it. */
export type TransferArgument = { list: unknown[] } | { wrong: string };

export function readTransferArgument(options: unknown): TransferArgument {
  if (options === undefined || options === null) return { list: [] };
  if (typeof options !== 'object' && typeof options !== 'function') {
    return { wrong: 'Optional transferList argument must be an iterable' };
  }
  const direct = readIterable(options);
  if (direct) return { list: direct };
  const transfer: unknown = Reflect.get(options, 'transfer');
  if (transfer === undefined) return { list: [] };
  const nested = isObject(transfer) ? readIterable(transfer) : null;
  return nested ? { list: nested } : { wrong: 'Optional options.transfer argument must be an iterable' };
}

/** Null when it is not iterable in the full sense. What its methods throw is thrown. */
function readIterable(value: object): unknown[] | null {
  const method: unknown = Reflect.get(value, Symbol.iterator);
  if (typeof method !== 'function') return null;
  const iterator: unknown = method.call(value);
  if (!isObject(iterator)) return null;
  const next: unknown = Reflect.get(iterator, 'next');
  if (typeof next !== 'function') return null;
  const items: unknown[] = [];
  for (;;) {
    const result: unknown = next.call(iterator);
    if (!isObject(result)) return null;
    if (Reflect.get(result, 'done')) return items;
    items.push(Reflect.get(result, 'value'));
  }
}
