/** Module namespace objects. */
import { ownDescriptor } from '../own-descriptor.ts';

const namespaces = new WeakSet<object>();

/** Whether the value is a namespace that {@link createNamespace} made. */
export const isNamespace = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && namespaces.has(value);

/**
 * A namespace over the accessors of `names`, as the specification describes it: sorted keys, not extensible, its
 * properties look like writable data and cannot be written. Made with the Proxy of before the guest could replace it.
 */
export function createNamespace(names: object, ProxyConstructor: ProxyConstructor): object {
  const read = names as Record<string, unknown>;
  const target: Record<PropertyKey, unknown> = Object.create(null);
  for (const name of Object.keys(names).sort()) {
    Object.defineProperty(target, name, { value: undefined, writable: true, enumerable: true, configurable: false });
  }
  Object.defineProperty(target, Symbol.toStringTag, { value: 'Module' });
  Object.preventExtensions(target);
  const isExport = (key: PropertyKey): key is string => typeof key === 'string' && Object.hasOwn(target, key);
  const namespace = new ProxyConstructor(target, {
    get: (_, key) => (isExport(key) ? read[key] : target[key]),
    set: () => false,
    getOwnPropertyDescriptor(_, key) {
      if (!isExport(key)) return ownDescriptor(target, key);
      return {
        __proto__: null,
        value: read[key],
        writable: true,
        enumerable: true,
        configurable: false,
      } as PropertyDescriptor;
    },
    defineProperty(_, key, descriptor) {
      if (!isExport(key)) return Reflect.defineProperty(target, key, descriptor);
      if (descriptor.configurable || descriptor.enumerable === false || descriptor.writable === false) return false;
      if (descriptor.get || descriptor.set) return false;
      return !('value' in descriptor) || Object.is(descriptor.value, read[key]);
    },
    deleteProperty: (_, key) => !Object.hasOwn(target, key),
  });
  namespaces.add(namespace);
  return namespace;
}
