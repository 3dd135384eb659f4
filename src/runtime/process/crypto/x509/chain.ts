/** Who has issued what: chains of certificates. */
import type { Certificate } from './certificate.ts';
import { allowsUse, authorityKeyId, KeyUsage, subjectKeyId } from './extensions.ts';

const same = (left: Uint8Array, right: Uint8Array): boolean =>
  left.length === right.length && left.every((byte, i) => byte === right[i]);

export const sameCertificate = (left: Certificate, right: Certificate): boolean => same(left.raw, right.raw);

/** Whether the names and the identifiers of the keys say so, and the issuer's key may sign certificates. */
export function hasIssued(issuer: Certificate, certificate: Certificate): boolean {
  if (issuer.subject.key !== certificate.issuer.key) return false;
  const authority = authorityKeyId(certificate);
  if (authority !== null) {
    const own = subjectKeyId(issuer);
    if (authority.keyId !== null && own !== null && !same(authority.keyId, own)) return false;
    if (authority.serial !== null && !same(authority.serial, issuer.serial)) return false;
    if (authority.issuer !== null && authority.issuer.key !== issuer.issuer.key) return false;
  }
  return allowsUse(issuer, KeyUsage.certSign);
}

export const isSelfIssued = (certificate: Certificate): boolean =>
  certificate.subject.key === certificate.issuer.key && matchesOwnKey(certificate);

function matchesOwnKey(certificate: Certificate): boolean {
  const authority = authorityKeyId(certificate);
  const own = subjectKeyId(certificate);
  return authority?.keyId === undefined || authority.keyId === null || own === null || same(authority.keyId, own);
}

const LONGEST = 100;

/** The certificate and those above it, as far as they are among these. */
export function chainOf(certificate: Certificate, known: readonly Certificate[]): Certificate[] {
  const chain = [certificate];
  for (let top = certificate; !isSelfIssued(top) && chain.length < LONGEST; ) {
    const below = top;
    const issuer = known.find((one) => hasIssued(one, below) && !chain.includes(one));
    if (issuer === undefined) break;
    chain.push(issuer);
    top = issuer;
  }
  return chain;
}
