/** V8's serialization format, version 15: what `v8.serialize` writes. */
export const FORMAT_VERSION = 15;
/** Older ones are not read. */
export const OLDEST_VERSION = 13;

export const Tag = {
  version: 0xff,
  padding: 0x00,
  undefined: '_'.charCodeAt(0),
  null: '0'.charCodeAt(0),
  true: 'T'.charCodeAt(0),
  false: 'F'.charCodeAt(0),
  int32: 'I'.charCodeAt(0),
  uint32: 'U'.charCodeAt(0),
  double: 'N'.charCodeAt(0),
  bigint: 'Z'.charCodeAt(0),
  utf8String: 'S'.charCodeAt(0),
  oneByteString: '"'.charCodeAt(0),
  twoByteString: 'c'.charCodeAt(0),
  reference: '^'.charCodeAt(0),
  object: 'o'.charCodeAt(0),
  endObject: '{'.charCodeAt(0),
  denseArray: 'A'.charCodeAt(0),
  endDenseArray: '$'.charCodeAt(0),
  sparseArray: 'a'.charCodeAt(0),
  endSparseArray: '@'.charCodeAt(0),
  hole: '-'.charCodeAt(0),
  date: 'D'.charCodeAt(0),
  trueObject: 'y'.charCodeAt(0),
  falseObject: 'x'.charCodeAt(0),
  numberObject: 'n'.charCodeAt(0),
  bigintObject: 'z'.charCodeAt(0),
  stringObject: 's'.charCodeAt(0),
  regexp: 'R'.charCodeAt(0),
  map: ';'.charCodeAt(0),
  endMap: ':'.charCodeAt(0),
  set: "'".charCodeAt(0),
  endSet: ','.charCodeAt(0),
  arrayBuffer: 'B'.charCodeAt(0),
  transferredBuffer: 't'.charCodeAt(0),
  view: 'V'.charCodeAt(0),
  error: 'r'.charCodeAt(0),
  hostObject: '\\'.charCodeAt(0),
  sharedBuffer: 'u'.charCodeAt(0),
  wasmModule: 'w'.charCodeAt(0),
  resizableBuffer: '~'.charCodeAt(0),
} as const;

/** Constructors of views by their tag. */
export const VIEWS: Readonly<Record<string, string>> = {
  b: 'Int8Array',
  B: 'Uint8Array',
  C: 'Uint8ClampedArray',
  w: 'Int16Array',
  W: 'Uint16Array',
  d: 'Int32Array',
  D: 'Uint32Array',
  h: 'Float16Array',
  f: 'Float32Array',
  F: 'Float64Array',
  q: 'BigInt64Array',
  Q: 'BigUint64Array',
  '?': 'DataView',
};

/** Error constructors by their tag; Error itself has none. */
export const ERRORS: Readonly<Record<string, string>> = {
  E: 'EvalError',
  R: 'RangeError',
  F: 'ReferenceError',
  S: 'SyntaxError',
  T: 'TypeError',
  U: 'URIError',
};

/** Flags of regular expressions, one bit each. */
export const REGEXP_FLAGS = 'gimyusdlv';
