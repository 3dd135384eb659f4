/** Makes real values of what the build step described of the native bindings. */
import type { BindingDescription, BindingObject, DescribedValue } from '../context.ts';

type SymbolSource = (name: string) => symbol;

/** The value of constants, tables and typed arrays; functions and what cannot be described are undefined. */
export function materialize(described: DescribedValue | undefined): unknown {
  if (typeof described !== 'object') return described;
  switch (described.type) {
    case 'undefined':
    case 'function':
    case 'symbol':
      return undefined;
    case 'null':
      return null;
    case 'number':
      return Number(described.value);
    case 'bigint':
      return BigInt(described.value);
    case 'array':
      return described.value.map(materialize);
    case 'map':
      return new Map(described.value.map(([key, value]) => [materialize(key), materialize(value)]));
    case 'typed-array':
      return typedArray(described);
    case 'object': {
      const object: Record<string, unknown> = Object.create(described.nullPrototype ? null : Object.prototype);
      for (const [key, value] of Object.entries(described.value)) object[key] = materialize(value);
      return object;
    }
  }
}

const TYPED_ARRAYS = {
  Uint8Array,
  Int8Array,
  Uint16Array,
  Int16Array,
  Uint32Array,
  Int32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
};

function typedArray(described: Extract<DescribedValue, { type: 'typed-array' }>): unknown {
  const array = new TYPED_ARRAYS[described.constructor as keyof typeof TYPED_ARRAYS](described.length);
  described.value?.forEach((text, index) => {
    array[index] = array instanceof BigInt64Array || array instanceof BigUint64Array ? BigInt(text) : Number(text);
  });
  return array;
}

/** A whole binding: what is described gets its value, each function becomes one that throws and names itself. */
export function materializeBinding(
  name: string,
  described: BindingDescription,
  symbolFor: SymbolSource,
): BindingObject {
  const binding: BindingObject = {};
  for (const [key, value] of Object.entries(described)) {
    if (typeof value !== 'object') binding[key] = value;
    else if (value.type === 'function') binding[key] = missingFunction(`${name}.${key}`, value);
    else if (value.type === 'symbol') binding[key] = symbolFor(value.value);
    else binding[key] = materialize(value);
  }
  return binding;
}

function missingFunction(path: string, described: Extract<DescribedValue, { type: 'function' }>): unknown {
  const missing = function (this: unknown): never {
    throw new Error(`This sandbox does not have ${path} yet.`);
  };
  Object.defineProperty(missing, 'name', { value: described.name });
  for (const method of described.prototype ?? []) {
    Object.defineProperty(missing.prototype, method, {
      configurable: true,
      writable: true,
      value: () => {
        throw new Error(`This sandbox does not have ${path}.prototype.${method} yet.`);
      },
    });
  }
  return missing;
}
