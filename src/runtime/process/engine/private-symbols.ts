/**
 * V8's private symbols, as symbols whose values live in WeakMaps: an accessor on Object.prototype, so that they never are an
 * own key of anything.
 */
import { isObject } from './is-object.ts';

export function installPrivateSymbols(names: Readonly<Record<string, string>>): Record<string, symbol> {
  const symbols: Record<string, symbol> = {};
  for (const [property, description] of Object.entries(names)) {
    const symbol = Symbol(description);
    const values = new WeakMap<object, unknown>();
    Object.defineProperty(Object.prototype, symbol, {
      configurable: false,
      enumerable: false,
      get(this: unknown) {
        return isObject(this) ? values.get(this) : undefined;
      },
      set(this: unknown, value: unknown) {
        if (isObject(this)) values.set(this, value);
      },
    });
    symbols[property] = symbol;
  }
  return symbols;
}
