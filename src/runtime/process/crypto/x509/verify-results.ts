/** What can be wrong with a chain of certificates, by OpenSSL's numbers. */

export const VerifyResult = {
  unspecified: 1,
  unableToGetIssuer: 2,
  unableToGetCrl: 3,
  unableToDecodeKey: 6,
  wrongSignature: 7,
  notYetValid: 9,
  expired: 10,
  crlNotYetValid: 11,
  crlExpired: 12,
  selfSignedLeaf: 18,
  selfSignedInChain: 19,
  unableToGetLocalIssuer: 20,
  unableToVerifyLeaf: 21,
  revoked: 23,
  pathTooLong: 25,
  invalidPurpose: 26,
  unhandledExtension: 34,
  invalidExtension: 41,
  permittedViolation: 47,
  excludedViolation: 48,
  subtreeDistance: 49,
  unsupportedConstraint: 51,
  unsupportedNameSyntax: 53,
  weakKey: 66,
  weakAuthorityKey: 67,
  weakDigest: 68,
  invalidAuthority: 79,
  wrongCrlSignature: 8,
} as const;

const TEXTS: Readonly<Record<number, [code: string, message: string]>> = {
  2: ['UNABLE_TO_GET_ISSUER_CERT', 'unable to get issuer certificate'],
  3: ['UNABLE_TO_GET_CRL', 'unable to get certificate CRL'],
  6: ['UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY', 'unable to decode issuer public key'],
  7: ['CERT_SIGNATURE_FAILURE', 'certificate signature failure'],
  8: ['CRL_SIGNATURE_FAILURE', 'CRL signature failure'],
  9: ['CERT_NOT_YET_VALID', 'certificate is not yet valid'],
  10: ['CERT_HAS_EXPIRED', 'certificate has expired'],
  11: ['CRL_NOT_YET_VALID', 'CRL is not yet valid'],
  12: ['CRL_HAS_EXPIRED', 'CRL has expired'],
  18: ['DEPTH_ZERO_SELF_SIGNED_CERT', 'self-signed certificate'],
  19: ['SELF_SIGNED_CERT_IN_CHAIN', 'self-signed certificate in certificate chain'],
  20: ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'unable to get local issuer certificate'],
  21: ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'unable to verify the first certificate'],
  23: ['CERT_REVOKED', 'certificate revoked'],
  25: ['PATH_LENGTH_EXCEEDED', 'path length constraint exceeded'],
  26: ['INVALID_PURPOSE', 'unsuitable certificate purpose'],
  34: ['UNSPECIFIED', 'unhandled critical extension'],
  41: ['UNSPECIFIED', 'invalid or inconsistent certificate extension'],
  47: ['UNSPECIFIED', 'permitted subtree violation'],
  48: ['UNSPECIFIED', 'excluded subtree violation'],
  49: ['UNSPECIFIED', 'name constraints minimum and maximum not supported'],
  51: ['UNSPECIFIED', 'unsupported name constraint type'],
  53: ['UNSPECIFIED', 'unsupported or invalid name syntax'],
  66: ['UNSPECIFIED', 'EE certificate key too weak'],
  67: ['UNSPECIFIED', 'CA certificate key too weak'],
  68: ['UNSPECIFIED', 'CA signature digest algorithm too weak'],
  79: ['INVALID_CA', 'invalid CA certificate'],
};

/** Where Node thinks that the system may know more. */
const MAYBE_SYSTEM: ReadonlySet<number> = new Set([2, 18, 21]);
const SUGGESTION = '; if the root CA is installed locally, try running Node.js with --use-system-ca';

const UNSPECIFIED = ['UNSPECIFIED', 'unspecified certificate verification error'] as const;

/** In OpenSSL's words. */
export const verifyText = (result: number): string => (TEXTS[result] ?? UNSPECIFIED)[1];

/** In Node's words. */
export function verifyError(result: number): { code: string; message: string } {
  const [code, message] = TEXTS[result] ?? UNSPECIFIED;
  return { code, message: MAYBE_SYSTEM.has(result) ? message + SUGGESTION : message };
}
