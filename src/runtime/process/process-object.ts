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
  const constants = {
    version,
    versions: fixed(facts.versions),
    arch: 'x64',
    platform: 'linux',
    release: fixed(facts.release),
  };
  for (const [name, value] of Object.entries(constants)) fix(object, name, value);
  // In Node's order; they get their values when the process starts.
  for (const name of ['title', 'argv', 'execArgv', 'env', 'pid', 'ppid', 'execPath', 'debugPort']) {
    object[name] = undefined;
  }
  return object;
}

/** An object whose properties cannot be written; it can be added to, as Node's can. */
function fixed(values: object): object {
  const object = {};
  for (const [name, value] of Object.entries(values)) fix(object, name, value);
  return object;
}

function fix(object: object, name: string, value: unknown): void {
  Object.defineProperty(object, name, { value, writable: false, enumerable: true, configurable: true });
}
