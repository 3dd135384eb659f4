/** What every part of the binding works with. */
import type { ProcessContext } from '../context.ts';
import { invalidDigest } from './errors.ts';
import { type GuestBytes, guestBytes } from './guest-bytes.ts';
import { type Digest, digestFinder, type FindDigest } from './hashes/digests.ts';
import { randomFiller } from './random.ts';

export interface CryptoServices {
  readonly context: ProcessContext;
  readonly findDigest: FindDigest;
  /** Throws ERR_CRYPTO_INVALID_DIGEST. */
  digestNamed(name: string): Digest;
  readonly text: GuestBytes;
  /** The handle of the library's KeyObject; anything else is what it is. */
  handleOf(key: unknown): unknown;
  /** Fresh random bytes. */
  random(length: number): Uint8Array;
}

export function createServices(context: ProcessContext, handleOf: CryptoServices['handleOf']): CryptoServices {
  const findDigest = digestFinder({ assembly: context.host.WebAssembly, binary: (name) => context.partBytes(name) });
  const fill = randomFiller(context);
  return {
    context,
    findDigest,
    handleOf,
    digestNamed(name) {
      const digest = findDigest(name);
      if (digest === undefined) throw invalidDigest(context, name);
      return digest;
    },
    text: guestBytes(context),
    random(length) {
      const bytes = new Uint8Array(length);
      fill(bytes);
      return bytes;
    },
  };
}
