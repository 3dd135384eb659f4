/** What the runtime of a process calls by name: a program may delete or replace these, and still print, wait and end. */
export const KEPT_GLOBALS = [
  ...['Array', 'ArrayBuffer', 'Atomics', 'BigInt', 'BigInt64Array', 'BigUint64Array', 'Boolean', 'DataView', 'Error'],
  ...[
    'Float32Array',
    'Float64Array',
    'Int8Array',
    'Int16Array',
    'Int32Array',
    'JSON',
    'Map',
    'Math',
    'Number',
    'Object',
  ],
  ...['Promise', 'RangeError', 'Reflect', 'RegExp', 'Set', 'SharedArrayBuffer', 'String', 'Symbol', 'SyntaxError'],
  ...['TypeError', 'Uint8Array', 'Uint8ClampedArray', 'Uint16Array', 'Uint32Array', 'WeakMap', 'WeakRef', 'WeakSet'],
  ...['globalThis', 'isNaN', 'parseInt'],
];

/** Goes around a script of the runtime. */
export const keepGlobals = {
  before: `((${KEPT_GLOBALS.join()})=>{`,
  after: `})(${KEPT_GLOBALS.map((name) => `globalThis.${name}`).join()});`,
};
