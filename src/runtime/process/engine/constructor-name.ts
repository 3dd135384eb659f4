const { stringify } = JSON;
const { defineProperty, getOwnPropertyDescriptor, isExtensible, keys } = Object;

/** The name of what made an object, as V8's `GetConstructorName` tells it. */
export function constructorName(value: unknown): string {
  for (let holder = value; holder !== null && holder !== undefined; holder = Object.getPrototypeOf(holder)) {
    const maker: unknown = getOwnPropertyDescriptor(holder, 'constructor')?.value;
    if (typeof maker === 'function' && maker.name !== '') return maker.name;
  }
  const tag = Object.prototype.toString.call(value).slice(8, -1) || 'Object';
  return (tag === 'Object' && nameInEngine(value as object)) || tag;
}

/**
 * The engine remembers what made an object whose prototype was taken away, and tells it to those who write a circle as JSON.
 * No code of the guest runs: the first property, which is made for this if need be, closes the circle.
 */
function nameInEngine(value: object): string | undefined {
  if ('toJSON' in value) return undefined;
  const [first] = keys(value);
  const isMade = first === undefined || getOwnPropertyDescriptor(value, first)?.get !== undefined;
  if (isMade && (!isExtensible(value) || getOwnPropertyDescriptor(value, '0') !== undefined)) return undefined;
  if (isMade) defineProperty(value, '0', { value: 0, enumerable: true, configurable: true });
  try {
    stringify(value, () => value);
    return undefined;
  } catch (error) {
    return /with constructor '([^\n]+)'/.exec((error as Error).message)?.[1];
  } finally {
    if (isMade) Reflect.deleteProperty(value, '0');
  }
}
