/** Errors as Node's C++ throws them: the code is a property and not part of the stack's first line. */
import type { ProcessContext } from '../context.ts';

type Kind = 'Error' | 'TypeError' | 'RangeError';

export function nativeError(
  context: ProcessContext,
  { kind = 'Error', message, ...properties }: { kind?: Kind; message: string; code?: string; [key: string]: unknown },
): Error {
  const Constructor = context.global[kind] as ErrorConstructor;
  return Object.assign(new Constructor(message), properties);
}

export function invalidDigest(context: ProcessContext, name: string): Error {
  return nativeError(context, {
    kind: 'TypeError',
    message: `Invalid digest: ${name}`,
    code: 'ERR_CRYPTO_INVALID_DIGEST',
  });
}

/** For what this runtime's crypto does not do. */
export function unsupported(context: ProcessContext, what: string): Error {
  return nativeError(context, {
    message: `${what} is not available in this sandbox: its crypto has hashes, HMAC, key derivation and random numbers only`,
    code: 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM',
  });
}
