/** What the engine needs of cryptography; the part `crypto` has it (`crypto/tls-services.ts`). */
import type { AsymmetricKey } from '../../crypto/keys/asymmetric-key.ts';
import type { Certificate } from '../../crypto/x509/certificate.ts';
import type { Aead } from './suites.ts';

/** One side's share of a key agreement, and what it becomes with the other's. */
export interface KeyShare {
  share: Uint8Array;
  /** Throws when the other's share is none of the group's. */
  agree(other: Uint8Array): Uint8Array;
}

export interface KeyGroup {
  /** A fresh share. */
  offer(): KeyShare;
  /** The answer to another's share, and the secret that it makes. Throws as `agree`. */
  answer(other: Uint8Array): { share: Uint8Array; secret: Uint8Array };
}

export interface SignatureParameters {
  /** null: the algorithm takes the message itself. */
  hash: string | null;
  isPss: boolean;
}

export interface TlsCrypto {
  random(length: number): Uint8Array;
  digest(hash: string, ...parts: readonly Uint8Array[]): Uint8Array;
  hmac(hash: string, key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array;
  hashLength(hash: string): number;
  seal(aead: Aead, keys: AeadKeys, plain: Uint8Array): Uint8Array;
  /** null when the tag is wrong. */
  open(aead: Aead, keys: AeadKeys, sealed: Uint8Array): Uint8Array | null;
  /** AES in CBC mode, of whole blocks. */
  encryptBlocks(key: Uint8Array, iv: Uint8Array, blocks: Uint8Array): Uint8Array;
  decryptBlocks(key: Uint8Array, iv: Uint8Array, blocks: Uint8Array): Uint8Array;
  /** PKCS #1's encryption. */
  encryptSecret(key: AsymmetricKey, secret: Uint8Array): Uint8Array;
  /** null when it is not padded as it should be. */
  decryptSecret(key: AsymmetricKey, sealed: Uint8Array): Uint8Array | null;
  /** By OpenSSL's name. */
  group(name: string): KeyGroup;
  sign(key: AsymmetricKey, parameters: SignatureParameters, message: Uint8Array): Uint8Array;
  verify(key: AsymmetricKey, parameters: SignatureParameters, message: Uint8Array, signature: Uint8Array): boolean;
  /** Throws DerError for what is none. */
  readCertificate(der: Uint8Array): Certificate;
  /** Throws when it is of an algorithm that is not known here. */
  publicKeyOf(certificate: Certificate): AsymmetricKey;
}

export interface AeadKeys {
  key: Uint8Array;
  nonce: Uint8Array;
  associated: Uint8Array;
}
