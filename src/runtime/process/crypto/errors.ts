/** Errors as Node's C++ throws them: the code is a property and not part of the stack's first line. */
import type { ProcessContext } from '../context.ts';

type Kind = 'Error' | 'TypeError' | 'RangeError';

export function nativeError(
  context: ProcessContext,
  { kind = 'Error', message, ...properties }: { kind?: Kind; message: string; code?: string; [key: string]: unknown },
): Error {
  const Constructor = context.global[kind] as ErrorConstructor;
  return Object.assign(
    context.makeError(() => new Constructor(message)),
    properties,
  );
}

export function invalidDigest(context: ProcessContext, name: string): Error {
  return nativeError(context, {
    kind: 'TypeError',
    message: `Invalid digest: ${name}`,
    code: 'ERR_CRYPTO_INVALID_DIGEST',
  });
}

/** The libraries of OpenSSL that appear in error numbers: number and name; the short name is part of some codes. */
const LIBRARIES = {
  bignum: { number: 0x03, name: 'bignum routines', short: 'BN_' },
  rsa: { number: 0x04, name: 'rsa routines', short: 'RSA_' },
  dh: { number: 0x05, name: 'Diffie-Hellman routines', short: 'DH_' },
  evp: { number: 0x06, name: 'digital envelope routines', short: 'EVP_' },
  pem: { number: 0x09, name: 'PEM routines', short: 'PEM_' },
  asn1: { number: 0x0d, name: 'asn1 encoding routines', short: 'ASN1_' },
  common: { number: 0x0f, name: 'common libcrypto routines', short: 'CRYPTO_' },
  ec: { number: 0x10, name: 'elliptic curve routines', short: 'EC_' },
  provider: { number: 0x39, name: 'Provider routines', short: '' },
  decoder: { number: 0x3c, name: 'DECODER routines', short: '' },
} as const;
export type OpensslLibrary = keyof typeof LIBRARIES;

/** An entry of OpenSSL's error queue. `reason` is its text; `number` its number within the library. */
export interface OpensslFailure {
  library: OpensslLibrary;
  reason: string;
  number: number;
}

/** "error:1C800064:Provider routines::bad decrypt", with `library`, `reason` and `code` as Node decorates it. */
export function opensslError(context: ProcessContext, { library, reason, number }: OpensslFailure): Error {
  const { number: library_, name, short } = LIBRARIES[library];
  const packed = ((library_ << 23) | number) >>> 0;
  const hex = packed.toString(16).toUpperCase().padStart(8, '0');
  // Node leaves the library out of the codes of the newer, nameless parts.
  return nativeError(context, {
    message: `error:${hex}:${name}::${reason}`,
    library: name,
    reason,
    code: `ERR_OSSL_${short}${reason.replaceAll(/[ -]/g, '_').toUpperCase()}`,
  });
}

/** For what this runtime's crypto does not do. */
export function unsupported(context: ProcessContext, what: string): Error {
  return nativeError(context, {
    message: `${what} is not available in this sandbox`,
    code: 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM',
  });
}
