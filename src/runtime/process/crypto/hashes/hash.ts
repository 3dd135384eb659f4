/** The binding's Hash and Hmac classes and the digest in one call. */

import { invalidDigest, nativeError, opensslError } from '../errors.ts';
import type { CryptoServices } from '../services.ts';
import { type Digest, RunningHmac } from './digests.ts';
import type { RunningDigest } from './running-digest.ts';

interface HashServices extends Pick<CryptoServices, 'context' | 'text' | 'findDigest'> {
  /** The bytes of a secret key: of a handle, or the bytes themselves. */
  secretOf(key: unknown): Uint8Array;
}

export function hashBindings({ context, text, findDigest, secretOf }: HashServices) {
  /** Begins a digest; throws as OpenSSL does for a length that the function cannot have. */
  function begin(digest: Digest, length: number | undefined): RunningDigest {
    if (length !== undefined && length !== digest.outputLength && !digest.extendable) {
      throw opensslError(context, { library: 'evp', reason: 'not XOF or invalid length', number: 0xb2 });
    }
    return digest.create(length || undefined);
  }

  class Hash {
    readonly #running: RunningDigest;
    readonly #length: number | undefined;
    readonly #digest: Digest;
    #result: Uint8Array | null = null;

    /** `algorithm` is a name, or a Hash to copy. */
    constructor(algorithm: string | Hash, length?: number) {
      this.#length = length;
      if (typeof algorithm !== 'string') {
        this.#digest = algorithm.#digest;
        begin(this.#digest, length);
        this.#running = algorithm.#running.clone();
        return;
      }
      const digest = findDigest(algorithm);
      if (digest === undefined) throw nativeError(context, { message: 'Digest method not supported' });
      this.#digest = digest;
      this.#running = begin(digest, length);
    }
    update(data: unknown, encoding?: unknown): boolean {
      this.#running.update(text.read(data, encoding));
      return true;
    }
    digest(encoding?: unknown): unknown {
      this.#result ??= this.#length === 0 ? new Uint8Array(0) : this.#running.digest(this.#length);
      return text.write(this.#result, encoding);
    }
  }

  class Hmac {
    #running: RunningDigest | null = null;

    init(algorithm: string, key: unknown): void {
      const digest = findDigest(algorithm);
      if (digest === undefined || digest.extendable) throw invalidDigest(context, algorithm);
      this.#running = RunningHmac.begin(digest, secretOf(key));
    }
    update(data: unknown, encoding?: unknown): boolean {
      this.#running?.update(text.read(data, encoding));
      return this.#running !== null;
    }
    digest(encoding?: unknown): unknown {
      const result = this.#running?.digest() ?? new Uint8Array(0);
      this.#running = null;
      return text.write(result, encoding);
    }
  }

  /** `crypto.hash`: (name, cached id, cache, input, output encoding, its number, length). */
  function oneShotDigest(...[algorithm, , , input, encoding, , length]: unknown[]): unknown {
    const digest = findDigest(String(algorithm));
    if (digest === undefined) {
      throw nativeError(context, { message: `Digest method ${String(algorithm)} is not supported` });
    }
    if (length !== undefined && length !== digest.outputLength && !digest.extendable) {
      const message = `Output length ${length} is invalid for ${String(algorithm)}, which does not support XOF`;
      throw nativeError(context, { message });
    }
    const running = begin(digest, length as number | undefined);
    if (length === 0) return text.write(new Uint8Array(0), encoding);
    running.update(text.read(input));
    return text.write(running.digest(), encoding);
  }

  return { Hash, Hmac, oneShotDigest };
}
