/** The process's end of the system calls: see `kernel/channel/sync-layout.ts` for the protocol of the synchronous ones. */
import { decode, Encoder } from '../../kernel/channel/codec.ts';
import {
  Behind,
  MAX_ANSWER_BYTES,
  MAX_BEHIND_BYTES,
  numberOfCall,
  viewsOf,
  Word,
} from '../../kernel/channel/sync-layout.ts';
import type { CallMessage, KernelMessage } from '../../kernel/channel/worker-messages.ts';
import type { BehindRecord, WriteBehindRing } from '../../kernel/channel/write-behind.ts';
import type { Foreknowledge } from '../../kernel/launch.ts';
import { type KernelEvent, type SyscallName, type Syscalls, SystemError } from '../../kernel/syscalls.ts';
import type { LoopSource } from '../context.ts';
import { createInbox, type Inbox } from '../threads/inbox.ts';
import { FileCache } from './file-cache.ts';
import { HomeFolder } from './home-folder.ts';
import {
  type Attempts,
  createAttempts,
  createKeptCalls,
  exists,
  forgetForeknowledge,
  keepForeknowledge,
  viewFile,
} from './kept-calls.ts';
import type { Knowledge } from './knowledge.ts';
import { KnownFolders } from './known-folders.ts';
import { KnownNames } from './known-names.ts';
import { KnownStats } from './known-stats.ts';
import { OpenFiles } from './open-files.ts';
import { Posting } from './posting.ts';
import { errorFrom, SyncCalls } from './sync-calls.ts';
import type { Attempted, Sys } from './sys.ts';

/** Of those that go through the ring. */
const MOST_NOTES_BEHIND = 256;

/** Calls that neither share a descriptor with anybody nor need the offset of one. */
const LEAVES_OFFSETS: ReadonlySet<SyscallName> = new Set<SyscallName>([
  'mkdir',
  'rmdir',
  'unlink',
  'rename',
  'link',
  'symlink',
  'chmod',
  'chown',
  'utimes',
  'copyFile',
  'mkdtemp',
  'remove',
  'statfs',
  'umask',
  'wait',
  'terminalSize',
  'handleSignal',
]);

/** Calls that take or give bytes at the descriptor that they name first, and do nothing else. */
const MOVES_BYTES: ReadonlySet<SyscallName> = new Set<SyscallName>([
  'write',
  'read',
  'writeAvailable',
  'readAvailable',
  'receive',
  'push',
  'poll',
]);

/** Calls with arguments that only a message can carry, or that are too long to wait for. */
const ONLY_MESSAGES: ReadonlySet<SyscallName> = new Set<SyscallName>([
  'postToPort',
  'giveBackMessage',
  'shareMemory',
  'keepModule',
]);

// Taken when the Worker starts: the guest may replace it.
const dateNow = Date.now;

type Done = (error: Error | null, value?: unknown) => void;

export class KernelSys implements Sys, LoopSource {
  /** What it is told of messages for ports of this thread. */
  readonly inbox: Inbox;
  writes = 0;
  readonly #words: Int32Array<SharedArrayBuffer>;
  readonly #ring: WriteBehindRing;
  readonly #answers: WriteBehindRing;
  readonly #answerHead: Inbox;
  readonly #port: MessagePort;
  readonly #files: OpenFiles;
  readonly #posting: Posting;
  readonly #knowledge: Knowledge;
  readonly #kept: Record<string, ((...args: unknown[]) => unknown) | undefined>;
  readonly #attempts: Attempts;
  readonly #encoder = new Encoder();
  readonly #sync: SyncCalls;
  /** For an answer beside the port. */
  readonly #room = new Uint8Array(MAX_ANSWER_BYTES);
  readonly #pending = new Map<number, Done>();
  #posted = 0;
  #quietly = false;
  /** The messages that came on the port. */
  #tookByPort = 0;
  /** The newest posted call that the kernel is known to have looked at. */
  #seen = 0;
  /** Waits for the answer to the newest posted call, which was made to be waited for. */
  #behind: { call: number; waiting: (() => void)[] } | null = null;
  #listener: (event: KernelEvent) => void = () => undefined;
  #early: KernelEvent[] | null = [];
  #takeObjects: (key: number, objects: unknown[]) => void = () => undefined;

  constructor(sync: SharedArrayBuffer, port: MessagePort, now = dateNow) {
    const { words, window, ring, answers } = viewsOf(sync);
    this.#words = words;
    this.inbox = createInbox(words, Word.inbox);
    this.#ring = ring;
    this.#answers = answers;
    this.#port = port;
    this.#posting = new Posting(words, ring, this.#encoder);
    this.#sync = new SyncCalls({ words, window }, this.#encoder, {
      settle: () => this.#files.giveBack(),
      count: () => this.#files.countNotes(),
      take: (most) => this.#files.takeNotes(most),
      sendSome: () => this.#sendBehind('getcwd', []),
      answered: () => this.#posting.answered(),
    });
    const cache = new FileCache(words.subarray(Word.stamps));
    const stats = new KnownStats(cache);
    this.#files = new OpenFiles(cache, stats, {
      reopen: (...args) => this.#sync.ask('reopen', args),
      look: (...args) => this.#sync.ask('look', args),
      borrow: (...args) => this.#sync.borrow(...args),
      reserve: (count) => (this.#posting.mayPost() ? this.#sync.ask('reserve', [count]) : []),
      readInto: (...args) => this.#sync.readInto(...args),
    });
    this.#knowledge = {
      cache,
      folders: new KnownFolders(cache, {
        neighbours: (...args) => this.#sync.ask('neighbours', args),
        dependencies: () => this.#sync.dependencies(),
      }),
      names: new KnownNames(cache, {
        trail: () => this.#sync.trail(),
        listNames: (folder, most) => this.#sync.ask('listNames', [folder, most]),
        dependencies: () => this.#sync.dependencies(),
      }),
      changes: this.#posting,
      files: this.#files,
      stats,
      now,
      ask: (name, args) => this.#sync.ask(name, args),
      askToLook: (name, args) => this.#sync.askToLook(name, args),
      mayPost: () => this.#posting.mayPost(),
      postWrite: (write) => this.#posting.write(write),
      post: (name, args) =>
        this.#posting.mayPost() && this.#posting.keepClean(() => this.#putBehind(Behind.post, name, args)),
      cwd: null,
      home: null,
      kinds: new Map(),
      dependencies: () => this.#sync.dependencies(),
    };
    this.#attempts = createAttempts(this.#knowledge);
    this.#kept = createKeptCalls(this.#knowledge, this.#attempts) as Record<string, (...args: unknown[]) => unknown>;
    port.onmessage = (message: MessageEvent<KernelMessage>) => this.#receiveMessage(message.data);
    this.#answerHead = createInbox(words, Word.answerHead);
  }

  /** No other thread changes the working directory of the process: relative paths may be looked up from the root. */
  ownWorkingDirectory(): void {
    this.#knowledge.home = new HomeFolder(this.#knowledge);
  }

  /** From now on answers are taken as they come; else somebody must look for them. */
  takeAnswersAtOnce(): void {
    this.#answerHead.onArrival(() => this.look());
  }

  /** Takes what the kernel has answered beside the port. */
  look(): void {
    for (let record = this.#takeAnswer(); record !== null; record = this.#takeAnswer()) {
      const value = decode(record.data);
      if (record.fd > 0) this.#answered(record.fd, null, value);
      else this.#answered(-record.fd, errorFrom(value));
    }
  }

  /** Its bytes are valid until the next one is taken. */
  #takeAnswer(): BehindRecord | null {
    return this.#answers.take(this.#room);
  }

  noteWork(): void {
    Atomics.add(this.#words, Word.work, 1);
  }

  arm(wake: () => void): boolean {
    return this.#answerHead.arm(Atomics.load(this.#words, Word.answerTail), wake);
  }

  call<Name extends SyscallName>(name: Name, ...args: Parameters<Syscalls[Name]>): ReturnType<Syscalls[Name]> {
    const kept = this.#kept[name];
    if (kept) return kept(...(this.#knowledge.home?.atRoot(name, args) ?? args)) as ReturnType<Syscalls[Name]>;
    this.#prepare(name, args);
    if (name === 'writeAvailable') this.writes++;
    return this.#sync.ask(name, args);
  }

  /** Takes what the kernel answers before it is asked; `forget` drops all such answers. */
  learn(known: Foreknowledge): void {
    keepForeknowledge(this.#knowledge, known);
  }

  forget(): void {
    forgetForeknowledge(this.#knowledge);
  }

  /** Has the kernel know of open files what matters to this call. */
  #prepare(name: SyscallName, args: readonly unknown[]): void {
    // Another thread may close the streams as well.
    if (name === 'close' || name === 'startThread') this.#knowledge.kinds.clear();
    if (MOVES_BYTES.has(name)) {
      this.#files.handOverOne(args[0] as number);
      // A descriptor that goes along with the bytes.
      if (name === 'writeAvailable' && args[2] !== undefined) this.#files.handOver();
    } else if (LEAVES_OFFSETS.has(name)) {
      this.#files.settle();
    } else {
      this.#files.handOver();
    }
  }

  /** Changes with every change of the environment that is shared with other threads. */
  get environmentVersion(): number {
    return Atomics.load(this.#words, Word.environmentVersion);
  }

  readInto(fd: number, target: Uint8Array, position: number | null): number {
    return this.#files.readInto(fd, target, position) ?? this.#sync.readInto(fd, target, position);
  }

  attempt<Name extends Attempted>(
    name: Name,
    ...args: Parameters<Syscalls[Name]>
  ): ReturnType<Syscalls[Name]> | SystemError {
    const attempt = this.#attempts[name] as (...args: unknown[]) => ReturnType<Syscalls[Name]> | SystemError;
    return attempt(...(this.#knowledge.home?.atRoot(name, args) ?? args));
  }

  exists(path: string): boolean {
    return exists(this.#knowledge, this.#knowledge.home?.absolute(path) ?? path);
  }

  viewFile(path: string, most?: number): Uint8Array {
    return viewFile(this.#knowledge, this.#knowledge.home?.absolute(path) ?? path, most);
  }

  /** False when it must take another way. */
  #sendBehind(name: SyscallName, args: readonly unknown[]): boolean {
    return this.#putBehind(Behind.send, name, args);
  }

  #putBehind(kind: number, name: SyscallName, args: readonly unknown[]): boolean {
    const notes = this.#files.takeNotes(MOST_NOTES_BEHIND);
    const number = numberOfCall(name);
    const head = kind === Behind.post ? [this.#knowledge.now(), number, notes] : [number, notes];
    if (this.#callBehind(kind, head, name, args)) return true;
    this.#files.giveBackNotes(notes);
    return false;
  }

  writeBehind(fd: number, data: Uint8Array): boolean {
    if (this.#files.isRegular(fd)) return false;
    return this.#words[Word.behindFailed] === 0 && this.#ring.append(fd, data);
  }

  push(fd: number, data: Uint8Array): void {
    this.writes++;
    this.send('push', fd, data);
  }

  get breaks(): number {
    return Atomics.load(this.#words, Word.breaks);
  }

  get pipeBreaks(): number {
    return this.#posting.mayPost() ? Atomics.load(this.#words, Word.pipeBreaks) : Number.NaN;
  }

  callAsync<Name extends SyscallName>(
    name: Name,
    ...args: Parameters<Syscalls[Name]>
  ): Promise<ReturnType<Syscalls[Name]>> {
    return new Promise((resolve, reject) => {
      this.callWith(name, args, (error, value) => {
        if (error) reject(error);
        else resolve(value as ReturnType<Syscalls[Name]>);
      });
    });
  }

  callWith<Name extends SyscallName>(
    name: Name,
    args: Parameters<Syscalls[Name]>,
    done: (error: Error | null, value?: ReturnType<Syscalls[Name]>) => void,
  ): void {
    this.#prepare(name, args);
    const id = ++this.#posted;
    this.#pending.set(id, done as Done);
    const notes = this.#files.takeNotes(Number.POSITIVE_INFINITY);
    if (!this.#callBehind(Behind.call, [id, numberOfCall(name), notes], name, args)) this.#post(id, name, args, notes);
  }

  callQuietly(
    seen: number,
    args: Parameters<Syscalls['receive']>,
    done: (error: Error | null, value?: ReturnType<Syscalls['receive']>) => void,
  ): void {
    this.#quietly = true;
    try {
      this.callWith('receive', args, done);
    } finally {
      this.#quietly = false;
    }
    if (Atomics.load(this.#words, Word.unread) !== seen) this.#ring.wake();
  }

  /** False when the call must take another way: it is long, there is no room, or a message is still under way on the port. */
  #callBehind(kind: number, head: readonly unknown[], name: SyscallName, args: readonly unknown[]): boolean {
    if (ONLY_MESSAGES.has(name) && args[2] !== null) return false;
    if (!this.#posting.portIsEmpty) return false;
    if (args.some((arg) => arg instanceof Uint8Array && arg.length > MAX_BEHIND_BYTES)) return false;
    const bytes = this.#encoder.encode([...head, ...args]);
    if (bytes.length > MAX_BEHIND_BYTES) return false;
    if (kind === Behind.post) return this.#ring.appendLater(kind, bytes, Word.attentive);
    return this.#ring.append(kind, bytes, this.#quietly);
  }

  #post(id: number, name: SyscallName, args: readonly unknown[], notes: number[]): void {
    const transfer: Transferable[] = [];
    // A copy, as the caller may change its memory, and a view of a large pool would take the whole pool along.
    const copied = args.map((arg: unknown) => {
      if (!(arg instanceof Uint8Array)) return arg;
      const copy = new Uint8Array(arg);
      transfer.push(copy.buffer);
      return copy;
    });
    const sequence = ++this.#posting.byPort;
    // Before the message is: whoever is told of something behind it finds it counted.
    Atomics.store(this.#words, Word.asyncCalls, sequence);
    const message: CallMessage = {
      type: 'call',
      id,
      sequence,
      name,
      args: copied,
      notes,
    };
    this.#port.postMessage(message, transfer);
  }

  afterAnswers(done: () => void): void {
    if (this.#seen >= this.#posted) {
      done();
      return;
    }
    if (this.#behind?.call === this.#posted) {
      this.#behind.waiting.push(done);
      return;
    }
    // The kernel takes the calls in order: its answer to one that changes nothing comes behind those to all before.
    const waiting = [done];
    this.callWith('umask', [null], () => {
      for (const waiter of waiting) waiter();
    });
    this.#behind = { call: this.#posted, waiting };
  }

  onEvent(listener: (event: KernelEvent) => void): void {
    this.#listener = listener;
    const early = this.#early ?? [];
    this.#early = null;
    for (const event of early) listener(event);
  }

  /** Called with the objects of messages that are shared, not copied. */
  onObjects(listener: (key: number, objects: unknown[]) => void): void {
    this.#takeObjects = listener;
  }

  #answered(id: number, error: Error | null, value?: unknown): void {
    this.#seen = Math.max(this.#seen, id);
    const done = this.#pending.get(id);
    this.#pending.delete(id);
    if (error === null) done?.(null, value);
    else done?.(error);
  }

  #receiveMessage(message: KernelMessage): void {
    // The answers beside the port are older.
    this.look();
    this.#tookByPort = (this.#tookByPort + 1) | 0;
    Atomics.store(this.#words, Word.processTook, this.#tookByPort);
    if (message.type === 'event' && message.event.type === 'shared') {
      this.#takeObjects(message.event.key, message.event.objects);
      return;
    }
    if (message.type === 'event') {
      if (this.#early) this.#early.push(message.event);
      else this.#listener(message.event);
      return;
    }
    if (message.type === 'answer') this.#answered(message.id, null, message.value);
    else this.#answered(message.id, new SystemError(message.code, message.message));
  }

  /** As `call`, without waiting for the answer, which nobody reads; whatever is called next is handled after it. */
  send<Name extends SyscallName>(name: Name, ...args: Parameters<Syscalls[Name]>): void {
    this.#prepare(name, args);
    if (this.#sendBehind(name, args)) return;
    if (ONLY_MESSAGES.has(name)) this.callWith(name, args, () => undefined);
    else this.call(name, ...args);
  }
}
