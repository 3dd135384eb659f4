/**
 * The checks of OpenSSL's X509_verify_cert, in its order. Node lets it go on behind each failure, so that the last one is what
 * it tells; others end with the first.
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

/** Numbers of what is wrong, one after the other. */
type Problems = Generator<number, void, void>;

interface Built {
  chain: Certificate[];
  isTrusted: boolean;
  /** So many of them came from the peer. */
  untrusted: number;
}

/** OpenSSL's numbers of all that is wrong with the chain, the peer's own certificate first. */
export function chainProblems(
  services: CryptoServices,
  sent: readonly Certificate[],
  options: VerifyOptions,
): number[] {
  const problems: number[] = [];
  try {
    for (const problem of findProblems(services, sent, options)) problems.push(problem);
  } catch (error) {
    // The extensions are the peer's, and are read as far as they are asked for.
    if (!(error instanceof DerError)) throw error;
    problems.push(VerifyResult.invalidExtension);
  }
  return problems;
}

/** What Node tells: 0 for nothing. */
export const verifyChain = (...of: Parameters<typeof chainProblems>): number => chainProblems(...of).at(-1) ?? 0;

function* findProblems(services: CryptoServices, sent: readonly Certificate[], options: VerifyOptions) {
  const [own, ...others] = sent;
  if (own === undefined) {
    yield VerifyResult.unableToGetIssuer;
    return;
  }
  const { securityLevel } = options;
  yield* checkOwnStrength(own, securityLevel);
  const built = build(own, others, options);
  const { chain } = built;
  yield* checkTrust(built);
  yield* checkExtensions(chain, options);
  yield* checkStrength(chain, securityLevel);
  yield* checkRevocation(services, chain, options);
  yield* checkSignatures(services, chain, options);
  yield* checkNameConstraints(chain);
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

function* checkTrust({ chain, isTrusted, untrusted }: Built): Problems {
  if (isTrusted) return;
  const top = chain[chain.length - 1] as Certificate;
  if (isSelfSigned(top)) yield chain.length === 1 ? VerifyResult.selfSignedLeaf : VerifyResult.selfSignedInChain;
  else yield untrusted < chain.length ? VerifyResult.unableToGetIssuer : VerifyResult.unableToGetLocalIssuer;
}

function* checkExtensions(chain: readonly Certificate[], { purpose }: VerifyOptions): Problems {
  let authorities = 0;
  for (const [i, certificate] of chain.entries()) {
    const constraints = basicConstraints(certificate);
    if (hasUnhandledExtension(certificate)) yield VerifyResult.unhandledExtension;
    const allowed = extendedKeyUsage(certificate)?.some((one) => PURPOSES[purpose].includes(one)) ?? true;
    // OpenSSL says that it is no authority, and then that it does not serve the purpose.
    if (i > 0 && !mayBeAuthority(certificate)) yield VerifyResult.invalidPurpose;
    if (!allowed || (i === 0 && !USES[purpose].some((use) => allowsUse(certificate, use))))
      yield VerifyResult.invalidPurpose;
    const limit = constraints?.pathLength ?? null;
    if (i > 1 && limit !== null && authorities > limit) yield VerifyResult.pathTooLong;
    if (i > 0 && !isSelfIssued(certificate)) authorities++;
  }
}

/** One of version 1 that has issued itself is an old root. */
function mayBeAuthority(certificate: Certificate): boolean {
  if (!allowsUse(certificate, KeyUsage.certSign)) return false;
  const constraints = basicConstraints(certificate);
  if (constraints !== null) return constraints.isAuthority;
  return (certificate.version === 1 && isSelfSigned(certificate)) || saysKeyUsage(certificate);
}

function* checkRevocation(
  services: CryptoServices,
  chain: readonly Certificate[],
  { crls, now }: VerifyOptions,
): Problems {
  if (crls.length === 0) return;
  const lists = crls.flatMap(readCrls);
  for (const [i, certificate] of chain.entries()) {
    const issuer = chain[i + 1] ?? certificate;
    const problem = revocation(services, { certificate, issuer, issuerKey: publicKeyOf(issuer), lists, now });
    if (problem !== 0) yield problem;
  }
}

/** From the top down; the top one's own signature proves nothing. */
function* checkSignatures(
  services: CryptoServices,
  chain: readonly Certificate[],
  { now, allowsPartial }: VerifyOptions,
): Problems {
  const top = chain[chain.length - 1] as Certificate;
  if (!isSelfSigned(top) && chain.length === 1 && !allowsPartial) yield VerifyResult.unableToVerifyLeaf;
  for (let i = chain.length - 1; i >= 0; i--) {
    const certificate = chain[i] as Certificate;
    const issuer = chain[i + 1];
    if (issuer !== undefined) {
      const key = publicKeyOf(issuer);
      if (key === null) yield VerifyResult.unableToDecodeKey;
      else if (!isSignedBy(services, certificate, key)) yield VerifyResult.wrongSignature;
    }
    // OpenSSL passes over the times of a top one that somebody else has issued.
    if (issuer === undefined && chain.length > 1 && !isSelfSigned(certificate) && !allowsPartial) continue;
    if (certificate.notBefore > now) yield VerifyResult.notYetValid;
    else if (certificate.notAfter < now) yield VerifyResult.expired;
  }
}
