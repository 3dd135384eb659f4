/**
 * The checks of OpenSSL's X509_verify_cert, in its order. Node lets it go on behind each failure, so that the last one is what
 * is told.
 */

import type { VerifyOptions } from '../../tls/tls-services.ts';
import { bitLength } from '../integers.ts';
import type { AsymmetricKey } from '../keys/asymmetric-key.ts';
import { DerError } from '../keys/der.ts';
import { readSpki } from '../keys/key-encoding.ts';
import type { CryptoServices } from '../services.ts';
import type { Certificate } from './certificate.ts';
import { hasIssued, isSelfIssued, sameCertificate } from './chain.ts';
import { readCrls, revocation } from './crl.ts';
import { allowsUse, basicConstraints, extendedKeyUsage, KeyUsage, saysKeyUsage } from './extensions.ts';
import { isSignedBy, signatureHash } from './signature.ts';
import { VerifyResult } from './verify-results.ts';

const LONGEST = 100;
/** The purposes of RFC 5280, section 4.2.1.12. */
const PURPOSES = { server: '1.3.6.1.5.5.7.3.1', client: '1.3.6.1.5.5.7.3.2' } as const;
const ANY_PURPOSE = '2.5.29.37.0';
const LEAST_RSA_BITS = 1024;
const WEAK_HASHES = new Set(['md5', 'sha1']);

interface Built {
  chain: Certificate[];
  isTrusted: boolean;
  /** So many of them came from the peer. */
  untrusted: number;
}

export function verifyChain(services: CryptoServices, sent: readonly Certificate[], options: VerifyOptions): number {
  try {
    return verifyWhole(services, sent, options);
  } catch (error) {
    // The extensions are the peer's, and are read as far as they are asked for.
    if (error instanceof DerError) return VerifyResult.invalidExtension;
    throw error;
  }
}

function verifyWhole(services: CryptoServices, sent: readonly Certificate[], options: VerifyOptions): number {
  const [own, ...others] = sent;
  if (own === undefined) return VerifyResult.unableToGetIssuer;
  const built = build(own, others, options);
  let result = trustOf(built);
  for (const check of [checkExtensions, checkStrength]) result = check(built.chain, options) || result;
  result = checkRevocation(services, built.chain, options) || result;
  return checkSignatures(services, built.chain, options) || result;
}

/** Trusted issuers first. */
function build(
  own: Certificate,
  others: readonly Certificate[],
  { trusted, allowsPartial, now }: VerifyOptions,
): Built {
  const chain = [own];
  const isAnchor = (one: Certificate) =>
    (allowsPartial || isSelfIssued(one)) && trusted.some((known) => sameCertificate(known, one));
  let untrusted = 1;
  if (isAnchor(own)) return { chain, isTrusted: true, untrusted: 0 };
  let onlyTrusted = false;
  while (chain.length < LONGEST) {
    const top = chain[chain.length - 1] as Certificate;
    if (isSelfIssued(top)) break;
    const issuer = best(trusted, top, chain, now);
    if (issuer !== undefined) {
      chain.push(issuer);
      onlyTrusted = true;
      if (isSelfIssued(issuer) || allowsPartial) return { chain, isTrusted: true, untrusted };
      continue;
    }
    const next = onlyTrusted ? undefined : best(others, top, chain, now);
    if (next === undefined) break;
    chain.push(next);
    if (isAnchor(next)) return { chain, isTrusted: true, untrusted };
    untrusted++;
  }
  return { chain, isTrusted: false, untrusted };
}

/** One that is valid now before others. */
function best(known: readonly Certificate[], below: Certificate, chain: readonly Certificate[], now: number) {
  const issuers = known.filter((one) => hasIssued(one, below) && !chain.some((in_) => sameCertificate(in_, one)));
  return issuers.find(({ notBefore, notAfter }) => notBefore <= now && now <= notAfter) ?? issuers[0];
}

function trustOf({ chain, isTrusted, untrusted }: Built): number {
  if (isTrusted) return 0;
  const top = chain[chain.length - 1] as Certificate;
  if (isSelfIssued(top)) return chain.length === 1 ? VerifyResult.selfSignedLeaf : VerifyResult.selfSignedInChain;
  return untrusted < chain.length ? VerifyResult.unableToGetIssuer : VerifyResult.unableToGetLocalIssuer;
}

function checkExtensions(chain: readonly Certificate[], { purpose }: VerifyOptions): number {
  let result = 0;
  let authorities = 0;
  for (const [i, certificate] of chain.entries()) {
    const constraints = basicConstraints(certificate);
    // OpenSSL says that it is no authority, and then that it does not serve the purpose.
    if (i > 0 && !mayBeAuthority(certificate)) result = VerifyResult.invalidPurpose;
    const purposes = extendedKeyUsage(certificate);
    const allowed = purposes === null || purposes.includes(PURPOSES[purpose]) || purposes.includes(ANY_PURPOSE);
    if (!allowed || (i === 0 && !allowsPurpose(certificate, purpose))) result = VerifyResult.invalidPurpose;
    const limit = constraints?.pathLength ?? null;
    if (i > 1 && limit !== null && authorities > limit) result = VerifyResult.pathTooLong;
    if (i > 0 && !isSelfIssued(certificate)) authorities++;
  }
  return result;
}

/** One of version 1 that has issued itself is an old root. */
function mayBeAuthority(certificate: Certificate): boolean {
  if (!allowsUse(certificate, KeyUsage.certSign)) return false;
  const constraints = basicConstraints(certificate);
  if (constraints !== null) return constraints.isAuthority;
  return (certificate.version === 1 && isSelfIssued(certificate)) || saysKeyUsage(certificate);
}

/** The digest's signature of TLS 1.3, or one of the old ways to agree on a key. */
function allowsPurpose(certificate: Certificate, purpose: 'server' | 'client'): boolean {
  const uses = [KeyUsage.digitalSignature, KeyUsage.keyAgreement];
  if (purpose === 'server') uses.push(KeyUsage.keyEncipherment as never);
  return uses.some((use) => allowsUse(certificate, use));
}

function keyOf(certificate: Certificate): AsymmetricKey | null {
  try {
    return readSpki(certificate.publicKey);
  } catch {
    // Of an algorithm that is not known here.
    return null;
  }
}

/** OpenSSL's security level 1: 80 bits. */
function checkStrength(chain: readonly Certificate[]): number {
  let result = 0;
  for (const [i, certificate] of chain.entries()) {
    const key = keyOf(certificate);
    if (key !== null && 'n' in key && bitLength(key.n) < LEAST_RSA_BITS) {
      result = i === 0 ? VerifyResult.weakKey : VerifyResult.weakAuthorityKey;
    }
    const isSigned = i < chain.length - 1;
    if (isSigned && WEAK_HASHES.has(signatureHash(certificate.signature) ?? '')) result = VerifyResult.weakDigest;
  }
  return result;
}

function checkRevocation(
  services: CryptoServices,
  chain: readonly Certificate[],
  { crls, now }: VerifyOptions,
): number {
  if (crls.length === 0) return 0;
  const lists = crls.flatMap(readCrls);
  let result = 0;
  for (const [i, certificate] of chain.entries()) {
    const issuer = chain[i + 1] ?? certificate;
    result = revocation(services, { certificate, issuer, issuerKey: keyOf(issuer), lists, now }) || result;
  }
  return result;
}

/** From the top down; the top one's own signature proves nothing. */
function checkSignatures(
  services: CryptoServices,
  chain: readonly Certificate[],
  { now, allowsPartial }: VerifyOptions,
): number {
  let result = 0;
  const top = chain[chain.length - 1] as Certificate;
  if (!isSelfIssued(top) && chain.length === 1 && !allowsPartial) result = VerifyResult.unableToVerifyLeaf;
  for (let i = chain.length - 1; i >= 0; i--) {
    const certificate = chain[i] as Certificate;
    const issuer = chain[i + 1];
    if (issuer !== undefined) {
      const key = keyOf(issuer);
      if (key === null) result = VerifyResult.unableToDecodeKey;
      else if (!isSignedBy(services, certificate, key)) result = VerifyResult.wrongSignature;
    }
    // OpenSSL passes over the times of a top one that somebody else has issued.
    if (issuer === undefined && chain.length > 1 && !isSelfIssued(certificate) && !allowsPartial) continue;
    if (certificate.notBefore > now) result = VerifyResult.notYetValid;
    else if (certificate.notAfter < now) result = VerifyResult.expired;
  }
  return result;
}
