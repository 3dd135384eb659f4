/** The secrets of TLS 1.3 (RFC 8446, section 7.1). */
import { joinBytes } from '../../../kernel/join-bytes.ts';
import { encodeLatin1 } from '../../streams/text.ts';
import type { TrafficKeys } from './protection.ts';
import type { Suite } from './suites.ts';
import type { TlsCrypto } from './tls-crypto.ts';
import { EMPTY, numberBytes, vector } from './wire.ts';

/** HKDF-Expand (RFC 5869). */
function expand(
  crypto: TlsCrypto,
  hash: string,
  { secret, info }: { secret: Uint8Array; info: Uint8Array },
  length: number,
) {
  const blocks: Uint8Array[] = [];
  let last: Uint8Array = EMPTY;
  for (let i = 1, size = 0; size < length; i++, size += last.length) {
    last = crypto.hmac(hash, secret, last, info, Uint8Array.of(i));
    blocks.push(last);
  }
  return joinBytes(blocks).subarray(0, length);
}

export interface Labelled {
  secret: Uint8Array;
  label: string;
  /** Mostly a digest of the messages so far. */
  context?: Uint8Array;
  /** By default that of the hash. */
  length?: number;
}

/** HKDF-Expand-Label. */
export function expandLabel(
  crypto: TlsCrypto,
  hash: string,
  { secret, label, context = EMPTY, length }: Labelled,
): Uint8Array {
  const size = length ?? crypto.hashLength(hash);
  const info = joinBytes([numberBytes(2, size), vector(1, encodeLatin1(`tls13 ${label}`)), vector(1, context)]);
  return expand(crypto, hash, { secret, info }, size);
}

export function trafficKeys(crypto: TlsCrypto, { hash, keyLength }: Suite, secret: Uint8Array): TrafficKeys {
  return {
    key: expandLabel(crypto, hash, { secret, label: 'key', length: keyLength }),
    iv: expandLabel(crypto, hash, { secret, label: 'iv', length: 12 }),
  };
}

/** The three extractions; each stage is entered with what it mixes in. */
export class KeySchedule {
  readonly #crypto: TlsCrypto;
  readonly hash: string;
  #secret: Uint8Array;

  /** Without a key that both know from before, zeros stand for it. */
  constructor(crypto: TlsCrypto, hash: string, preShared?: Uint8Array) {
    this.#crypto = crypto;
    this.hash = hash;
    const zeros = new Uint8Array(crypto.hashLength(hash));
    this.#secret = crypto.hmac(hash, zeros, preShared ?? zeros);
  }
  /** Of the messages up to now. */
  derive(label: string, transcript: Uint8Array): Uint8Array {
    return expandLabel(this.#crypto, this.hash, { secret: this.#secret, label, context: transcript });
  }
  enterHandshake(shared: Uint8Array): void {
    this.#next(shared);
  }
  enterMaster(): void {
    this.#next(new Uint8Array(this.#crypto.hashLength(this.hash)));
  }
  #next(input: Uint8Array): void {
    const derived = this.derive('derived', this.#crypto.digest(this.hash, EMPTY));
    this.#secret = this.#crypto.hmac(this.hash, derived, input);
  }
}

/** The content of a Finished message, or of a binder. */
export function finishedOf(crypto: TlsCrypto, hash: string, secret: Uint8Array, transcript: Uint8Array): Uint8Array {
  return crypto.hmac(hash, expandLabel(crypto, hash, { secret, label: 'finished' }), transcript);
}
