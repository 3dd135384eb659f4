/**
 * The checks of OpenSSL's X509_verify_cert, in its order. Node lets it go on behind each failure, so that the last one is what
 * is told.
 */

import type { VerifyOptions } from '../../tls/tls-services.ts';
import { DerError } from '../keys/der.ts';
import type { CryptoServices } from '../services.ts';
import type { Certificate } from './certificate.ts';
import { hasIssued, isSelfIssued, isSelfSigned, sameCertificate } from './chain.ts';
import { readCrls, revocation } from './crl.ts';
import {
  allowsUse,
  basicConstraints,
  extendedKeyUsage,
  hasUnhandledExtension,
  KeyUsage,
  saysKeyUsage,
} from './extensions.ts';
import { checkNameConstraints } from './name-constraints.ts';
import { isSignedBy } from './signature.ts';
import { checkOwnStrength, checkStrength, publicKeyOf } from './strength.ts';
import { VerifyResult } from './verify-results.ts';

const LONGEST = 100;
/** The purposes of RFC 5280, section 4.2.1.12, and what servers once had in its place; any purpose is none of them. */
const PURPOSES: Readonly<Record<VerifyOptions['purpose'], readonly string[]>> = {
  server: ['1.3.6.1.5.5.7.3.1', '2.16.840.1.113730.4.1', '1.3.6.1.4.1.311.10.3.3'],
  client: ['1.3.6.1.5.5.7.3.2'],
};
/** The digest's signature of TLS 1.3, or one of the old ways to agree on a key. */
const USES: Readonly<Record<VerifyOptions['purpose'], readonly number[]>> = {
  server: [KeyUsage.digitalSignature, KeyUsage.keyEncipherment, KeyUsage.keyAgreement],
  client: [KeyUsage.digitalSignature, KeyUsage.keyAgreement],
};

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
  let result = trustOf(built) || checkOwnStrength(own, options.securityLevel);
  result = checkExtensions(built.chain, options) || result;
  result = checkStrength(built.chain, options.securityLevel) || result;
  result = checkRevocation(services, built.chain, options) || result;
  result = checkSignatures(services, built.chain, options) || result;
  return checkNameConstraints(built.chain) || result;
}

/** Trusted issuers first. */
function build(
  own: Certificate,
  others: readonly Certificate[],
  { trusted, allowsPartial, now }: VerifyOptions,
): Built {
  const chain = [own];
  const isAnchor = (one: Certificate) =>
    (allowsPartial || isSelfSigned(one)) && trusted.some((known) => sameCertificate(known, one));
  let untrusted = 1;
  if (isAnchor(own)) return { chain, isTrusted: true, untrusted: 0 };
  let onlyTrusted = false;
  while (chain.length < LONGEST) {
    const top = chain[chain.length - 1] as Certificate;
    if (isSelfSigned(top)) break;
    const issuer = best(trusted, top, chain, now);
    if (issuer !== undefined) {
      chain.push(issuer);
      onlyTrusted = true;
      if (isSelfSigned(issuer) || allowsPartial) return { chain, isTrusted: true, untrusted };
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
  if (isSelfSigned(top)) return chain.length === 1 ? VerifyResult.selfSignedLeaf : VerifyResult.selfSignedInChain;
  return untrusted < chain.length ? VerifyResult.unableToGetIssuer : VerifyResult.unableToGetLocalIssuer;
}

function checkExtensions(chain: readonly Certificate[], { purpose }: VerifyOptions): number {
  let result = 0;
  let authorities = 0;
  for (const [i, certificate] of chain.entries()) {
    const constraints = basicConstraints(certificate);
    if (hasUnhandledExtension(certificate)) result = VerifyResult.unhandledExtension;
    const allowed = extendedKeyUsage(certificate)?.some((one) => PURPOSES[purpose].includes(one)) ?? true;
    // OpenSSL says that it is no authority, and then that it does not serve the purpose.
    if (i > 0 && !mayBeAuthority(certificate)) result = VerifyResult.invalidPurpose;
    if (!allowed || (i === 0 && !USES[purpose].some((use) => allowsUse(certificate, use))))
      result = VerifyResult.invalidPurpose;
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
  return (certificate.version === 1 && isSelfSigned(certificate)) || saysKeyUsage(certificate);
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
    result = revocation(services, { certificate, issuer, issuerKey: publicKeyOf(issuer), lists, now }) || result;
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
  if (!isSelfSigned(top) && chain.length === 1 && !allowsPartial) result = VerifyResult.unableToVerifyLeaf;
  for (let i = chain.length - 1; i >= 0; i--) {
    const certificate = chain[i] as Certificate;
    const issuer = chain[i + 1];
    if (issuer !== undefined) {
      const key = publicKeyOf(issuer);
      if (key === null) result = VerifyResult.unableToDecodeKey;
      else if (!isSignedBy(services, certificate, key)) result = VerifyResult.wrongSignature;
    }
    // OpenSSL passes over the times of a top one that somebody else has issued.
    if (issuer === undefined && chain.length > 1 && !isSelfSigned(certificate) && !allowsPartial) continue;
    if (certificate.notBefore > now) result = VerifyResult.notYetValid;
    else if (certificate.notAfter < now) result = VerifyResult.expired;
  }
  return result;
}
