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
