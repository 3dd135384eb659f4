/** The signatures on certificates. */
import type { AsymmetricKey } from '../keys/asymmetric-key.ts';
import { DerReader, Tag } from '../keys/der.ts';
import { readPss } from '../keys/key-encoding.ts';
import type { CryptoServices } from '../services.ts';
import { RsaPadding, verify } from '../signatures/signatures.ts';
import type { SignatureOf } from './certificate.ts';

interface SignatureAlgorithm {
  /** OpenSSL's name. */
  name: string;
  /** null: the algorithm takes the whole message. */
  hash: string | null;
  key: (key: AsymmetricKey) => boolean;
}

const isRsa = (key: AsymmetricKey) => key.type === 'rsa';
const isEc = (key: AsymmetricKey) => key.type === 'ec';
const isDsa = (key: AsymmetricKey) => key.type === 'dsa';

const ALGORITHMS: Readonly<Record<string, SignatureAlgorithm>> = {
  '1.2.840.113549.1.1.4': { name: 'md5WithRSAEncryption', hash: 'md5', key: isRsa },
  '1.2.840.113549.1.1.5': { name: 'sha1WithRSAEncryption', hash: 'sha1', key: isRsa },
  '1.2.840.113549.1.1.14': { name: 'sha224WithRSAEncryption', hash: 'sha224', key: isRsa },
  '1.2.840.113549.1.1.11': { name: 'sha256WithRSAEncryption', hash: 'sha256', key: isRsa },
  '1.2.840.113549.1.1.12': { name: 'sha384WithRSAEncryption', hash: 'sha384', key: isRsa },
  '1.2.840.113549.1.1.13': { name: 'sha512WithRSAEncryption', hash: 'sha512', key: isRsa },
  '1.2.840.113549.1.1.10': { name: 'rsassaPss', hash: 'sha1', key: (key) => isRsa(key) || key.type === 'rsa-pss' },
  '1.2.840.10045.4.1': { name: 'ecdsa-with-SHA1', hash: 'sha1', key: isEc },
  '1.2.840.10045.4.3.1': { name: 'ecdsa-with-SHA224', hash: 'sha224', key: isEc },
  '1.2.840.10045.4.3.2': { name: 'ecdsa-with-SHA256', hash: 'sha256', key: isEc },
  '1.2.840.10045.4.3.3': { name: 'ecdsa-with-SHA384', hash: 'sha384', key: isEc },
  '1.2.840.10045.4.3.4': { name: 'ecdsa-with-SHA512', hash: 'sha512', key: isEc },
  '1.2.840.10040.4.3': { name: 'dsaWithSHA1', hash: 'sha1', key: isDsa },
  '2.16.840.1.101.3.4.3.2': { name: 'dsa_with_SHA256', hash: 'sha256', key: isDsa },
  '1.3.101.112': { name: 'ED25519', hash: null, key: ({ type }) => type === 'ed25519' },
  '1.3.101.113': { name: 'ED448', hash: null, key: ({ type }) => type === 'ed448' },
  '2.16.840.1.101.3.4.3.17': { name: 'ML-DSA-44', hash: null, key: ({ type }) => type === 'ml-dsa-44' },
  '2.16.840.1.101.3.4.3.18': { name: 'ML-DSA-65', hash: null, key: ({ type }) => type === 'ml-dsa-65' },
  '2.16.840.1.101.3.4.3.19': { name: 'ML-DSA-87', hash: null, key: ({ type }) => type === 'ml-dsa-87' },
};
const PSS = 'rsassaPss';

/** OpenSSL's name of the algorithm; undefined for one that is not known here. */
export const signatureName = ({ oid }: SignatureOf): string | undefined => ALGORITHMS[oid]?.name;

/** The hash function of the signature; null where there is none, or the algorithm is not known here. */
export function signatureHash({ oid, parameters }: SignatureOf): string | null {
  const algorithm = ALGORITHMS[oid];
  return algorithm?.name === PSS ? pssOf(parameters).hash : (algorithm?.hash ?? null);
}

function pssOf(parameters: Uint8Array | null): { hash: string; saltLength: number } {
  const { hash = 'sha1', saltLength = 20 } = readPss(new DerReader(parameters ?? new Uint8Array(0))) ?? {};
  return { hash, saltLength };
}

/** What is signed names the algorithm, too: behind a version or a number, as the first sequence. */
function namesAlgorithm(signed: Uint8Array, algorithm: Uint8Array): boolean {
  const body = new DerReader(signed).sequence();
  while (!body.atEnd && body.nextTag !== Tag.sequence) body.any();
  const { whole } = body.any();
  return whole.length === algorithm.length && whole.every((byte, i) => byte === algorithm[i]);
}

/** Whether the key has made the signature of these bytes. */
export function isSignedBy(
  services: CryptoServices,
  { signed: message, signature: made }: { signed: Uint8Array; signature: SignatureOf },
  key: AsymmetricKey,
): boolean {
  const { oid, parameters, bytes: signature } = made;
  const algorithm = ALGORITHMS[oid];
  if (algorithm === undefined || !algorithm.key(key)) return false;
  try {
    if (!namesAlgorithm(message, made.algorithm)) return false;
    if (algorithm.name !== PSS) {
      const digest = algorithm.hash === null ? null : services.digestNamed(algorithm.hash);
      return verify(services, key, { message, digest, signature }, {});
    }
    const { hash, saltLength } = pssOf(parameters);
    const digest = services.digestNamed(hash);
    const options = { padding: RsaPadding.pss, saltLength };
    return verify(services, key, { message, digest, signature }, options);
  } catch {
    // Parameters or a signature of a wrong form are no signature.
    return false;
  }
}
