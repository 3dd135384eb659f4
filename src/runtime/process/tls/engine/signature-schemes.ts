/** The signature schemes of the handshake, and which of them a key can do. */
import type { AsymmetricKey } from '../../crypto/keys/asymmetric-key.ts';
import type { SignatureParameters } from './tls-crypto.ts';

export interface SignatureScheme extends SignatureParameters {
  id: number;
  /** The type of key that it takes. */
  key: AsymmetricKey['type'];
  /** The curve, which TLS 1.3 ties to the hash. */
  curve?: string;
  /** As `getSharedSigalgs` tells it. */
  shown: string;
  /** The name in lists that programs give. */
  name: string;
  /** Whether TLS 1.3 has it for handshakes. */
  isModern: boolean;
}

const ecdsa = (id: number, bits: 256 | 384 | 512, curve: string, nist: number): SignatureScheme => ({
  id,
  key: 'ec',
  curve,
  hash: `sha${bits}`,
  isPss: false,
  shown: `ECDSA+SHA${bits}`,
  name: `ecdsa_secp${nist}r1_sha${bits}`,
  isModern: true,
});
const pss = (id: number, bits: number, key: 'rsa' | 'rsa-pss'): SignatureScheme => ({
  id,
  key,
  hash: `sha${bits}`,
  isPss: true,
  shown: `RSA-PSS+SHA${bits}`,
  name: `rsa_pss_${key === 'rsa' ? 'rsae' : 'pss'}_sha${bits}`,
  isModern: true,
});
const pkcs1 = (id: number, bits: number): SignatureScheme => ({
  id,
  key: 'rsa',
  hash: `sha${bits}`,
  isPss: false,
  shown: `RSA+SHA${bits}`,
  name: `rsa_pkcs1_sha${bits}`,
  isModern: false,
});
const whole = (id: number, key: AsymmetricKey['type'], name: string, shown: string): SignatureScheme => ({
  id,
  key,
  hash: null,
  isPss: false,
  shown: `${shown}+UNDEF`,
  name,
  isModern: true,
});

/** In OpenSSL's order of preference. */
export const SIGNATURE_SCHEMES: readonly SignatureScheme[] = [
  whole(0x905, 'ml-dsa-65', 'mldsa65', 'id-ml-dsa-65'),
  whole(0x906, 'ml-dsa-87', 'mldsa87', 'id-ml-dsa-87'),
  whole(0x904, 'ml-dsa-44', 'mldsa44', 'id-ml-dsa-44'),
  ecdsa(0x403, 256, 'prime256v1', 256),
  ecdsa(0x503, 384, 'secp384r1', 384),
  ecdsa(0x603, 512, 'secp521r1', 521),
  whole(0x807, 'ed25519', 'ed25519', 'Ed25519'),
  whole(0x808, 'ed448', 'ed448', 'Ed448'),
  pss(0x809, 256, 'rsa-pss'),
  pss(0x80a, 384, 'rsa-pss'),
  pss(0x80b, 512, 'rsa-pss'),
  pss(0x804, 256, 'rsa'),
  pss(0x805, 384, 'rsa'),
  pss(0x806, 512, 'rsa'),
  pkcs1(0x401, 256),
  pkcs1(0x501, 384),
  pkcs1(0x601, 512),
];

export const schemeOf = (id: number): SignatureScheme | undefined => SIGNATURE_SCHEMES.find((one) => one.id === id);

/** Whether the key can make or check such signatures in that version. */
export function fits(scheme: SignatureScheme, key: AsymmetricKey, isTls13: boolean): boolean {
  if (isTls13 && !scheme.isModern) return false;
  if (scheme.key !== key.type || (!isTls13 && key.type.startsWith('ml-dsa'))) return false;
  if (key.type === 'ec' && isTls13) return scheme.curve === key.curve.name;
  // The block of PSS holds the hash twice, and two bytes more.
  if ('n' in key && scheme.isPss) return key.n.toString(16).length / 2 >= 2 * (HASH_LENGTH[scheme.hash ?? ''] ?? 0) + 2;
  return true;
}
const HASH_LENGTH: Readonly<Record<string, number>> = { sha256: 32, sha384: 48, sha512: 64 };

const SHORT_NAMES: Readonly<Record<string, (scheme: SignatureScheme) => boolean>> = {
  rsa: (scheme) => scheme.key === 'rsa' && !scheme.isPss,
  'rsa-pss': (scheme) => scheme.isPss && scheme.key === 'rsa',
  pss: (scheme) => scheme.isPss && scheme.key === 'rsa',
  ecdsa: (scheme) => scheme.key === 'ec',
};

/** A program's list ("rsa_pss_rsae_sha256:RSA+SHA256"); null when a name is unknown. */
export function readSchemeList(list: string): SignatureScheme[] | null {
  const found: SignatureScheme[] = [];
  for (const item of list.split(':')) {
    const optional = item.startsWith('?');
    const name = optional ? item.slice(1) : item;
    const [kind = '', hash = ''] = name.split('+');
    const isKind = SHORT_NAMES[kind.toLowerCase()];
    const scheme = SIGNATURE_SCHEMES.find((one) =>
      hash === '' ? one.name === name.toLowerCase() : isKind?.(one) === true && one.hash === hash.toLowerCase(),
    );
    if (scheme === undefined && !optional) return null;
    if (scheme !== undefined && !found.includes(scheme)) found.push(scheme);
  }
  return found;
}
