/** What contexts and connections need of the part `crypto` (`crypto/tls-services.ts`), beside the cryptography itself. */
import type { AsymmetricKey } from '../crypto/keys/asymmetric-key.ts';
import type { Certificate } from '../crypto/x509/certificate.ts';
import type { Identity } from './engine/settings.ts';
import type { TlsCrypto } from './engine/tls-crypto.ts';

export interface TlsServices extends TlsCrypto {
  /** Every certificate in a text of PEM, or the one that the DER is; throws as OpenSSL does when there is none. */
  readCertificates(source: Uint8Array): Certificate[];
  /** Throws as OpenSSL does. */
  readPrivateKey(source: unknown, passphrase: unknown): AsymmetricKey;
  /** Whether the key is that of the certificate. */
  belongs(key: AsymmetricKey, certificate: Certificate): boolean;
  /** A file in PKCS #12; throws as OpenSSL does. */
  readPfx(source: Uint8Array, passphrase: Uint8Array | null): Identity & { authorities: Certificate[] };
  /** Size of the prime of Diffie-Hellman parameters in PEM; null for what are none. */
  dhParameterBits(source: Uint8Array): number | null;
  /** Of a list of revoked certificates; throws when it is none. */
  checkCrl(source: Uint8Array): void;
  /** What OpenSSL says of certificates that are too weak to be shown on that level; null for good ones. */
  weaknessOf(chain: readonly Certificate[], securityLevel: number): string | null;
  /** OpenSSL's number of what is wrong with the chain, the peer's own certificate first; 0 for nothing. */
  verifyChain(chain: readonly Certificate[], options: VerifyOptions): number;
  /** The same, of all that is wrong. */
  chainProblems(chain: readonly Certificate[], options: VerifyOptions): number[];
  /** Whether the certificate is for the host, a name or an address. */
  isFor(certificate: Certificate, host: string): boolean;
  /** The certificate and those above it, as far as they are known. */
  chainOf(certificate: Certificate, known: readonly Certificate[]): Certificate[];
  /** OpenSSL's code and words for such a number. */
  verifyError(result: number): { code: string; message: string };
  /** OpenSSL's words alone. */
  verifyText(result: number): string;
  /** A certificate as `getPeerCertificate` tells it; in detail each one of the chain holds the next. */
  legacyObject(chain: readonly Certificate[], isDetailed: boolean): object;
  /** What `X509Certificate` has behind it. */
  certificateHandle(chain: readonly Certificate[]): object;
}

export interface VerifyOptions {
  trusted: readonly Certificate[];
  /** What the peer is to be. */
  purpose: 'server' | 'client';
  /** Any of the trusted ones may end a chain, and not only those that signed themselves. */
  allowsPartial: boolean;
  /** Lists of revoked certificates, in DER or PEM. */
  crls: readonly Uint8Array[];
  /** OpenSSL's level, 0 to 5. */
  securityLevel: number;
  now: number;
}
