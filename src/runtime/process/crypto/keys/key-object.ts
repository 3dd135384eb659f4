/** The binding's KeyObjectHandle. */
import { bytesOf, copyOf } from '../../streams/text.ts';
import { nativeError } from '../errors.ts';
import { equalInConstantTime, toArrayBuffer } from '../guest-bytes.ts';
import { bitLength, toBytes } from '../integers.ts';
import type { CryptoServices } from '../services.ts';
import { type AsymmetricKey, isRaw } from './asymmetric-key.ts';
import { decodePoint, encodePoint, findCurve, PointForm, publicPoint } from './curves.ts';
import { type Jwk, keyOfJwk, writeJwk } from './jwk.ts';
import { writePkcs8, writeSpki } from './key-encoding.ts';
import { privateKeyFrom, publicKeyFrom, writePrivateKey, writePublicKey } from './key-files.ts';
import { asymmetricOf, KeyType, materialOf, secretOf, setMaterial } from './key-material.ts';
import { rawAlgorithm, rawTypeBy } from './raw-keys.ts';

export function keyBindings(services: CryptoServices) {
  const { context, text } = services;

  class KeyObjectHandle {
    init(type: number, data: unknown, format?: number, encoding?: number, passphrase?: unknown): void {
      const source = { data, format, type: encoding, passphrase };
      if (type === KeyType.secret) setMaterial(this, { kind: 'secret', bytes: copyOf(data) });
      else if (type === KeyType.public) setMaterial(this, { kind: 'public', key: publicKeyFrom(services, source) });
      else setMaterial(this, { kind: 'private', key: privateKeyFrom(services, source) });
    }
    /** The kind of key that it was; undefined when it is none. */
    initJwk(jwk: Jwk, namedCurve?: string): number | undefined {
      if (jwk.kty === 'oct') {
        setMaterial(this, { kind: 'secret', bytes: copyOf(text.read(String(jwk.k ?? ''), 'base64url')) });
        return KeyType.secret;
      }
      const key = keyOfJwk(text, jwk, namedCurve);
      if (key === null) {
        const message = jwk.kty === 'RSA' ? 'Invalid JWK RSA key' : 'Invalid JWK EC key';
        throw nativeError(context, { kind: 'TypeError', message, code: 'ERR_CRYPTO_INVALID_JWK' });
      }
      const isPrivate = key.private !== undefined;
      setMaterial(this, { kind: isPrivate ? 'private' : 'public', key });
      return isPrivate ? KeyType.private : KeyType.public;
    }
    initECRaw(name: string, data: unknown): boolean {
      const curve = findCurve(name);
      if (curve === undefined) return false;
      try {
        const point = encodePoint(curve, bytesOf(data), PointForm.uncompressed);
        setMaterial(this, { kind: 'public', key: { type: 'ec', curve, point } });
        return true;
      } catch {
        // Not a point of the curve.
        return false;
      }
    }
    initEDRaw(name: string, data: unknown, type: number): boolean {
      return this.#initRaw(name.toLowerCase(), copyOf(data), type);
    }
    initPqcRaw(name: string, data: unknown, type: number): boolean {
      return this.#initRaw(name.toLowerCase(), copyOf(data), type);
    }
    #initRaw(name: string, bytes: Uint8Array, type: number): boolean {
      const rawType = rawTypeBy((algorithm) => algorithm.name.toLowerCase() === name);
      if (rawType === undefined) return false;
      const algorithm = rawAlgorithm(rawType);
      if (type === KeyType.public) {
        if (bytes.length !== algorithm.publicLength) return false;
        setMaterial(this, { kind: 'public', key: { type: rawType, public: bytes } });
      } else {
        if (bytes.length !== algorithm.entropy) return false;
        setMaterial(this, { kind: 'private', key: { type: rawType, ...algorithm.derive(bytes) } });
      }
      return true;
    }
    rawPublicKey(): unknown {
      return text.write(rawPart(asymmetricOf(this), 'public'));
    }
    rawSeed(): unknown {
      const key = asymmetricOf(this);
      if (isRaw(key) && key.seed !== undefined) return text.write(key.seed);
      throw nativeError(context, {
        message: 'Failed to get raw seed',
        code: 'ERR_CRYPTO_OPERATION_FAILED',
      });
    }
    getSymmetricKeySize(): number {
      return secretOf(this).length;
    }
    getAsymmetricKeyType(): string {
      return asymmetricOf(this).type;
    }
    checkEcKeyData(): boolean {
      const key = asymmetricOf(this);
      if (key.type !== 'ec') return false;
      const { curve, point, private: secret } = key;
      decodePoint(curve, point);
      return secret === undefined || equalInConstantTime(publicPoint(curve, secret), point);
    }
    keyDetail(details: object): object {
      const material = materialOf(this);
      if (material?.kind === 'secret') return Object.assign(details, { length: material.bytes.length * 8 });
      return Object.assign(details, detailsOf(asymmetricOf(this)));
    }
    export(format?: number, type?: number, cipher?: unknown, passphrase?: unknown): unknown {
      const material = materialOf(this);
      if (material === undefined) throw new TypeError('an empty handle');
      if (material.kind === 'secret') return text.write(material.bytes);
      const target = { format: format ?? 0, type: type ?? 0, cipher, passphrase };
      return material.kind === 'public'
        ? writePublicKey(services, material.key, target)
        : writePrivateKey(services, material.key, target);
    }
    exportJwk(jwk: Jwk, handlesPss: boolean): Jwk {
      const material = materialOf(this);
      if (material?.kind === 'secret') {
        return Object.assign(jwk, { kty: 'oct', k: text.write(material.bytes, 'base64url') });
      }
      const key = asymmetricOf(this);
      return writeJwk(services, key.type === 'rsa-pss' && handlesPss ? { ...key, type: 'rsa' } : key, jwk);
    }
    equals(other: object): boolean {
      const [mine, theirs] = [materialOf(this), materialOf(other)];
      if (mine === undefined || theirs === undefined || mine.kind !== theirs.kind) return false;
      return equalInConstantTime(comparable(mine), comparable(theirs));
    }
  }
  return { KeyObjectHandle };
}

function comparable(material: NonNullable<ReturnType<typeof materialOf>>): Uint8Array {
  if (material.kind === 'secret') return material.bytes;
  return material.kind === 'public' ? writeSpki(material.key) : writePkcs8(material.key);
}

function rawPart(key: AsymmetricKey, part: 'public'): Uint8Array {
  if (!isRaw(key)) throw new TypeError('expected a raw key');
  return key[part];
}

function detailsOf(key: AsymmetricKey): object {
  if (isRaw(key)) return {};
  switch (key.type) {
    case 'rsa':
    case 'rsa-pss': {
      const sizes = { modulusLength: bitLength(key.n), publicExponent: toArrayBuffer(toBytes(key.e)) };
      if (key.type === 'rsa' || key.pss === undefined) return sizes;
      const { hash, mgfHash, saltLength } = key.pss;
      return { ...sizes, hashAlgorithm: hash, mgf1HashAlgorithm: mgfHash, saltLength };
    }
    case 'dsa':
      return { modulusLength: bitLength(key.p), divisorLength: bitLength(key.q) };
    case 'ec':
      return { namedCurve: key.curve.name };
    case 'dh':
      return {};
  }
}
