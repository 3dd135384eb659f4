/** What TLS needs of this part: cryptography, keys and certificates. */
import { cbc } from '@noble/ciphers/aes.js';
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { joinBytes } from '../../kernel/join-bytes.ts';
import type { ProcessContext } from '../context.ts';
import { encodeUtf8 } from '../streams/text.ts';
import type { Aead } from '../tls/engine/suites.ts';
import type { AeadKeys, KeyGroup, SignatureParameters, TlsCrypto } from '../tls/engine/tls-crypto.ts';
import type { TlsServices } from '../tls/tls-services.ts';
import { GaloisKey } from './ciphers/galois-messages.ts';
import { agreeOnCurve } from './diffie-hellman.ts';
import { digestWhole, RunningHmac } from './hashes/digests.ts';
import { bitLength, randomBelow, toBytes } from './integers.ts';
import type { AsymmetricKey, RawKeyType } from './keys/asymmetric-key.ts';
import { findCurve, publicPoint } from './keys/curves.ts';
import { DerReader } from './keys/der.ts';
import { readSpki } from './keys/key-encoding.ts';
import { privateKeyFrom } from './keys/key-files.ts';
import { KeyFormat } from './keys/key-material.ts';
import { keyBindings } from './keys/key-object.ts';
import { readPem } from './keys/pem.ts';
import { rawAlgorithm } from './keys/raw-keys.ts';
import { type CryptoServices, createServices } from './services.ts';
import {
  modulusBytes,
  padPkcs1,
  privateOperation,
  publicOperation,
  type RsaKey,
  unpadPkcs1,
} from './signatures/rsa.ts';
import { RsaPadding, sign, verify } from './signatures/signatures.ts';
import { type Certificate, readCertificate } from './x509/certificate.ts';
import { certificateBindings, isKeyOf, readCertificates } from './x509/certificate-handle.ts';
import { chainOf } from './x509/chain.ts';
import { readCrls } from './x509/crl.ts';
import { addressBytes, matchAddress, matchHost } from './x509/host-names.ts';
import { legacyObject } from './x509/legacy.ts';
import { readPfx } from './x509/pfx.ts';
import { weaknessOf } from './x509/strength.ts';
import { chainProblems, verifyChain } from './x509/verify-chain.ts';
import { verifyError, verifyText } from './x509/verify-results.ts';

/** Of a PSS signature in TLS the salt is as long as the digest. */
const DIGEST_SALT = -1;

/** By the keys of connections, for as long as those are used. */
const galoisKeys = new WeakMap<Uint8Array, GaloisKey>();
function galoisKey(key: Uint8Array): GaloisKey {
  const known = galoisKeys.get(key) ?? new GaloisKey(key);
  galoisKeys.set(key, known);
  return known;
}

function seal(aead: Aead, { key, nonce, associated }: AeadKeys, plain: Uint8Array): Uint8Array {
  if (aead === 'chacha20-poly1305') return chacha20poly1305(key, nonce, associated).encrypt(plain);
  return galoisKey(key).seal(nonce, associated, plain);
}

/** null when it is not authentic. */
function open(aead: Aead, { key, nonce, associated }: AeadKeys, sealed: Uint8Array): Uint8Array | null {
  if (aead !== 'chacha20-poly1305') return galoisKey(key).open(nonce, associated, sealed);
  try {
    return chacha20poly1305(key, nonce, associated).decrypt(sealed);
  } catch {
    // The library's way to say so.
    return null;
  }
}

export function tlsServices(services: CryptoServices, Handle: CertificateHandle): TlsServices {
  return {
    ...tlsCrypto(services),
    readCertificates: (source) => readCertificates(services, source),
    readPrivateKey: (data, passphrase) => {
      // OpenSSL takes none for an empty one here.
      const given = encodeUtf8(typeof passphrase === 'string' ? passphrase : '');
      return privateKeyFrom(services, { data, format: KeyFormat.pem, passphrase: given });
    },
    belongs: isKeyOf,
    readPfx: (source, passphrase) => readPfx(services, source, passphrase),
    dhParameterBits(source) {
      const block = readPem(source).find(({ label }) => label === 'DH PARAMETERS');
      return block === undefined ? null : bitLength(new DerReader(block.content).sequence().integer());
    },
    checkCrl: (source) => void readCrls(source),
    verifyChain: (chain, options) => verifyChain(services, chain, options),
    weaknessOf,
    chainProblems: (chain, options) => chainProblems(services, chain, options),
    isFor: (certificate, host) => {
      const address = addressBytes(host.replace(/^\[(.*)\]$/, '$1'));
      return address === null ? matchHost(certificate, host, 0) !== undefined : matchAddress(certificate, address);
    },
    chainOf,
    verifyError,
    verifyText,
    legacyObject: (chain, isDetailed) => legacyObject(services, chain, isDetailed),
    certificateHandle: (chain) => new Handle(chain),
  };
}

/** For who is no process and speaks TLS: a utility of the shell. */
export function tlsServicesAlone(context: ProcessContext): TlsServices {
  const services = createServices(context, (key) => key);
  return tlsServices(services, certificateBindings(services, keyBindings(services).KeyObjectHandle).X509Certificate);
}

type CertificateHandle = new (chain: readonly Certificate[]) => object;

export function tlsCrypto(services: CryptoServices): TlsCrypto {
  const { digestNamed, random } = services;
  const optionsOf = ({ isPss }: SignatureParameters) =>
    isPss ? { padding: RsaPadding.pss, saltLength: DIGEST_SALT } : {};
  const digestOf = ({ hash }: SignatureParameters) => (hash === null ? null : digestNamed(hash));
  return {
    random,
    digest: (hash, ...parts) => digestWhole(digestNamed(hash), ...parts),
    hmac(hash, key, ...parts) {
      const running = RunningHmac.begin(digestNamed(hash), key);
      for (const part of parts) running.update(part);
      return running.digest();
    },
    hashLength: (hash) => digestNamed(hash).outputLength,
    seal,
    open,
    encryptBlocks: (key, iv, blocks) => cbc(key, iv, { disablePadding: true }).encrypt(blocks),
    decryptBlocks: (key, iv, blocks) => cbc(key, iv, { disablePadding: true }).decrypt(blocks),
    encryptSecret(key, secret) {
      const rsa = rsaOf(key);
      const padded = padPkcs1(2, secret, modulusBytes(rsa), random);
      if (padded === null) throw new RangeError('the key is too short');
      return publicOperation(rsa, padded);
    },
    decryptSecret(key, sealed) {
      const rsa = rsaOf(key);
      return rsa.private === undefined ? null : unpadPkcs1(2, privateOperation(rsa, rsa.private, sealed));
    },
    group: (name) => keyGroup(services, name),
    sign: (key, parameters, message) =>
      sign(services, key, { message, digest: digestOf(parameters) }, optionsOf(parameters)),
    verify: (key, parameters, message, signature) =>
      verify(services, key, { message, digest: digestOf(parameters), signature }, optionsOf(parameters)),
    readCertificate,
    publicKeyOf: ({ publicKey }) => readSpki(publicKey),
  };
}

function rsaOf(key: AsymmetricKey): RsaKey {
  if (key.type !== 'rsa') throw new TypeError('expected a key of RSA');
  return key;
}

function keyGroup(services: CryptoServices, name: string): KeyGroup {
  if (name === 'X25519MLKEM768') return hybridGroup(services);
  const offer = name.startsWith('X') ? rawShare(services, name) : curveShare(services, name);
  return {
    offer,
    answer(other) {
      const { share, agree } = offer();
      return { share, secret: agree(other) };
    },
  };
}

const rawShare = (services: CryptoServices, name: string) => () => {
  const { derive, agree, entropy } = rawAlgorithm(name.toLowerCase() as RawKeyType);
  const key = derive(services.random(entropy));
  return {
    share: key.public,
    agree: (other: Uint8Array) => agree?.(key.private ?? new Uint8Array(0), other) ?? new Uint8Array(0),
  };
};

const curveShare = (services: CryptoServices, name: string) => () => {
  const curve = findCurve(name);
  if (curve === undefined) throw new Error(`no curve ${name}`);
  const secret = toBytes(randomBelow(curve.ecdsa.Point.CURVE().n, services.random), curve.scalarSize);
  return { share: publicPoint(curve, secret), agree: (other: Uint8Array) => agreeOnCurve(curve, secret, other) };
};

const KEM_KEY = 1184;
const KEM_TEXT = 1088;

/** ML-KEM-768 with X25519 behind it (draft-ietf-tls-ecdhe-mlkem). */
function hybridGroup(services: CryptoServices): KeyGroup {
  const kem = rawAlgorithm('ml-kem-768');
  const curve = rawShare(services, 'X25519');
  return {
    offer() {
      const key = kem.derive(services.random(kem.entropy));
      const { share, agree } = curve();
      return {
        share: joinBytes([key.public, share]),
        agree(other) {
          const secret = kem.decapsulate?.(key.private ?? new Uint8Array(0), other.slice(0, KEM_TEXT));
          return joinBytes([secret ?? new Uint8Array(0), agree(other.slice(KEM_TEXT))]);
        },
      };
    },
    answer(other) {
      const sealed = kem.encapsulate?.(other.slice(0, KEM_KEY), services.random);
      if (sealed === undefined) throw new Error('ML-KEM encapsulates');
      const { share, agree } = curve();
      return {
        share: joinBytes([sealed.cipherText, share]),
        secret: joinBytes([sealed.sharedSecret, agree(other.slice(KEM_KEY))]),
      };
    },
  };
}
