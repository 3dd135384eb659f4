/** JSON Web Keys (RFC 7517, 7518, 8037) to and from keys. */
import type { ProcessContext } from '../../context.ts';
import { nativeError } from '../errors.ts';
import type { GuestBytes } from '../guest-bytes.ts';
import { toBytes, toInteger } from '../integers.ts';
import { type AsymmetricKey, isRaw, type RsaAsymmetricKey } from './asymmetric-key.ts';
import { type Curve, decodePoint, findCurve, PointForm, publicPoint } from './curves.ts';
import { rawAlgorithm } from './raw-keys.ts';

export type Jwk = Record<string, unknown>;

/** Null when the parts do not make a key. */
export function keyOfJwk(text: GuestBytes, jwk: Jwk, namedCurve: string | undefined): AsymmetricKey | null {
  const bytes = (name: string) => text.read(String(jwk[name] ?? ''), 'base64url');
  if (jwk.kty === 'RSA') return rsaOfJwk(jwk, (name) => toInteger(bytes(name)));
  const curve = findCurve(namedCurve ?? String(jwk.crv));
  return curve === undefined ? null : ecOfJwk(curve, jwk, bytes);
}

function rsaOfJwk(jwk: Jwk, number: (name: string) => bigint): RsaAsymmetricKey | null {
  if (typeof jwk.n !== 'string' || typeof jwk.e !== 'string') return null;
  const open = { type: 'rsa', n: number('n'), e: number('e') } as const;
  if (jwk.d === undefined) return open;
  const names = ['p', 'q', 'dp', 'dq', 'qi'];
  if (names.some((name) => typeof jwk[name] !== 'string')) return null;
  const [p = 0n, q = 0n, dp = 0n, dq = 0n, qi = 0n] = names.map(number);
  return { ...open, private: { d: number('d'), p, q, dp, dq, qi } };
}

function ecOfJwk(curve: Curve, jwk: Jwk, bytes: (name: string) => Uint8Array): AsymmetricKey | null {
  if (typeof jwk.x !== 'string' || typeof jwk.y !== 'string') return null;
  const point = Uint8Array.from([PointForm.uncompressed, ...bytes('x'), ...bytes('y')]);
  try {
    decodePoint(curve, point);
    if (typeof jwk.d !== 'string') return { type: 'ec', curve, point };
    const secret = toBytes(toInteger(bytes('d')), curve.scalarSize);
    publicPoint(curve, secret);
    return { type: 'ec', curve, point, private: secret };
  } catch {
    // Not on the curve, or not a scalar of it.
    return null;
  }
}

/** Fills `jwk`; throws for keys that have no such form. */
export function writeJwk(
  { context, text }: { context: ProcessContext; text: GuestBytes },
  key: AsymmetricKey,
  jwk: Jwk,
): Jwk {
  const encode = (bytes: Uint8Array) => text.write(bytes, 'base64url');
  const number = (value: bigint) => encode(toBytes(value));
  if (isRaw(key)) {
    if (/^(ml-kem|slh)/.test(key.type)) throw unsupportedType(context);
    const { name } = rawAlgorithm(key.type);
    if (key.type.startsWith('ml-dsa')) {
      if (key.private !== undefined && key.seed === undefined) {
        const message = 'key does not have an available seed';
        throw nativeError(context, { message, code: 'ERR_CRYPTO_OPERATION_FAILED' });
      }
      const open = { kty: 'AKP', alg: name, pub: encode(key.public) };
      return Object.assign(jwk, open, key.seed !== undefined && { priv: encode(key.seed) });
    }
    const secret = key.private !== undefined && { d: encode(key.private) };
    return Object.assign(jwk, { crv: name }, secret, { x: encode(key.public), kty: 'OKP' });
  }
  if (key.type === 'rsa') {
    const { n, e, private: secret } = key;
    Object.assign(jwk, { kty: 'RSA', n: number(n), e: number(e) });
    for (const [name, value] of Object.entries(secret ?? {})) jwk[name] = number(value as bigint);
    return jwk;
  }
  if (key.type !== 'ec') throw unsupportedType(context);
  const { curve, point, private: secret } = key;
  if (curve.jwk === undefined) {
    throw nativeError(context, {
      message: `Unsupported JWK EC curve: ${curve.name}.`,
      code: 'ERR_CRYPTO_JWK_UNSUPPORTED_CURVE',
    });
  }
  const [x, y] = [point.subarray(1, 1 + curve.size), point.subarray(1 + curve.size)];
  Object.assign(jwk, { kty: 'EC', x: encode(x), y: encode(y), crv: curve.jwk });
  return Object.assign(jwk, secret !== undefined && { d: encode(secret) });
}

function unsupportedType(context: ProcessContext): Error {
  return nativeError(context, {
    message: 'Unsupported JWK Key Type.',
    code: 'ERR_CRYPTO_JWK_UNSUPPORTED_KEY_TYPE',
  });
}
