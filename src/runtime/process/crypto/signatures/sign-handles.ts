/** The binding's Sign and Verify classes, and the signing job. */
import { bytesOf, copyOf } from '../../streams/text.ts';
import { nativeError } from '../errors.ts';
import { toArrayBuffer } from '../guest-bytes.ts';
import type { Digest } from '../hashes/digests.ts';
import type { RunningDigest } from '../hashes/running-digest.ts';
import type { DefineJob } from '../job.ts';
import { isRaw } from '../keys/asymmetric-key.ts';
import { privateKeyFrom, publicKeyFrom } from '../keys/key-files.ts';
import type { CryptoServices } from '../services.ts';
import { refuseStreaming, type SignOptions, sign, verify } from './signatures.ts';

const MODE_SIGN = 0;
/** Of Ed448 and ML-DSA. */
const MAX_CONTEXT = 255;

type KeyArguments = [data: unknown, format: number, type: number, passphrase: unknown];

export function signBindings(services: CryptoServices, defineJob: DefineJob) {
  const { context, text, findDigest } = services;

  class SignBase {
    #digest: Digest | null = null;
    #running: RunningDigest | null = null;

    init(name: string): void {
      this.#digest = findDigest(name) ?? null;
      if (this.#digest === null) {
        throw nativeError(context, {
          kind: 'TypeError',
          message: 'Invalid digest',
          code: 'ERR_CRYPTO_INVALID_DIGEST',
        });
      }
      this.#running = this.#digest.create();
    }
    update(data: unknown, encoding?: unknown): void {
      this.#running?.update(text.read(data, encoding));
    }
    protected finish(): { hash: Uint8Array; digest: Digest } {
      if (this.#running === null || this.#digest === null) {
        throw nativeError(context, { message: 'Not initialised', code: 'ERR_CRYPTO_INVALID_STATE' });
      }
      const hash = this.#running.digest();
      this.#running = null;
      return { hash, digest: this.#digest };
    }
  }

  class Sign extends SignBase {
    sign(...args: [...KeyArguments, padding?: number, saltLength?: number, form?: number]): unknown {
      const [data, format, type, passphrase, padding, saltLength, form] = args;
      const key = privateKeyFrom(services, { data, format, type, passphrase });
      const signed = this.finish();
      if (isRaw(key)) throw refuseStreaming(services);
      return text.write(sign(services, key, signed, { padding, saltLength, form }));
    }
  }

  class Verify extends SignBase {
    verify(
      ...args: [...KeyArguments, signature: unknown, padding?: number, saltLength?: number, form?: number]
    ): boolean {
      const [data, format, type, passphrase, signature, padding, saltLength, form] = args;
      const key = publicKeyFrom(services, { data, format, type, passphrase });
      const signed = this.finish();
      if (isRaw(key)) throw refuseStreaming(services);
      return verify(services, key, { ...signed, signature: bytesOf(signature) }, { padding, saltLength, form });
    }
  }

  const SignJob = defineJob('SIGNREQUEST', (...args: unknown[]) => {
    const [mode, data, format, type, passphrase, message, name, saltLength, padding, form, about, signature] = args;
    const source = { data, format: format as number, type: type as number, passphrase };
    const key = mode === MODE_SIGN ? privateKeyFrom(services, source) : publicKeyFrom(services, source);
    const digest = typeof name === 'string' ? services.digestNamed(name) : null;
    const options = { padding, saltLength, form, context: about === undefined ? undefined : copyOf(about) };
    if (options.context !== undefined && options.context.length > MAX_CONTEXT) {
      return () => {
        throw nativeError(context, {
          kind: 'RangeError',
          message: 'context string must be at most 255 bytes',
          code: 'ERR_OUT_OF_RANGE',
        });
      };
    }
    const bytes = copyOf(message);
    if (mode === MODE_SIGN) {
      return () => toArrayBuffer(sign(services, key, { message: bytes, digest }, options as SignOptions));
    }
    const given = copyOf(signature);
    return () => verify(services, key, { message: bytes, digest, signature: given }, options as SignOptions);
  });

  return { Sign, Verify, SignJob };
}
