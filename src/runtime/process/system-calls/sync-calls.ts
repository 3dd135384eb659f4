/** The calls that a process waits for: it puts them into the window, and sleeps until the answer lies there. See `sync-layout.ts`. */
import { checkSize } from '../../kernel/calls/argument-size.ts';
import { decode, type Encoder } from '../../kernel/channel/codec.ts';
import { copyShared } from '../../kernel/channel/copy-shared.ts';
import { PACKED_BYTES, unpackStat } from '../../kernel/channel/pack-stat.ts';
import { indexOf } from '../../kernel/channel/stamps.ts';
import {
  MAX_NOTES,
  MAX_REQUEST_BYTES,
  numberOfCall,
  State,
  Status,
  WINDOW_BYTES,
  Word,
} from '../../kernel/channel/sync-layout.ts';
import { Look, type SyscallName, type Syscalls, SystemError } from '../../kernel/syscalls.ts';
import type { Dependencies } from './file-cache.ts';

/** How often the caller looks before it goes to sleep: waking up costs more than most calls take. */
const SPINS = 2000;
/** The engine's own: a program's is another one, or what it has put there. */
const { wait } = Atomics;

/** What the process has done with its files on its own: the kernel is told with the next call. */
export interface CallNotes {
  /** Before a call. */
  settle(): void;
  count(): number;
  take(most: number): number[];
  /** With a call that nobody waits for; false when there is no room for it. */
  sendSome(): boolean;
  /** All calls until now are done. */
  answered(): void;
}

export class SyncCalls {
  readonly #words: Int32Array<SharedArrayBuffer>;
  readonly #window: Uint8Array;
  readonly #encoder: Encoder;
  readonly #notes: CallNotes;
  readonly #scratch = new Uint8Array(WINDOW_BYTES);

  constructor(
    memory: { words: Int32Array<SharedArrayBuffer>; window: Uint8Array },
    encoder: Encoder,
    notes: CallNotes,
  ) {
    this.#words = memory.words;
    this.#window = memory.window;
    this.#encoder = encoder;
    this.#notes = notes;
  }

  ask<Name extends SyscallName>(name: Name, args: Parameters<Syscalls[Name]>): ReturnType<Syscalls[Name]> {
    const answer = this.askToLook(name, args);
    const bytes: unknown = answer;
    return bytes instanceof Uint8Array && bytes.buffer === this.#scratch.buffer
      ? (bytes.slice() as ReturnType<Syscalls[Name]>)
      : answer;
  }

  /** Bytes that it answers are valid until the next call. */
  askToLook<Name extends SyscallName>(name: Name, args: Parameters<Syscalls[Name]>): ReturnType<Syscalls[Name]> {
    this.#request(name, args);
    const bytes = this.#wholeAnswer();
    const status = this.#words[Word.status];
    if (status === Status.bytes) return bytes as ReturnType<Syscalls[Name]>;
    if (status === Status.stat) return unpackStat(bytes) as ReturnType<Syscalls[Name]>;
    if (status === Status.look) return this.#lookFrom(bytes) as ReturnType<Syscalls[Name]>;
    const value = decode(bytes);
    if (status === Status.error) throw errorFrom(value);
    return value as ReturnType<Syscalls[Name]>;
  }

  #lookFrom(bytes: Uint8Array): Look {
    const { [Word.stampBefore]: before = 0, [Word.stampAfter]: after = 0 } = this.#words;
    return new Look(unpackStat(bytes), bytes.slice(PACKED_BYTES), before, after);
  }

  /** The bytes lie in the window. */
  borrow(fd: number, position: number, length: number): Look {
    this.#request('look', [fd, position, length]);
    if (this.#words[Word.status] === Status.error) throw errorFrom(decode(this.#wholeAnswer()));
    const { [Word.stampBefore]: before = 0, [Word.stampAfter]: after = 0, [Word.total]: total = 0 } = this.#words;
    return new Look(unpackStat(this.#window), this.#window.subarray(PACKED_BYTES, total), before, after);
  }

  readInto(fd: number, target: Uint8Array, position: number | null): number {
    this.#request('read', [fd, target.length, position]);
    if (this.#words[Word.status] === Status.error) throw errorFrom(decode(this.#wholeAnswer()));
    return this.#copyAnswer(target);
  }

  /** On what the last answer depends. */
  dependencies(): Dependencies | null {
    const count = this.#words[Word.stampCount] ?? 0;
    if (count === 0) return null;
    const indices = new Int32Array(count);
    for (let i = 0; i < count; i++) {
      const number = this.#words[Word.dependencies + i] as number;
      indices[i] = number < 0 ? -number : indexOf(number);
    }
    return { indices, sum: this.#words[Word.stampSum] ?? 0 };
  }

  /** Behind the working directory the inodes that the last call met. */
  trail(): number[] | null {
    const count = this.#words[Word.stampCount] ?? 0;
    if (count === 0) return null;
    const numbers: number[] = [];
    for (let i = 1; i < count; i++) {
      const number = this.#words[Word.dependencies + i] as number;
      if (number < 0) return null;
      numbers.push(number);
    }
    return numbers;
  }

  /** Sends the request and waits until the first piece of the answer lies in the window. E2BIG, ENOMEM. */
  #request(name: SyscallName, args: readonly unknown[]): void {
    // The kernel would refuse it, too, when it has all of it.
    if (name === 'spawn' || name === 'exec') checkSize(args[0] as Parameters<Syscalls['spawn']>[0]);
    // More than there is room for: the first go with calls that do nothing.
    while (this.#notes.count() > MAX_NOTES) if (!this.#notes.sendSome()) this.#exchange('getcwd', []);
    this.#exchange(name, args);
  }

  #exchange(name: SyscallName, args: readonly unknown[]): void {
    this.#notes.settle();
    this.#write(name, args);
    this.#handOver(State.request);
    this.#notes.answered();
  }

  #writeNotes(): void {
    const notes = this.#notes.take(MAX_NOTES);
    for (let i = 0; i < notes.length; i++) this.#words[Word.notes + i] = notes[i] as number;
    this.#words[Word.noteCount] = notes.length / 2;
  }

  /** Puts the request, or the last piece of it, into the window. */
  #write(name: SyscallName, args: readonly unknown[]): void {
    const pieces = this.#encoder.encodeInPieces([numberOfCall(name), ...(name === 'write' ? someOfIt(args) : args)]);
    // The kernel would end the process.
    if (sizeOf(pieces) > MAX_REQUEST_BYTES - WINDOW_BYTES) throw new SystemError('ENOMEM');
    this.#writeNotes();
    let used = 0;
    for (const piece of pieces) {
      for (let sent = 0; sent < piece.length; ) {
        if (used === WINDOW_BYTES) {
          this.#words[Word.length] = WINDOW_BYTES;
          this.#handOver(State.requestPart);
          used = 0;
        }
        const part = piece.subarray(sent, sent + WINDOW_BYTES - used);
        copyShared(this.#window, part, used);
        used += part.length;
        sent += part.length;
      }
    }
    this.#words[Word.length] = used;
  }

  /** Sets the state and waits until the kernel changes it. A process that was closed waits for its end. */
  #handOver(state: number): void {
    const words = this.#words;
    Atomics.store(words, Word.state, state);
    Atomics.notify(words, Word.state);
    this.#await(state);
  }

  #await(state: number): void {
    const words = this.#words;
    for (let i = 0; i < SPINS; i++) {
      if (Atomics.load(words, Word.state) !== state) break;
    }
    while (Atomics.load(words, Word.state) === state) wait(words, Word.state, state);
    if (Atomics.load(words, Word.state) === State.closed) wait(words, Word.state, State.closed);
  }

  /** The answer in unshared memory; valid until the next call. */
  #wholeAnswer(): Uint8Array {
    const total = this.#words[Word.total] ?? 0;
    const target = total <= WINDOW_BYTES ? this.#scratch : new Uint8Array(total);
    this.#copyAnswer(target);
    return target.subarray(0, total);
  }

  #copyAnswer(target: Uint8Array): number {
    const total = this.#words[Word.total] ?? 0;
    for (let copied = 0; copied < total; ) {
      if (copied > 0) this.#handOver(State.more);
      const length = this.#words[Word.length] ?? 0;
      copyShared(target, this.#window.subarray(0, length), copied);
      copied += length;
    }
    return total;
  }
}

/** No system writes all at once, however much it is: whoever writes goes on with the rest. */
const MOST_WRITTEN = MAX_REQUEST_BYTES / 2;

function someOfIt(args: readonly unknown[]): readonly unknown[] {
  const [fd, data, ...others] = args;
  return data instanceof Uint8Array && data.length > MOST_WRITTEN
    ? [fd, data.subarray(0, MOST_WRITTEN), ...others]
    : args;
}

function sizeOf(pieces: readonly Uint8Array[]): number {
  let size = 0;
  for (let i = 0; i < pieces.length; i++) size += (pieces[i] as Uint8Array).length;
  return size;
}

export function errorFrom(value: unknown): SystemError {
  const [code, message] = value as [string, string];
  return new SystemError(code, message);
}
