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

/** By its names alone: an authority may give itself a new key. */
export const isSelfIssued = ({ subject, issuer }: Certificate): boolean => subject.key === issuer.key;

/** By its names and the identifiers of its keys. */
export const isSelfSigned = (certificate: Certificate): boolean =>
  isSelfIssued(certificate) && matchesOwnKey(certificate);

function matchesOwnKey(certificate: Certificate): boolean {
  const authority = authorityKeyId(certificate);
  const own = subjectKeyId(certificate);
  return authority?.keyId === undefined || authority.keyId === null || own === null || same(authority.keyId, own);
}

const LONGEST = 100;

/** The certificate and those above it, as far as they are among these. */
export function chainOf(certificate: Certificate, known: readonly Certificate[]): Certificate[] {
  const chain = [certificate];
  for (let top = certificate; !isSelfSigned(top) && chain.length < LONGEST; ) {
    const below = top;
    const issuer = known.find((one) => hasIssued(one, below) && !chain.includes(one));
    if (issuer === undefined) break;
    chain.push(issuer);
    top = issuer;
  }
  return chain;
}
