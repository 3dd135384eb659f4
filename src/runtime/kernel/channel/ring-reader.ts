/** The kernel's end of the ring in which a process puts what it does not wait for: see `write-behind.ts`. */

import { atTime, timeFromHalf } from '../clock.ts';
import { type SyscallName, SystemError } from '../syscalls.ts';
import { decode, decodeInPlace } from './codec.ts';
import { laterTurn, TURN_MS } from './later-turn.ts';
import { readValues, type UncheckedCall } from './requests.ts';
import type { Stamps } from './stamps.ts';
import { Behind, createPassage, MAX_BEHIND_BYTES, MAX_POSTED_BYTES, nameOfCall, Word } from './sync-layout.ts';
import type { BehindRecord, FileWrite, WriteBehindRing } from './write-behind.ts';

/** What becomes of what lies there. */
export interface RingOwner {
  handle(name: SyscallName, args: unknown[], visited: null): unknown;
  /** As `handle`, of a call that changes names; what it makes gets the number. */
  change(name: SyscallName | undefined, args: unknown[], made: { number: unknown; time: unknown }): void;
  call(call: Omit<UncheckedCall, 'sequence'>, answers: boolean): void;
  violate(what: string): void;
}

/**
 * Behind a write to a file the kernel looks at the ring again after so long: until then the process need not wake it for the next one,
 * which costs more than the write.
 */
const ATTENTION_MS = 1;

const passage = createPassage(MAX_POSTED_BYTES);
const joined = new Uint8Array(MAX_BEHIND_BYTES);

export class RingReader {
  /** A write of the ring waits for room: all other calls of the process wait for it, as it would have itself. */
  blocked: Promise<void> | null = null;
  readonly #ring: WriteBehindRing;
  readonly #words: Int32Array<SharedArrayBuffer>;
  readonly #stamps: Stamps;
  readonly #owner: RingOwner;
  #watching = false;
  /** Whether a write to a file has come since the kernel has begun to wait for more. */
  #isAttentive = false;
  #closed = false;
  /** What is written lies in the ring, or in the room, yet. */
  #isWriting = false;
  /** For one record that is no write; its own, as the calls of one thread may have those of others made. */
  #room: Uint8Array | null = null;

  constructor(
    { ring, words, stamps }: { ring: WriteBehindRing; words: Int32Array<SharedArrayBuffer>; stamps: Stamps },
    owner: RingOwner,
  ) {
    this.#ring = ring;
    this.#words = words;
    this.#stamps = stamps;
    this.#owner = owner;
  }

  close(): void {
    this.#closed = true;
    // Whoever waits, too: a wait that never ends keeps the channel and its memory.
    Atomics.notify(this.#words, Word.behindHead);
  }

  /** Makes the writes and calls of the ring, until one write has to wait. False when there was no time for all of them. */
  takeAll(end = Number.POSITIVE_INFINITY): boolean {
    while (this.blocked === null && !this.#closed) {
      if (!this.#takeOne()) return true;
      if (end !== Number.POSITIVE_INFINITY && performance.now() > end) return false;
    }
    return true;
  }

  /** False when nothing is left. */
  #takeOne(): boolean {
    if (this.#isWriting) return false;
    // Looked at once: the process may put in another one at any time.
    const kind = this.#ring.nextKind;
    if (kind === null) return false;
    const isWrite = kind === Behind.write || kind === Behind.appendAgain;
    if (isWrite && this.#ring.takeWrites(kind, passage, this.#takeFileWrite)) return true;
    const record = kind < 0 ? this.#ring.take(this.#takeRoom()) : this.#ring.takeJoined(joined);
    if (record === null) return false;
    if (record.fd === Behind.change) this.#takeChange(record);
    else if (record.fd < 0) this.#takeCall(record);
    else this.#takeWrite(record);
    return true;
  }

  #takeRoom(): Uint8Array {
    this.#room ??= new Uint8Array(MAX_BEHIND_BYTES);
    return this.#room;
  }

  /** As `takeAll`, of what lies there now: a process that goes on sending does not keep the kernel. */
  takeSent(): void {
    const { position } = this.#ring;
    while (this.#ring.isBefore(position) && this.blocked === null && !this.#closed) if (!this.#takeOne()) return;
  }

  /** As `takeAll`, as far as there is time; the rest in later turns. */
  readonly takeSome = (): void => {
    if (!this.takeAll(performance.now() + TURN_MS)) laterTurn(this.takeSome);
  };

  #takeWrite(record: BehindRecord): void {
    this.#makeWrite('write', [record.fd, record.data, null]);
  }

  readonly #takeFileWrite = ({ kind, target, position, time, data }: FileWrite): void => {
    this.#isAttentive = true;
    this.#isWriting = true;
    // The process has moved its own, and would take another change for one of somebody else.
    this.#stamps.isHeld = true;
    atTime(timeFromHalf(time), () => {
      if (kind === Behind.write) this.#makeWrite('write', [target, data, position]);
      else this.#makeWrite('appendAgain', [target, data]);
    });
    this.#stamps.isHeld = false;
    this.#isWriting = false;
  };

  #makeWrite(name: SyscallName, args: unknown[]): void {
    try {
      const result = this.#owner.handle(name, args, null);
      if (!(result instanceof Promise)) return;
      const goOn = () => {
        this.blocked = null;
        // Whoever watches waits for more than lies there already.
        if (this.#watching) this.takeSome();
        else this.watch();
      };
      this.blocked = result.then(goOn, (error: unknown) => {
        this.#noteFailure(error);
        goOn();
      });
    } catch (error) {
      this.#noteFailure(error);
    }
  }

  #takeCall({ fd, data }: BehindRecord): void {
    const isCall = fd === Behind.call || fd === Behind.send || fd === Behind.post;
    const values = isCall ? readValues(data, decode) : null;
    const first = fd === Behind.send ? 0 : values?.shift();
    if (!values || !Number.isSafeInteger(first)) {
      this.#owner.violate('a record that is no call');
      return;
    }
    const [number, notes, ...args] = values;
    const name = typeof number === 'number' ? nameOfCall(number) : undefined;
    if (fd === Behind.post) {
      this.#isAttentive = true;
      atTime(first as number, () => this.#owner.call({ id: 0, name, args, notes }, false));
    } else {
      this.#owner.call({ id: first as number, name, args, notes }, fd === Behind.call);
    }
  }

  #takeChange({ data }: BehindRecord): void {
    // What a file takes is copied there: see `CHANGES`.
    const values = readValues(data, decodeInPlace);
    if (!values) {
      this.#owner.violate('a record that is no call');
      return;
    }
    const [reserved, time, number, ...args] = values;
    this.#isAttentive = true;
    this.#isWriting = true;
    this.#stamps.isHeld = true;
    try {
      const made = { number: reserved, time };
      this.#owner.change(typeof number === 'number' ? nameOfCall(number) : undefined, args, made);
    } catch (error) {
      this.#noteFailure(error);
    } finally {
      this.#stamps.isHeld = false;
      this.#isWriting = false;
    }
  }

  #noteFailure(error: unknown): void {
    if (!(error instanceof SystemError)) console.error(error);
    Atomics.store(this.#words, Word.behindFailed, 1);
  }

  /** Takes what comes, from now on. */
  watch(): void {
    while (!this.#closed && !this.#watching) {
      const seen = this.#ring.word;
      if (!this.takeAll(performance.now() + TURN_MS)) {
        this.#watching = true;
        laterTurn(this.#watchAgain);
        return;
      }
      // One of the calls may have been the end: nobody would end a wait that begins now.
      if (this.blocked !== null || this.#closed) return;
      const timeout = this.#isAttentive ? ATTENTION_MS : undefined;
      Atomics.store(this.#words, Word.attentive, this.#isAttentive ? 1 : 0);
      const wait = Atomics.waitAsync(this.#words, Word.behindHead, seen, timeout);
      if (!wait.async) continue;
      this.#isAttentive = false;
      this.#watching = true;
      void wait.value.then(this.#watchAgain);
    }
  }

  readonly #watchAgain = (): void => {
    this.#watching = false;
    this.watch();
  };
}
