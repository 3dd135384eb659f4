/** The kernel's end of a process's system calls, synchronous and asynchronous: see `sync-layout.ts`. */

import type { QueueOwner } from '../byte-queue.ts';
import { atTime } from '../clock.ts';
import { withNumber } from '../file-system/inode.ts';
import { PLAIN_CHANGES } from '../name-changes.ts';
import { type KernelEvent, type SyscallName, SystemError } from '../syscalls.ts';
import { Encoder } from './codec.ts';
import { laterTurn, TURN_MS } from './later-turn.ts';
import { isCallMessage, readRequest, type UncheckedCall } from './requests.ts';
import { ReservedNumbers } from './reserved-numbers.ts';
import { RingReader } from './ring-reader.ts';
import { Stamps } from './stamps.ts';
import { createSyncMemory, MAX_ANSWER_BYTES, State, viewsOf, Word } from './sync-layout.ts';
import { SyncWindow } from './sync-window.ts';
import type { KernelMessage } from './worker-messages.ts';
import { lengthOf, type WriteBehindRing } from './write-behind.ts';

/** What the kernel does for the process at the other end, which may send anything at all. */
export interface ChannelOwner {
  /**
   * Answers a call, now or later. The call was not checked yet. `visited` takes the numbers of the inodes that an answer given
   * now depends on.
   */
  handle(name: unknown, args: unknown, visited: number[] | null): unknown;
  /** The process does what no system call of ours does: it must end. */
  onViolation(reason: string): void;
}

/** Calls whose answers a process keeps. */
const KEPT: ReadonlySet<unknown> = new Set<SyscallName>([
  'openFile',
  'writeFile',
  'changePath',
  'readFile',
  'stat',
  'statOrNull',
  'readdir',
  'neighbours',
  'readlink',
  'realpath',
  ...PLAIN_CHANGES,
  'mkdtemp',
  'utimes',
  'listNames',
]);
/** Calls that a process makes without waiting when it keeps the names: see `Kernel`. Bytes in their arguments must be copied at once. */
const CHANGES: ReadonlySet<unknown> = new Set<SyscallName>([...PLAIN_CHANGES, 'utimes', 'openAs', 'writeFile']);
const STATS: ReadonlySet<unknown> = new Set<SyscallName>(['stat', 'statOrNull', 'fstat', 'writeFile']);

const encoder = new Encoder();

/** Instead of an offset, in a note. */
const CLOSED = -1;
/** Calls of one process that wait for their answers. */
const MAX_WAITING_CALLS = 50_000;
/** What a process has not taken: natively the pipe through which libuv passes signals on has room for so many, too. */
const MAX_SIGNALS_UNDER_WAY = 4096;

export class ProcessChannel {
  readonly memory = createSyncMemory();
  /** The process's end; it is transferred to the Worker. */
  readonly remotePort: MessagePort;
  readonly #port: MessagePort;
  readonly #words: Int32Array<SharedArrayBuffer>;
  readonly #window: SyncWindow;
  readonly #ring: WriteBehindRing;
  readonly #reader: RingReader;
  readonly #answers: WriteBehindRing;
  readonly #reserved: ReservedNumbers;
  readonly #owner: ChannelOwner;
  /** What the process keeps is held against these. */
  readonly stamps: Stamps;
  #received = 0;
  #sent = 0;
  #waitingCalls = 0;
  /** A request lies in the window and waits for messages that are still under way. */
  #deferred = false;
  #closed = false;
  #noting = false;
  #whenTaken: { sent: number; resolve: () => void }[] = [];

  constructor(owner: ChannelOwner) {
    const { words, window, ring, answers } = viewsOf(this.memory);
    this.stamps = new Stamps(words.subarray(Word.stamps));
    this.#words = words;
    this.#window = new SyncWindow(words, window, this.stamps);
    this.#reserved = new ReservedNumbers(words);
    this.#ring = ring;
    this.#ring.endOwnership();
    this.#answers = answers;
    this.#owner = owner;
    this.#reader = new RingReader(
      { ring, words, stamps: this.stamps },
      {
        handle: (name, args, visited) => owner.handle(name, args, visited),
        call: (call, answers) => this.#callLater(call, answers),
        change: (name, args, made) => this.#change(name, args, made),
        violate: (what) => this.#violation(what),
      },
    );
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    this.remotePort = port2;
    port1.onmessage = (message: MessageEvent<unknown>) => this.#receiveMessage(message.data);
    port1.onmessageerror = () => this.#violation('a message that cannot be read');
    this.#poll();
    this.#reader.watch();
  }

  sendEvent(event: KernelEvent): void {
    // They may come quicker than they are taken, and are lost then.
    const isSignal = event.type === 'signal' || event.type === 'resize';
    const underWay = (this.#sent - Atomics.load(this.#words, Word.processTook)) | 0;
    if (isSignal && underWay >= MAX_SIGNALS_UNDER_WAY) return;
    this.#post({ type: 'event', event });
  }

  /** Messages have arrived for a port of the thread. */
  ring(): void {
    Atomics.add(this.#words, Word.inbox, 1);
    Atomics.notify(this.#words, Word.inbox);
  }

  /** How often something has come that the thread did not wait for. */
  get unread(): number {
    return this.#words[Word.unread] ?? 0;
  }

  /** Changes when the program begins to run or to wait; odd while it runs. */
  get work(): number {
    return this.#words[Word.work] ?? 0;
  }

  /** Something has come that the thread may have asked for, or is about to ask for, without waking the kernel. */
  noteUnread(): void {
    if (this.#noting) return;
    this.#noting = true;
    // Not now: who writes is not done with it.
    queueMicrotask(() => {
      this.#noting = false;
      Atomics.add(this.#words, Word.unread, 1);
      this.#reader.takeSome();
    });
  }

  /** Whether the process may write to files without waiting for an answer. */
  allowPosting(allowed: boolean): void {
    Atomics.store(this.#words, Word.mayPost, allowed ? 1 : 0);
  }

  /** From now on, until `disown`, no other thread changes names, and this one need not wait for what it does to them. */
  own(firstOwn: number, umask: number): void {
    this.#reserved.refill();
    this.#words[Word.firstOwn] = firstOwn;
    this.changeUmask(umask);
    this.#ring.beginOwnership();
  }

  changeUmask(umask: number): void {
    this.#words[Word.umask] = umask;
  }

  /** What the thread has done to names until now is done before this returns. */
  disown(): void {
    this.#ring.endOwnership();
    this.#reader.takeSent();
  }

  /** A variable of the shared environment has changed. */
  changeEnvironment(): void {
    Atomics.add(this.#words, Word.environmentVersion, 1);
  }

  /** A pipe or a connection has lost an end. */
  noteBreak(owner: QueueOwner): void {
    Atomics.add(this.#words, Word.breaks, 1);
    if (owner === 'pipe') Atomics.add(this.#words, Word.pipeBreaks, 1);
  }

  /** No call is handled or answered any more. */
  close(): void {
    this.#closed = true;
    this.#port.close();
    this.#window.close();
    this.#reader.close();
    this.#tellTaken(Number.POSITIVE_INFINITY);
  }

  /** As `RingReader.takeAll`. */
  takeRing(): void {
    this.#reader.takeAll();
  }

  /**
   * Takes what the thread has sent until now. What it sent on the port the browser has yet to deliver: then the promise is kept once that
   * is taken, too, or has to wait.
   */
  takeAllSent(): Promise<void> | null {
    this.#reader.takeSent();
    const sent = Atomics.load(this.#words, Word.asyncCalls);
    if (this.#closed || this.#reader.blocked !== null || sent <= this.#received) return null;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#whenTaken.push({ sent, resolve });
    return promise;
  }

  /** Of those who wait for what was sent on the port. */
  #tellTaken(upTo: number): void {
    const waiting = this.#whenTaken;
    this.#whenTaken = waiting.filter(({ sent }) => sent > upTo);
    for (const { sent, resolve } of waiting) if (sent <= upTo) resolve();
  }

  readonly #poll = (): void => {
    // From here on this turn, or the one that it ends with, looks at the request: two would make it twice.
    this.#deferred = false;
    const end = performance.now() + TURN_MS;
    while (!this.#closed) {
      const state = this.#window.nextState();
      if (performance.now() > end) {
        laterTurn(this.#poll);
        return;
      }
      if (state === State.request) {
        // A request overtakes messages on the port: those come first, and the last of them polls again.
        this.#deferred = (this.#words[Word.asyncCalls] ?? 0) > this.#received;
        if (this.#deferred) return;
        this.takeRing();
        if (this.#closed) return;
        if (this.#reader.blocked !== null) {
          void this.#reader.blocked.then(this.#poll);
          return;
        }
        if (!this.#handleRequest()) return;
      } else if (state === State.requestPart) {
        if (!this.#window.takePart()) this.#violation('a request without end');
      } else if (state === State.more) {
        if (!this.#window.sendMore()) this.#violation('a wish for more of an answer than there is');
      } else {
        const wait = Atomics.waitAsync(this.#words, Word.state, state);
        if (wait.async) {
          void wait.value.then(this.#poll);
          return;
        }
      }
    }
  };

  /** False when the answer comes later. */
  #handleRequest(): boolean {
    let result: unknown;
    let isStat = false;
    let visited: number[] | null = null;
    try {
      this.#applyNotes(this.#window.takeNotes());
      const [name, args] = readRequest(this.#window.takeRequest());
      isStat = STATS.has(name);
      if (KEPT.has(name)) visited = [];
      result = this.#owner.handle(name, args, visited);
    } catch (error) {
      this.#window.nameDependencies(visited);
      this.#window.answerError(toSystemError(error));
      return true;
    }
    this.#window.nameDependencies(visited);
    if (!isThenable(result)) {
      this.#window.answer(result, isStat);
      return true;
    }
    result.then(
      (value) => {
        this.#window.answer(value, isStat);
        this.#poll();
      },
      (error: unknown) => {
        this.#window.answerError(toSystemError(error));
        this.#poll();
      },
    );
    return false;
  }

  #change(name: SyscallName | undefined, args: unknown[], made: { number: unknown; time: unknown }): void {
    const { number, time } = made;
    const isNew = number !== 0;
    const isChange = CHANGES.has(name) && Number.isSafeInteger(time);
    if (!isChange || (isNew && !this.#reserved.take(number))) {
      this.#violation('a change that is none');
      return;
    }
    const change = () => atTime(time as number, () => this.#owner.handle(name, args, null));
    const result = isNew ? withNumber(number as number, change) : change();
    // No file has to be waited for: it is something else, and the process wants no answer.
    if (isThenable(result)) this.#answerLater(result.then(ignore, ignore));
  }

  /** Tells what the process has done with its files on its own. */
  #applyNotes(notes: unknown[]): void {
    for (let i = 0; i < notes.length; i += 2) {
      const offset = notes[i + 1];
      if (offset === CLOSED) this.#owner.handle('discard', [notes[i]], null);
      else this.#owner.handle('seek', [notes[i], offset], null);
    }
  }

  #violation(what: string): void {
    if (this.#closed) return;
    this.close();
    this.#owner.onViolation(`The process sent ${what} to the kernel`);
  }

  #receiveMessage(message: unknown): void {
    if (this.#closed) return;
    if (!isCallMessage(message)) {
      this.#violation('a message that is no call');
      return;
    }
    this.takeRing();
    if (this.#reader.blocked !== null) {
      this.#tellTaken(Number.POSITIVE_INFINITY);
      void this.#reader.blocked.then(() => this.#receiveMessage(message));
      return;
    }
    this.#received = message.sequence;
    Atomics.store(this.#words, Word.kernelTook, message.sequence);
    this.#callLater(message, true);
    this.#tellTaken(message.sequence);
    if (this.#deferred) this.#poll();
  }

  #callLater({ id, name, args, notes }: Omit<UncheckedCall, 'sequence'>, answers: boolean): void {
    const fail = (error: unknown) => {
      const { code, message } = toSystemError(error);
      if (!answers || this.#answerBehind(-id, [code, message])) return;
      this.#post({ type: 'failure', id, code, message });
    };
    const succeed = (value: unknown) => {
      if (!answers || this.#answerBehind(id, value)) return;
      this.#post({ type: 'answer', id, value: ownBytes(value) });
    };
    try {
      if (this.#waitingCalls >= MAX_WAITING_CALLS) throw new SystemError('EAGAIN', 'Too many calls wait for an answer');
      if (Array.isArray(notes)) this.#applyNotes(notes);
      const result = this.#owner.handle(name, args, null);
      if (isThenable(result)) this.#answerLater(result.then(succeed, fail));
      else succeed(result);
    } catch (error) {
      fail(error);
    }
  }

  /** False when the answer must go on the port: it is long, there is no room, or a message is still under way there. */
  #answerBehind(id: number, value: unknown): boolean {
    if (this.#closed) return true;
    if (id !== (id | 0) || this.#sent !== Atomics.load(this.#words, Word.processTook)) return false;
    if (value instanceof Uint8Array && value.length > MAX_ANSWER_BYTES) return false;
    const pieces = encoder.encodeInPieces(value);
    return lengthOf(pieces) <= MAX_ANSWER_BYTES && this.#answers.appendPieces(id, pieces);
  }

  #answerLater(answered: Promise<void>): void {
    this.#waitingCalls++;
    void answered.finally(() => {
      this.#waitingCalls--;
    });
  }

  #post(message: KernelMessage): void {
    if (this.#closed) return;
    this.#sent = (this.#sent + 1) | 0;
    this.#port.postMessage(message, message.type === 'answer' ? buffersOf(message.value) : []);
  }
}

/** Bytes that may be transferred, alone or in a list: a copy, as they may be a view of a file. */
function ownBytes(value: unknown): unknown {
  if (Array.isArray(value) && (value[0] instanceof Uint8Array || Array.isArray(value[0]))) return value.map(ownBytes);
  return value instanceof Uint8Array ? new Uint8Array(value) : value;
}

function buffersOf(value: unknown): ArrayBuffer[] {
  if (Array.isArray(value)) return value.flatMap((item) => (typeof item === 'object' ? buffersOf(item) : []));
  return value instanceof Uint8Array ? [value.buffer as ArrayBuffer] : [];
}

const ignore = (): void => undefined;

function isThenable(value: unknown): value is Promise<unknown> {
  return value instanceof Promise;
}

/** A defect of the kernel reaches the process as EIO, with its message. Where programs have taken all buffers, it is none. */
function toSystemError(error: unknown): SystemError {
  if (error instanceof SystemError) return error;
  if (error instanceof RangeError && error.message === 'Array buffer allocation failed')
    return new SystemError('ENOMEM');
  console.error(error);
  return new SystemError('EIO', error instanceof Error ? error.message : String(error));
}
