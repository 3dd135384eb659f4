import { expect, test } from 'vitest';
import { openLibrary } from '../process/packed-library.ts';
import { type PreparedLibrary, packLibrary } from './pack-library.ts';

const library: PreparedLibrary = {
  version: 'v24.0.0',
  sources: { path: { code: 'exports.sep = "/" // é' }, 'internal/a': { code: 'await x', segments: [0, 0, 5, 3] } },
  bindings: { uv: { UV_EOF: { type: 'number', value: -4095 } } },
  facts: {
    versions: { v8: '1' },
    release: {},
    config: '{}',
    errorMap: [[-2, ['ENOENT', 'no such file']]],
    options: {},
  },
};

test('a packed library gives back each of its pieces, from shared memory too', () => {
  const packed = packLibrary(library);
  const memory = new SharedArrayBuffer(packed.length);
  new Uint8Array(memory).set(packed);
  const opened = openLibrary(memory);
  expect(opened.version).toBe(library.version);
  expect(opened.moduleIds).toEqual(['path', 'internal/a']);
  expect(opened.source('path')).toEqual(library.sources.path);
  expect(opened.source('internal/a')).toEqual(library.sources['internal/a']);
  expect(opened.source('none')).toBeUndefined();
  expect(opened.binding('uv')).toEqual(library.bindings.uv);
  expect(opened.hasBinding('none')).toBe(false);
  expect(opened.facts).toEqual(library.facts);
});
