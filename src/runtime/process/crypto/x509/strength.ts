/** How strong keys and signatures have to be, by OpenSSL's levels of security (SSL_CTX_set_security_level). */
import { bitLength } from '../integers.ts';
import type { AsymmetricKey } from '../keys/asymmetric-key.ts';
import { readSpki } from '../keys/key-encoding.ts';
import type { Certificate } from './certificate.ts';
import { isSelfSigned } from './chain.ts';
import { signatureHash, signatureName } from './signature.ts';
import { VerifyResult } from './verify-results.ts';

/** Bits of security of the levels 0 to 5. */
const LEAST_BITS = [0, 80, 112, 128, 192, 256];
/** Bits of a modulus, or of a prime -> of security (NIST SP 800-57, part 1, table 2). */
const MODULI: readonly (readonly [bits: number, security: number])[] = [
  [15_360, 256],
  [7680, 192],
  [3072, 128],
  [2048, 112],
  [1024, 80],
];
/** Against collisions. */
const HASHES: Readonly<Record<string, number>> = {
  md5: 39,
  sha1: 63,
  sha224: 112,
  'sha512-224': 112,
  sha256: 128,
  'sha512-256': 128,
  sha384: 192,
  sha512: 256,
};
const WHOLE: Readonly<Record<string, number>> = {
  ed25519: 128,
  x25519: 128,
  ed448: 224,
  x448: 224,
  'ml-dsa-44': 128,
  'ml-dsa-65': 192,
  'ml-dsa-87': 256,
};

const ofModulus = (bits: number): number => MODULI.find(([least]) => bits >= least)?.[1] ?? 0;

function keyBits(key: AsymmetricKey): number {
  if (key.type === 'ec') return bitLength(key.curve.ecdsa.Point.CURVE().n) >> 1;
  if ('n' in key) return ofModulus(bitLength(key.n));
  if ('p' in key) return ofModulus(bitLength(key.p));
  // Others come in sizes of which none is weak.
  return WHOLE[key.type] ?? 256;
}

/** A signature of an algorithm that is not known here proves nothing anyway. */
function signatureBits({ signature }: Certificate): number {
  const hash = signatureHash(signature);
  if (hash !== null) return HASHES[hash] ?? 0;
  return WHOLE[signatureName(signature)?.toLowerCase() ?? ''] ?? 256;
}

function hasGoodKey(certificate: Certificate, level: number): boolean {
  const key = publicKeyOf(certificate);
  return key === null || keyBits(key) >= leastBits(level);
}
const hasGoodSignature = (certificate: Certificate, level: number): boolean =>
  signatureBits(certificate) >= leastBits(level);
const leastBits = (level: number): number => LEAST_BITS[level] ?? 0;

/** null: of an algorithm that is not known here. */
export function publicKeyOf({ publicKey }: Certificate): AsymmetricKey | null {
  try {
    return readSpki(publicKey);
  } catch {
    // Whatever is wrong with it, there is no key.
    return null;
  }
}

/** OpenSSL's numbers of what is too weak among the peer's certificates. */
export function* checkStrength(chain: readonly Certificate[], level: number): Generator<number, void, void> {
  for (const [i, certificate] of chain.entries()) {
    if (i > 0 && !hasGoodKey(certificate, level)) yield VerifyResult.weakAuthorityKey;
    // Nobody looks at the signature of the top one.
    if (i < chain.length - 1 && !hasGoodSignature(certificate, level)) yield VerifyResult.weakDigest;
  }
}

/** The same of the peer's own key, which is looked at before there is a chain. */
export function* checkOwnStrength(certificate: Certificate, level: number): Generator<number, void, void> {
  if (!hasGoodKey(certificate, level)) yield VerifyResult.weakKey;
}

/** What OpenSSL says of certificates that a program wants to show; null: they are strong enough. */
export function weaknessOf(chain: readonly Certificate[], level: number): string | null {
  for (const [i, certificate] of chain.entries()) {
    if (!hasGoodKey(certificate, level)) return i === 0 ? 'ee key too small' : 'ca key too small';
    if (!isSelfSigned(certificate) && !hasGoodSignature(certificate, level)) return 'ca md too weak';
  }
  return null;
}
