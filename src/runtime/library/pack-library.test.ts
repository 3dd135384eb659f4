import { expect, test } from 'vitest';
import { openLibrary } from '../process/library/packed-library.ts';
import { type PreparedLibrary, packLibrary } from './pack-library.ts';

const library: PreparedLibrary = {
  version: 'v24.0.0',
  sources: {
    path: { code: 'exports.sep = "/" // é', hot: '[join]' },
    'internal/a': { code: 'await x', segments: [0, 0, 5, 3] },
  },
  bindings: { uv: { UV_EOF: -4095 } },
  facts: {
    versions: { v8: '1' },
    release: {},
    builtins: {},
    errorMap: [[-2, ['ENOENT', 'no such file']]],
    options: {
      values: true,
      embedder: true,
      namespaceInputTypes: true,
      kinds: [['--test', 2]],
      aliases: [],
      allowedInEnvironment: [],
      engineFlags: {},
    },
  },
  parts: { large: 'large.js' },
};

test('a packed library gives back each of its pieces, from shared memory too', () => {
  const packed = packLibrary(library);
  const memory = new SharedArrayBuffer(packed.length);
  new Uint8Array(memory).set(packed);
  const opened = openLibrary(memory, (part) => `the text of ${part}`);
  expect(opened.version).toBe(library.version);
  expect(opened.moduleIds).toEqual(['path', 'internal/a', 'large']);
  expect(opened.source('path')).toEqual(library.sources.path);
  expect(opened.source('internal/a')).toEqual(library.sources['internal/a']);
  expect(opened.source('large')).toEqual({ code: 'the text of large.js' });
  expect(opened.source('none')).toBeUndefined();
  expect(opened.binding('uv')).toEqual(library.bindings.uv);
  expect(['uv', 'none', 'constructor'].map((name) => opened.hasBinding(name))).toEqual([true, false, false]);
  expect(opened.facts).toEqual(library.facts);
});

test('nothing that the guest replaces sees the shared memory', () => {
  const packed = packLibrary(library);
  const memory = new SharedArrayBuffer(packed.length);
  new Uint8Array(memory).set(packed);
  const opened = openLibrary(memory, (part) => `the text of ${part}`);
  const seen: unknown[] = [];
  const { Uint8Array: Bytes } = globalThis;
  const methods = Object.getPrototypeOf(Bytes.prototype);
  const kept = Object.getOwnPropertyDescriptors(methods);
  const { apply } = Reflect;
  try {
    for (const [name, { value }] of Object.entries(kept)) {
      if (typeof value !== 'function' || name === 'constructor') continue;
      methods[name] = function spy(this: Uint8Array, ...args: unknown[]) {
        seen.push(...[this, ...args].map((each) => (each as Uint8Array | undefined)?.buffer));
        return apply(value, this, args);
      };
    }
    globalThis.Uint8Array = new Proxy(Bytes, {
      construct(target, args) {
        seen.push(args[0]);
        return new target(...(args as [number]));
      },
    });
    Object.assign(Reflect, {
      apply(target: () => unknown, receiver: unknown, args: unknown[]) {
        seen.push(...args.map((each) => (each as Uint8Array | undefined)?.buffer));
        return apply(target, receiver, args);
      },
    });
    expect(opened.source('path')?.code).toBe(library.sources.path?.code);
  } finally {
    Object.defineProperties(methods, kept);
    globalThis.Uint8Array = Bytes;
    Reflect.apply = apply;
  }
  expect(seen.filter((each) => each instanceof SharedArrayBuffer)).toEqual([]);
});
