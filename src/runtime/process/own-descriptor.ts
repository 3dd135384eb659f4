// The guest may replace them.
const { getOwnPropertyDescriptor, setPrototypeOf } = Reflect;

/** The descriptor of an own property, as a proxy must give it: what the guest defines on Object.prototype is no part of it. */
export function ownDescriptor(object: object, key: PropertyKey): PropertyDescriptor | undefined {
  const descriptor = getOwnPropertyDescriptor(object, key);
  if (descriptor) setPrototypeOf(descriptor, null);
  return descriptor;
}
