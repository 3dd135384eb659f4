/** The secrets of TLS 1.2 (RFC 5246, sections 5, 6.3 and 8.1; RFC 7627). */
import { joinBytes } from '../../../kernel/join-bytes.ts';
import { encodeLatin1 } from '../../streams/text.ts';
import type { Handshake } from './handshake.ts';
import { protection12, type TrafficKeys12 } from './protection12.ts';
import type { Suite } from './suites.ts';
import { numberBytes } from './wire.ts';

const MASTER_LENGTH = 48;
const FINISHED_LENGTH = 12;
type Side = 'client' | 'server';

export class Secrets12 {
  readonly master: Uint8Array;
  readonly #handshake: Handshake;
  readonly #suite: Suite;
  readonly #keys: Record<Side, TrafficKeys12>;
  readonly #serverRandom: Uint8Array;

  /** `master` is that of a session, or comes of `secretOf`. */
  constructor(handshake: Handshake, suite: Suite, serverRandom: Uint8Array, master: Uint8Array) {
    this.#handshake = handshake;
    this.#suite = suite;
    this.#serverRandom = serverRandom;
    this.master = master;
    const { facts, hooks, crypto } = handshake;
    hooks.keylog('CLIENT_RANDOM', master);
    const macLength = suite.mac === null ? 0 : crypto.hashLength(suite.mac);
    const ivLength = suite.mac !== null ? 0 : suite.cipher === 'chacha20-poly1305' ? 12 : 4;
    const length = 2 * (macLength + suite.keyLength + ivLength);
    const seed = joinBytes([serverRandom, facts.clientRandom]);
    let block = derive(handshake, suite, { secret: master, label: 'key expansion', seed }, length);
    const take = (size: number): Uint8Array => {
      const taken = block.slice(0, size);
      block = block.subarray(size);
      return taken;
    };
    const [clientMac, serverMac] = [take(macLength), take(macLength)];
    const [clientKey, serverKey] = [take(suite.keyLength), take(suite.keyLength)];
    this.#keys = {
      client: { key: clientKey, iv: take(ivLength), macKey: clientMac },
      server: { key: serverKey, iv: take(ivLength), macKey: serverMac },
    };
    facts.exporter = (label, context, wanted) => this.#export(label, context, wanted);
  }

  #export(label: string, context: Uint8Array | null, length: number): Uint8Array {
    const { facts } = this.#handshake;
    const extra = context === null ? [] : [numberBytes(2, context.length), context];
    const seed = joinBytes([facts.clientRandom, this.#serverRandom, ...extra]);
    return derive(this.#handshake, this.#suite, { secret: this.master, label, seed }, length);
  }

  protectReads(): void {
    const { crypto, settings } = this.#handshake;
    const keys = this.#keys[settings.isServer ? 'client' : 'server'];
    this.#handshake.protectReads(protection12(crypto, this.#suite, keys));
  }
  protectWrites(): void {
    const { crypto, settings, records } = this.#handshake;
    const keys = this.#keys[settings.isServer ? 'server' : 'client'];
    records.protectWrites(protection12(crypto, this.#suite, keys));
  }
  /** The content of a side's Finished message. */
  finishedOf(side: Side): Uint8Array {
    const seed = this.#handshake.transcript.digest(this.#suite.hash);
    const labelled = { secret: this.master, label: `${side} finished`, seed };
    return derive(this.#handshake, this.#suite, labelled, FINISHED_LENGTH);
  }
}

export interface MasterInput {
  premaster: Uint8Array;
  serverRandom: Uint8Array;
  /** Whether the messages so far go into it. */
  isExtended: boolean;
}

export function masterSecret(handshake: Handshake, suite: Suite, input: MasterInput): Uint8Array {
  const { premaster: secret, serverRandom, isExtended } = input;
  const seed = isExtended
    ? handshake.transcript.digest(suite.hash)
    : joinBytes([handshake.facts.clientRandom, serverRandom]);
  const label = isExtended ? 'extended master secret' : 'master secret';
  return derive(handshake, suite, { secret, label, seed }, MASTER_LENGTH);
}

/** The pseudorandom function. */
function derive(
  { crypto }: Handshake,
  { hash }: Suite,
  { secret, label, seed }: { secret: Uint8Array; label: string; seed: Uint8Array },
  length: number,
): Uint8Array {
  const labelled = joinBytes([encodeLatin1(label), seed]);
  const blocks: Uint8Array[] = [];
  let chained = labelled;
  for (let size = 0; size < length; size += crypto.hashLength(hash)) {
    chained = crypto.hmac(hash, secret, chained) as typeof chained;
    blocks.push(crypto.hmac(hash, secret, chained, labelled));
  }
  return joinBytes(blocks).subarray(0, length);
}

/** What a key that both know is as a premaster secret (RFC 4279, section 2): `other` comes of a key agreement. */
export function preSharedPremaster(secret: Uint8Array, other: Uint8Array = new Uint8Array(secret.length)): Uint8Array {
  return joinBytes([numberBytes(2, other.length), other, numberBytes(2, secret.length), secret]);
}
