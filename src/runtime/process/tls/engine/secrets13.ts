/** The traffic secrets of a TLS 1.3 connection, and the records that they protect. */
import type { Handshake } from './handshake.ts';
import { expandLabel, finishedOf, KeySchedule, trafficKeys } from './key-schedule.ts';
import { protection13 } from './protection.ts';
import type { Suite } from './suites.ts';
import { EMPTY } from './wire.ts';

type Side = 'client' | 'server';

export class Secrets13 {
  readonly suite: Suite;
  readonly #handshake: Handshake;
  readonly #schedule: KeySchedule;
  readonly #secrets: Record<Side, Uint8Array> = { client: EMPTY, server: EMPTY };
  #application: Record<Side, Uint8Array> = { client: EMPTY, server: EMPTY };
  #resumption: Uint8Array = EMPTY;

  constructor(handshake: Handshake, suite: Suite, preShared?: Uint8Array) {
    this.#handshake = handshake;
    this.suite = suite;
    this.#schedule = new KeySchedule(handshake.crypto, suite.hash, preShared);
  }

  get #own(): Side {
    return this.#handshake.settings.isServer ? 'server' : 'client';
  }
  get #other(): Side {
    return this.#handshake.settings.isServer ? 'client' : 'server';
  }
  #digest(): Uint8Array {
    return this.#handshake.transcript.digest(this.suite.hash);
  }

  /** Behind the server's hello. */
  enterHandshake(shared: Uint8Array): void {
    this.#schedule.enterHandshake(shared);
    const digest = this.#digest();
    for (const side of ['server', 'client'] as const) {
      this.#secrets[side] = this.#schedule.derive(`${side[0]} hs traffic`, digest);
      this.#handshake.hooks.keylog(`${side.toUpperCase()}_HANDSHAKE_TRAFFIC_SECRET`, this.#secrets[side]);
    }
  }
  /** Behind the server's Finished. */
  enterMaster(): void {
    const { hooks, facts, crypto } = this.#handshake;
    this.#schedule.enterMaster();
    const digest = this.#digest();
    const exporter = this.#schedule.derive('exp master', digest);
    hooks.keylog('EXPORTER_SECRET', exporter);
    for (const side of ['server', 'client'] as const) {
      this.#application[side] = this.#schedule.derive(`${side[0]} ap traffic`, digest);
      hooks.keylog(`${side.toUpperCase()}_TRAFFIC_SECRET_0`, this.#application[side]);
    }
    const { hash } = this.suite;
    facts.exporter = (label, context, length) => {
      const secret = expandLabel(crypto, hash, { secret: exporter, label, context: crypto.digest(hash, EMPTY) });
      return expandLabel(crypto, hash, {
        secret,
        label: 'exporter',
        context: crypto.digest(hash, context ?? EMPTY),
        length,
      });
    };
  }
  /** Behind the client's Finished. */
  enterResumption(): void {
    this.#resumption = this.#schedule.derive('res master', this.#digest());
  }
  /** The key of a later connection that a ticket stands for. */
  preSharedOf(nonce: Uint8Array): Uint8Array {
    const { crypto } = this.#handshake;
    return expandLabel(crypto, this.suite.hash, { secret: this.#resumption, label: 'resumption', context: nonce });
  }

  /** By the handshake's keys. */
  protectReads(): void {
    this.#protectReads(this.#handshake.settings.isServer);
  }
  #protectReads(toleratesAlerts: boolean): void {
    this.#handshake.protectReads(this.#protection(this.#secrets[this.#other], toleratesAlerts));
  }
  protectWrites(): void {
    this.#handshake.records.protectWrites(this.#protection(this.#secrets[this.#own]));
  }
  /** From the handshake's keys to the application's. */
  switchReads(): void {
    this.#secrets[this.#other] = this.#application[this.#other];
    this.#protectReads(false);
  }
  switchWrites(): void {
    this.#secrets[this.#own] = this.#application[this.#own];
    this.protectWrites();
  }
  /** The next generation of keys (RFC 8446, section 7.2). */
  updateReads(): void {
    this.#update(this.#other);
    this.#protectReads(false);
  }
  updateWrites(): void {
    this.#update(this.#own);
    this.protectWrites();
  }
  #update(side: Side): void {
    const secret = this.#secrets[side];
    this.#secrets[side] = expandLabel(this.#handshake.crypto, this.suite.hash, { secret, label: 'traffic upd' });
  }
  #protection(secret: Uint8Array, toleratesAlerts = false) {
    const { crypto } = this.#handshake;
    return protection13(crypto, this.suite, trafficKeys(crypto, this.suite, secret), toleratesAlerts);
  }

  /** The content of this side's Finished message, or of the other's. */
  ownFinished(): Uint8Array {
    return this.#finished(this.#own);
  }
  otherFinished(): Uint8Array {
    return this.#finished(this.#other);
  }
  #finished(side: Side): Uint8Array {
    return finishedOf(this.#handshake.crypto, this.suite.hash, this.#secrets[side], this.#digest());
  }
}
