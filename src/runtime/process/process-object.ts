import type { LibraryFacts } from './context.ts';

/** `process` as Node's C++ makes it, before the library adds to it. */
export function createProcessObject(facts: LibraryFacts, version: string): Record<PropertyKey, unknown> {
  function process() {
    // Node's is as empty; only its name and its prototype show.
  }
  const prototype: object = Object.create(Object.prototype, {
    constructor: { value: process, enumerable: false, configurable: true, writable: true },
  });
  process.prototype = prototype;
  const object: Record<PropertyKey, unknown> = Object.create(prototype);
  object.version = version;
  object.versions = Object.freeze({ ...facts.versions });
  object.arch = 'x64';
  object.platform = 'linux';
  object.release = { ...facts.release };
  // In Node's order; they get their values when the process starts.
  for (const name of ['title', 'argv', 'execArgv', 'env', 'pid', 'ppid', 'execPath', 'debugPort']) {
    object[name] = undefined;
  }
  return object;
}

/** `process.env` over a plain object: values are strings, symbols are refused. */
export function createEnvironment(ProxyOfHost: ProxyConstructor, target: Record<string, string>): unknown {
  return new ProxyOfHost(target, {
    set(variables, name, value) {
      if (typeof name === 'symbol' || typeof value === 'symbol') {
        throw new TypeError('Cannot convert a Symbol value to a string');
      }
      variables[name] = String(value);
      return true;
    },
    defineProperty(variables, name, descriptor) {
      if (!('value' in descriptor)) {
        if ('get' in descriptor || 'set' in descriptor) {
          throw invalidDefinition("'process.env' does not accept an accessor(getter/setter) descriptor");
        }
        return Reflect.defineProperty(variables, name, descriptor);
      }
      if (!descriptor.configurable || !descriptor.writable || !descriptor.enumerable) {
        throw invalidDefinition("'process.env' only accepts a configurable, writable, and enumerable data descriptor");
      }
      return Reflect.defineProperty(variables, name, { ...descriptor, value: String(descriptor.value) });
    },
  });
}

function invalidDefinition(message: string): TypeError {
  return Object.assign(new TypeError(message), { code: 'ERR_INVALID_OBJECT_DEFINE_PROPERTY' });
}

/** The entries `NAME=value` as an object. */
export function environmentOf(entries: readonly string[]): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const entry of entries) {
    const equals = entry.indexOf('=', 1);
    if (equals > 0) variables[entry.slice(0, equals)] = entry.slice(equals + 1);
  }
  return variables;
}
