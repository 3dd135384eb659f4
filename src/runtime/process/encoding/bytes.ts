/**
 * The bytes behind a view or buffer, without a copy, as a plain Uint8Array: Node's Buffer has methods of its own by the
 * names `fill`, `indexOf` and `slice`. A buffer that was given away has none.
 */
export function bytesOf(value: unknown): Uint8Array {
  if (!ArrayBuffer.isView(value)) {
    const buffer = value as ArrayBufferLike;
    return buffer.byteLength === 0 ? new Uint8Array(0) : new Uint8Array(buffer);
  }
  if (Object.getPrototypeOf(value) === Uint8Array.prototype) return value as Uint8Array;
  if (value.byteLength === 0) return new Uint8Array(0);
  return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
}

/** The same of a part of a view of bytes: what lies within it, at once, as views are what calls on short buffers cost. */
export const bytesWithin = (view: Uint8Array, start: number, end: number): Uint8Array =>
  new Uint8Array(view.buffer, view.byteOffset + start, end - start);

/** Of what is read by its indices and its length alone: a Buffer does as it is. */
export const indexedBytes = (value: unknown): Uint8Array => (value instanceof Uint8Array ? value : bytesOf(value));

/** A view, or what a view can be of. */
export const isBuffer = (value: unknown): boolean =>
  ArrayBuffer.isView(value) || value instanceof ArrayBuffer || value instanceof SharedArrayBuffer;

/** What a decoder throws that was given neither. */
export const notABuffer = (message: string): Error =>
  Object.assign(new TypeError(message), { code: 'ERR_INVALID_ARG_TYPE' });
