/** Secret keys. */
import type { ProcessContext } from '../context.ts';
import { bytesOf, copyOf } from '../streams/text.ts';
import { unsupported } from './errors.ts';
import { equalInConstantTime, guestBytes } from './guest-bytes.ts';

const SECRET = 0;
const secrets = new WeakMap<object, Uint8Array>();

/** The bytes of a key: a handle, a KeyObject, or bytes themselves. */
export function secretOf(key: unknown): Uint8Array {
  return (typeof key === 'object' && key !== null ? secrets.get(key) : undefined) ?? bytesOf(key);
}

export function keyBindings(context: ProcessContext) {
  const text = guestBytes(context);

  class KeyObjectHandle {
    init(type: number, data: unknown): void {
      if (type !== SECRET) throw unsupported(context, 'A public or private key');
      secrets.set(this, copyOf(data));
    }
    /** Returns the type of key; only "oct" is known. */
    initJwk(jwk: { kty?: string; k?: string }): number {
      if (jwk.kty !== 'oct') throw unsupported(context, 'A public or private key');
      secrets.set(this, copyOf(text.read(jwk.k ?? '', 'base64url')));
      return SECRET;
    }
    getSymmetricKeySize(): number {
      return secretOf(this).length;
    }
    keyDetail(details: object): object {
      return Object.assign(details, { length: secretOf(this).length * 8 });
    }
    export(): unknown {
      return text.write(secretOf(this));
    }
    exportJwk(jwk: object): object {
      return Object.assign(jwk, { kty: 'oct', k: text.write(secretOf(this), 'base64url') });
    }
    equals(other: object): boolean {
      return equalInConstantTime(secretOf(this), secretOf(other));
    }
  }

  class NativeKeyObject {
    constructor(handle: object) {
      const secret = secrets.get(handle);
      if (secret !== undefined) secrets.set(this, secret);
    }
  }

  return {
    KeyObjectHandle,
    createNativeKeyObjectClass: (define: (base: typeof NativeKeyObject) => unknown): unknown => define(NativeKeyObject),
  };
}
