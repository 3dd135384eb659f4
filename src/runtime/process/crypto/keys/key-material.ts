/** What lies behind the library's key handles. */
import { bytesOf } from '../../streams/text.ts';
import type { AsymmetricKey } from './asymmetric-key.ts';

export const KeyType = { secret: 0, public: 1, private: 2 } as const;
export const KeyFormat = { der: 0, pem: 1, jwk: 2 } as const;
export const KeyEncoding = { pkcs1: 0, pkcs8: 1, spki: 2, sec1: 3 } as const;

export type KeyMaterial = { kind: 'secret'; bytes: Uint8Array } | { kind: 'public' | 'private'; key: AsymmetricKey };

const materials = new WeakMap<object, KeyMaterial>();

export const setMaterial = (handle: object, material: KeyMaterial): void => void materials.set(handle, material);

export function materialOf(handle: unknown): KeyMaterial | undefined {
  return typeof handle === 'object' && handle !== null ? materials.get(handle) : undefined;
}

/** The bytes of a secret key: of a handle, or the bytes themselves. */
export function secretOf(key: unknown): Uint8Array {
  const material = materialOf(key);
  return material?.kind === 'secret' ? material.bytes : bytesOf(key);
}

/** The asymmetric key of a handle; throws TypeError when it has none. */
export function asymmetricOf(handle: unknown): AsymmetricKey {
  const material = materialOf(handle);
  if (material === undefined || material.kind === 'secret') throw new TypeError('expected an asymmetric key');
  return material.key;
}
