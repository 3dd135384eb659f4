/** Signed public keys with a challenge (Netscape's SPKAC), which the library's Certificate reads. */
import { bytesOf, decodeLatin1, encodeLatin1 } from '../streams/text.ts';
import { nativeError } from './errors.ts';
import { DerReader, Tag } from './keys/der.ts';
import { readSpki, writeSpki } from './keys/key-encoding.ts';
import { writePem } from './keys/pem.ts';
import type { CryptoServices } from './services.ts';
import { verify } from './signatures/signatures.ts';

const LARGEST = 2 ** 31 - 1;

/** The digest of what is signed, by the signature's algorithm. */
const SIGNATURES: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.4': 'md5',
  '1.2.840.113549.1.1.5': 'sha1',
  '1.2.840.113549.1.1.11': 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
  '1.2.840.10045.4.1': 'sha1',
  '1.2.840.10045.4.3.2': 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
};

interface SignedKey {
  /** What the signature is of. */
  signed: Uint8Array;
  publicKey: Uint8Array;
  challenge: Uint8Array;
  algorithm: string;
  signature: Uint8Array;
}

export function spkacBindings(services: CryptoServices) {
  const { context, text } = services;
  const read = (source: unknown): SignedKey | null => {
    const bytes = bytesOf(source);
    if (bytes.length <= LARGEST) return readSpkac(bytes);
    throw nativeError(context, { kind: 'RangeError', message: 'spkac is too large', code: 'ERR_OUT_OF_RANGE' });
  };
  return {
    /** Of nothing, nothing. */
    certVerifySpkac(source: unknown): boolean | '' {
      const spkac = read(source);
      if (bytesOf(source).length === 0) return '';
      if (spkac === null) return false;
      const digest = services.findDigest(SIGNATURES[spkac.algorithm] ?? '');
      if (digest === undefined) return false;
      try {
        const { signed: message, signature } = spkac;
        return verify(services, readSpki(spkac.publicKey), { message, digest, signature }, {});
      } catch {
        // No key that is known here, or one of another kind than the signature.
        return false;
      }
    },
    certExportPublicKey(source: unknown): unknown {
      const spkac = read(source);
      if (spkac === null) return '';
      try {
        return text.write(encodeLatin1(writePem('PUBLIC KEY', writeSpki(readSpki(spkac.publicKey)))));
      } catch {
        // No key that is known here.
        return '';
      }
    },
    certExportChallenge(source: unknown): unknown {
      const spkac = read(source);
      return spkac === null ? '' : text.write(spkac.challenge);
    },
  };
}

/** Null when it is none. */
function readSpkac(source: Uint8Array): SignedKey | null {
  try {
    const whole = new DerReader(encodeLatin1(atob(decodeLatin1(source)))).sequence();
    const signed = whole.any().whole;
    const algorithm = whole.sequence().oid();
    const signature = whole.bits();
    const content = new DerReader(signed).sequence();
    const publicKey = content.any().whole;
    const challenge = content.expect(Tag.ia5);
    return { signed, publicKey, challenge, algorithm, signature };
  } catch {
    // Neither base64 nor DER.
    return null;
  }
}
