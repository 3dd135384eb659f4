/** The binding's X509Certificate, which the library's class of that name has behind it. */
import { bytesOf, copyOf, encodeUtf8 } from '../../streams/text.ts';
import { nativeError, opensslError } from '../errors.ts';
import type { AsymmetricKey } from '../keys/asymmetric-key.ts';
import { publicPart } from '../keys/asymmetric-key.ts';
import { readSpki, writeSpki } from '../keys/key-encoding.ts';
import { asymmetricOf, setMaterial } from '../keys/key-material.ts';
import { readPem, writePem } from '../keys/pem.ts';
import type { CryptoServices } from '../services.ts';
import { type Certificate, readCertificate } from './certificate.ts';
import { hasIssued } from './chain.ts';
import { extendedKeyUsage } from './extensions.ts';
import { addressBytes, matchAddress, matchEmail, matchHost } from './host-names.ts';
import { fingerprint, isAuthority, legacyObject } from './legacy.ts';
import { isSignedBy, signatureName } from './signature.ts';
import { altNameText, infoAccessText, nameLines, serialText, timeText } from './text.ts';

const CERTIFICATE = /^(X509 |TRUSTED )?CERTIFICATE$/;

/** Every certificate in a text of PEM, or the one that the DER is; throws as OpenSSL does when there is none. */
export function readCertificates(services: CryptoServices, source: Uint8Array): Certificate[] {
  const blocks = readPem(source).filter(({ label }) => CERTIFICATE.test(label));
  if (blocks.length > 0) return blocks.map(({ content }) => readOne(services, content));
  // DER begins with a sequence, which no text of PEM does.
  if (source[0] === 0x30 && source[1] !== undefined && source[1] > 0x7f) return [readOne(services, source)];
  throw opensslError(services.context, { library: 'pem', reason: 'no start line', number: 0x6c });
}

function readOne(services: CryptoServices, der: Uint8Array): Certificate {
  try {
    return readCertificate(der);
  } catch {
    // Whatever is wrong with the DER.
    throw opensslError(services.context, { library: 'asn1', reason: 'wrong tag', number: 0xa8 });
  }
}

export function certificateBindings(services: CryptoServices, KeyObjectHandle: new () => object) {
  const { context, text } = services;
  const invalid = (message: string) =>
    nativeError(context, { kind: 'TypeError', message, code: 'ERR_INVALID_ARG_VALUE' });
  const certificates = new WeakMap<object, Certificate>();
  const certificateOf = (handle: unknown): Certificate => {
    const found = typeof handle === 'object' && handle !== null ? certificates.get(handle) : undefined;
    if (found === undefined) throw new TypeError('expected a certificate');
    return found;
  };

  const keyIn = ({ publicKey }: Certificate): AsymmetricKey => {
    try {
      return readSpki(publicKey);
    } catch {
      // Its bits are no key, or one of an algorithm that is not known here.
      throw opensslError(context, { library: 'evp', reason: 'decode error', number: 0x72 });
    }
  };

  class X509Certificate {
    readonly #certificate: Certificate;
    readonly #above: readonly Certificate[];

    /** With those above it, as far as they are known. */
    constructor([certificate, ...above]: readonly Certificate[]) {
      if (certificate === undefined) throw new TypeError('expected a certificate');
      this.#certificate = certificate;
      this.#above = above;
      certificates.set(this, certificate);
    }
    subject = () => nameLines(this.#certificate.subject);
    issuer = () => nameLines(this.#certificate.issuer);
    subjectAltName = () => altNameText(this.#certificate);
    infoAccess = () => infoAccessText(this.#certificate);
    validFrom = () => timeText(this.#certificate.notBefore);
    validTo = () => timeText(this.#certificate.notAfter);
    validFromDate = () => new context.global.Date(this.#certificate.notBefore);
    validToDate = () => new context.global.Date(this.#certificate.notAfter);
    fingerprint = () => fingerprint(services, 'sha1', this.#certificate);
    fingerprint256 = () => fingerprint(services, 'sha256', this.#certificate);
    fingerprint512 = () => fingerprint(services, 'sha512', this.#certificate);
    keyUsage = () => extendedKeyUsage(this.#certificate) ?? undefined;
    serialNumber = () => serialText(this.#certificate);
    signatureAlgorithm = () => signatureName(this.#certificate.signature);
    signatureAlgorithmOid = () => this.#certificate.signature.oid;
    raw = () => text.write(this.#certificate.raw);
    pem = () => writePem('CERTIFICATE', this.#certificate.raw);
    checkCA = () => isAuthority(this.#certificate);
    toLegacy = () => legacyObject(services, [this.#certificate], false);
    publicKey(): object {
      const handle = new KeyObjectHandle();
      setMaterial(handle, { kind: 'public', key: keyIn(this.#certificate) });
      return handle;
    }
    getIssuerCert(): object | undefined {
      return this.#above.length === 0 ? undefined : new X509Certificate(this.#above);
    }
    checkHost(name: string, flags: number): string | undefined {
      if (name.includes('\0')) throw invalid('Invalid name');
      return matchHost(this.#certificate, name, flags);
    }
    checkEmail(email: string, flags: number): string | undefined {
      if (email.includes('\0')) throw invalid('Invalid name');
      return matchEmail(this.#certificate, email, flags) ? email : undefined;
    }
    checkIP(ip: string): string | undefined {
      const address = addressBytes(ip);
      if (address === null) throw invalid('Invalid IP');
      return matchAddress(this.#certificate, address) ? ip : undefined;
    }
    checkIssued(other: unknown): boolean {
      return hasIssued(certificateOf(other), this.#certificate);
    }
    checkPrivateKey(key: unknown): boolean {
      return isKeyOf(asymmetricOf(key), this.#certificate);
    }
    verify(key: unknown): boolean {
      return isSignedBy(services, this.#certificate, asymmetricOf(key));
    }
  }

  return {
    X509Certificate,
    bytesOfCertificate: (handle: unknown) => copyOf(certificateOf(handle).raw),
    parseX509: (source: unknown): object => {
      const bytes = typeof source === 'string' ? encodeUtf8(source) : bytesOf(source);
      return new X509Certificate(readCertificates(services, bytes).slice(0, 1));
    },
  };
}

/** Whether the key is that of the certificate. */
export function isKeyOf(key: AsymmetricKey, { publicKey }: Certificate): boolean {
  const own = writeSpki(publicPart(key));
  const theirs = writeSpki(readSpki(publicKey));
  return own.length === theirs.length && own.every((byte, i) => byte === theirs[i]);
}
