/** What Node's C++ checks of the arguments of file operations; the rest is checked by the library. */
import type { ProcessContext } from '../context.ts';

const MAX_DESCRIPTOR = 0x7fffffff;
const MAX_MODE = 7;

interface LibraryErrors {
  determineSpecificType(value: unknown): string;
}

function withCode<T extends Error>(error: T, code: string): T {
  return Object.assign(error, { code });
}

/** Throws ERR_INVALID_ARG_TYPE or ERR_OUT_OF_RANGE. */
export function checkDescriptor(context: ProcessContext, value: unknown): void {
  if (typeof value !== 'number') {
    const { determineSpecificType } = context.require('internal/errors') as unknown as LibraryErrors;
    const message = `The "fd" argument must be of type number. Received ${determineSpecificType(value)}`;
    throw withCode(new TypeError(message), 'ERR_INVALID_ARG_TYPE');
  }
  if (value >= 0 && value <= MAX_DESCRIPTOR && Number.isInteger(value)) return;
  const range = Number.isInteger(value) ? `>= 0 && <= ${MAX_DESCRIPTOR}` : 'an integer';
  const message = `The value of "fd" is out of range. It must be ${range}. Received ${value}`;
  throw withCode(new RangeError(message), 'ERR_OUT_OF_RANGE');
}

/** Throws ERR_INVALID_ARG_TYPE or ERR_OUT_OF_RANGE. The mode of `access` and of `copyFile`. */
export function checkMode(value: unknown): void {
  if (value === undefined || value === null) return;
  if (typeof value !== 'number') {
    throw withCode(new TypeError('mode must be int32 or null/undefined'), 'ERR_INVALID_ARG_TYPE');
  }
  if (value >= 0 && value <= MAX_MODE) return;
  throw withCode(new RangeError(`mode is out of range: >= 0 && <= ${MAX_MODE}`), 'ERR_OUT_OF_RANGE');
}
