/** The authorities that contexts trust which name none themselves. A browser tells of no others than the program's. */
import type { ProcessContext } from '../context.ts';
import { nativeError, opensslError } from '../crypto/errors.ts';
import type { Certificate } from '../crypto/x509/certificate.ts';
import { bytesOf, decodeLatin1, encodeUtf8 } from '../streams/text.ts';
import { sameBytes } from './engine/wire.ts';
import type { TlsServices } from './tls-services.ts';

/** In OpenSSL's words. */
const MISSING = 'error:80000002:system library::No such file or directory';

export class RootStore {
  readonly #context: ProcessContext;
  readonly #services: () => TlsServices;
  #extra: readonly Certificate[] | null = null;
  #set: readonly Certificate[] | null = null;

  constructor(context: ProcessContext, services: () => TlsServices) {
    this.#context = context;
    this.#services = services;
  }

  current(): readonly Certificate[] {
    return this.#set ?? this.extra();
  }

  /** Those of NODE_EXTRA_CA_CERTS, as it was when they were first asked for. */
  extra(): readonly Certificate[] {
    if (this.#extra !== null) return this.#extra;
    const { env } = this.#context.process as { env: Record<string, string | undefined> };
    const path = env.NODE_EXTRA_CA_CERTS;
    this.#extra = path === undefined || path === '' ? [] : this.#read(path);
    return this.#extra;
  }
  #read(path: string): readonly Certificate[] {
    const { readFileSync } = this.#context.require('fs') as { readFileSync(path: string): Uint8Array };
    try {
      return this.#services().readCertificates(readFileSync(path));
    } catch (error) {
      const isMissing = (error as { code?: unknown }).code === 'ENOENT';
      const reason = isMissing || !(error instanceof Error) ? MISSING : error.message;
      this.#context.emitWarningSync(`Ignoring extra certs from \`${path}\`, load failed: ${reason}`);
      return [];
    }
  }

  /** From now on the default. Throws when there is none among the texts. */
  reset(sources: readonly unknown[]): void {
    const found: Certificate[] = [];
    for (const source of sources) {
      for (const one of this.#certificatesOf(source)) {
        if (!found.some(({ raw }) => sameBytes(raw, one.raw))) found.push(one);
      }
    }
    if (found.length === 0 && sources.length > 0) {
      const message = 'No valid certificates found in the provided array';
      throw nativeError(this.#context, { message, code: 'ERR_CRYPTO_OPERATION_FAILED' });
    }
    this.#set = found;
  }
  #certificatesOf(source: unknown): readonly Certificate[] {
    const bytes = typeof source === 'string' ? encodeUtf8(source) : bytesOf(source);
    try {
      return this.#services().readCertificates(bytes);
    } catch {
      // What is no certificate is passed over; what says that it is one, and is not, fails.
      if (!decodeLatin1(bytes).includes('-----BEGIN')) return [];
      throw opensslError(this.#context, { library: 'pem', reason: 'ASN1 lib', number: 0x8000d });
    }
  }
}
