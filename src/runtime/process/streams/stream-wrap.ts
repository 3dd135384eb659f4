/** LibuvStreamWrap: what TCP, Pipe and TTY handles share. Reads and writes a descriptor for Node's `stream_base_commons`. */
import { createSocketPair, type SocketDescription } from '../../kernel/descriptions/socket.ts';
import type { PassedDescriptor } from '../../kernel/descriptors.ts';
import { joinBytes } from '../../kernel/join-bytes.ts';
import { RECEIVED_PIECE, type Syscalls } from '../../kernel/syscalls.ts';
import type { ProcessContext } from '../context.ts';
import { DirectWriter } from './direct-writer.ts';
import { errnoOfError, guestMethod, handleClasses, symbolNamed } from './handle-wrap.ts';
import { createPassedHandle } from './passed-handle.ts';
import { bytesOf, encodeLatin1, encodeUcs2, encodeUtf8Pooled, ownMemoryOf } from './text.ts';
import { encodeChunks } from './write-chunks.ts';
import { WriteQueue } from './write-queue.ts';

/** Indices of `streamBaseState`, through which results travel beside a call. */
export const kReadBytesOrError = 0;
export const kArrayBufferOffset = 1;
export const kBytesWritten = 2;
export const kLastWriteWasAsync = 3;

/** Receives what is read in place of the handle's `onread`: bytes, or a negative errno (UV_EOF at the end). */
export type ReadListener = (result: Uint8Array | number) => void;

/** Which ways the descriptor goes: the two ends of a pipe go one way. */
export type Direction = 'both' | 'read' | 'write';

const READ_SIZE = RECEIVED_PIECE;
/** So much is taken of the kernel at once, and delivered in pieces: each question costs more than the bytes. */
const RECEIVE_SIZE = 4 * READ_SIZE;
const classesOf = new WeakMap<ProcessContext, StreamClasses>();

export type StreamClasses = ReturnType<typeof defineStreamClasses>;
export type StreamHandle = InstanceType<StreamClasses['LibuvStreamWrap']>;

export function streamClasses(context: ProcessContext): StreamClasses {
  let classes = classesOf.get(context);
  if (classes === undefined) {
    classes = defineStreamClasses(context);
    classesOf.set(context, classes);
  }
  return classes;
}

function defineStreamClasses(context: ProcessContext) {
  const { sys, loop, asyncContext } = context;
  const { HandleWrap } = handleClasses(context);
  const state = new Int32Array(4);
  const errno = (code: string): number => context.errnoOf(code);

  class LibuvStreamWrap extends HandleWrap {
    reading = false;
    isStreamBase = true;
    #fd = -1;
    #direction: Direction = 'both';
    #writes: WriteQueue | null = null;
    /** Where writes are synchronous. */
    #direct: DirectWriter | null = null;
    #wantsRead = false;
    /** The kernel is asked, or will be at the end of the turn, to say when there is something to read. */
    #polling = false;
    /** It was asked. */
    #asked = false;
    /** Nobody else reads or writes there: what arrives may be taken before it is asked for. */
    #isOwn = false;
    /** As the last answer told; null before the first, when the kernel does not know yet who reads there. */
    #unread: number | null = null;
    /** What was taken, and is not wanted now. */
    #held: (Uint8Array | number)[] = [];
    #isChannel = false;
    #passed: PassedDescriptor[] = [];
    #userBuffer: Uint8Array | null = null;
    #listener: ReadListener | null = null;
    #onread: unknown = undefined;
    #bytesRead = 0;
    #bytesWritten = 0;
    /** The connection as far as the kernel does not see it, while both ends are this thread's; and the other end. */
    #local: SocketDescription | null = null;
    #other: LibuvStreamWrap | null = null;
    /** Counts the changes between the kernel's connection and the local one: answers from before are void. */
    #generation = 0;
    /** Another process has the descriptor, too. */
    #isShared = false;

    constructor(provider: string) {
      super(provider);
      Object.defineProperty(this, symbolNamed(context, 'owner_symbol'), {
        value: null,
        writable: true,
        enumerable: true,
        configurable: true,
      });
    }

    get fd(): number {
      return this.#fd;
    }
    get bytesRead(): number {
      return this.#bytesRead;
    }
    get bytesWritten(): number {
      return this.#bytesWritten;
    }
    get writeQueueSize(): number {
      return this.#writes?.unsent ?? 0;
    }
    get onread(): unknown {
      return this.#onread;
    }
    set onread(listener: unknown) {
      this.#onread = listener;
    }

    /** As `adopt`, of the end of a pipe or connection that no other process has. */
    adoptOwn(fd: number, direction: Direction = 'both'): void {
      this.#isOwn = true;
      this.adopt(fd, direction);
    }

    /** Takes over the descriptor. Node's standard streams are written synchronously. */
    adopt(fd: number, direction: Direction = 'both'): void {
      this.#fd = fd;
      this.#direction = direction;
      this.#direct = fd <= 2 ? new DirectWriter(context, fd) : null;
      this.#writes = new WriteQueue(context, fd, { isPipe: direction === 'write', isOwn: this.#isOwn });
      if (this.#wantsRead) this.#poll();
    }

    /**
     * From now on bytes pass between the two ends, both of this thread, without the kernel. False where some are on their way
     * through it already.
     */
    protected linkTo(other: LibuvStreamWrap): boolean {
      if (!this.#isUnused() || !other.#isUnused()) return false;
      const [mine, theirs] = createSocketPair('tcp');
      this.#other = other;
      other.#other = this;
      other.#carryBy(theirs);
      this.#carryBy(mine);
      return true;
    }

    #isUnused(): boolean {
      if (this.isClosed || this.#isShared || this.#local !== null || this.#held.length > 0) return false;
      return this.#bytesRead === 0 && this.#writes?.isUnused === true;
    }

    #carryBy(local: SocketDescription | null): void {
      this.#local = local;
      this.#generation++;
      this.#polling = false;
      this.#writes?.carryBy(local);
      local?.watch(
        () => this.#wantsRead && this.#poll(),
        () => this.#writes?.flush(),
      );
      if (this.#wantsRead) this.#poll();
    }

    /** Another process is about to have the descriptor: the kernel carries the bytes again. */
    leaveThread(): void {
      this.#isShared = true;
      const other = this.#other;
      if (this.#local === null || other === null) return;
      this.#giveRestTo(other);
      other.#giveRestTo(this);
      this.#carryBy(null);
      other.#carryBy(null);
    }

    /** What the other end did not read yet. */
    #giveRestTo(other: LibuvStreamWrap): void {
      const rest = other.#local?.takeRest();
      if (rest === undefined || this.isClosed) return;
      if (rest.bytes.length > 0) sys.push(this.#fd, rest.bytes);
      if (rest.isEnded) sys.call('shutdown', this.#fd);
    }

    /** Descriptors that were passed along are received with what is read: the library finds them as `pendingHandle`. */
    protected becomeChannel(): void {
      this.#isChannel = true;
    }

    setReadListener(listener: ReadListener | null): void {
      this.#listener = listener;
    }
    /** Delivers a read's result to `onread`, past the listener. */
    passToGuest(result: Uint8Array | number): void {
      this.#callOnread(result);
    }

    setBlocking(blocking: boolean): number {
      if (blocking || this.#fd <= 2) this.#direct ??= new DirectWriter(context, this.#fd);
      else this.#direct = null;
      return 0;
    }

    useUserBuffer(buffer: unknown): void {
      this.#userBuffer = bytesOf(buffer);
    }

    readStart(): number {
      if (this.isClosed) return errno('EBADF');
      if (this.#wantsRead) return 0;
      this.#wantsRead = true;
      this.activate();
      this.#poll();
      return 0;
    }

    readStop(): number {
      this.#wantsRead = false;
      this.deactivate();
      return 0;
    }

    writeBuffer(request: object, data: unknown, handle?: unknown): number {
      if (!ArrayBuffer.isView(data)) {
        const error = new TypeError('Second argument must be a buffer');
        throw Object.assign(error, { code: 'ERR_INVALID_ARG_TYPE' });
      }
      return this.#write(request, bytesOf(data), handle);
    }
    /** `handle` travels along, when the stream is a channel to another process. */
    writeUtf8String(request: object, text: string, handle?: unknown): number {
      return this.#write(request, encodeUtf8Pooled(text), handle);
    }
    writeLatin1String(request: object, text: string): number {
      return this.#write(request, encodeLatin1(text));
    }
    writeAsciiString(request: object, text: string): number {
      return this.#write(request, encodeLatin1(text));
    }
    writeUcs2String(request: object, text: string): number {
      return this.#write(request, encodeUcs2(text));
    }
    /** As {@link encodeChunks} takes them. */
    writev(request: object, chunks: unknown[], allBuffers: boolean): number {
      return this.#write(request, joinBytes(encodeChunks(context, chunks, allBuffers)));
    }

    shutdown(request: object): number {
      if (this.#writes === null || this.#direction === 'read') return errno('ENOTCONN');
      asyncContext.register(request, 'SHUTDOWNWRAP', { trigger: this });
      this.#writes.shutdown((status) => complete(request, [status]));
      return 0;
    }

    /** Whether closing tells the peer of an abort. */
    protected get resets(): boolean {
      return false;
    }
    protected override release(): void {
      super.release();
      this.#wantsRead = false;
      this.#writes?.close(this.resets);
    }

    #write(request: object, bytes: Uint8Array, handle?: unknown): number {
      state[kBytesWritten] = bytes.length;
      state[kLastWriteWasAsync] = 0;
      if (this.#writes === null || this.isClosed) return errno('EBADF');
      if (this.#direction === 'read') return errno('EPIPE');
      if (handle instanceof LibuvStreamWrap) handle.leaveThread();
      const passed = handle instanceof LibuvStreamWrap ? handle.fd : undefined;
      if (passed === undefined && handle !== undefined && handle !== null) return errno('ENOTSUP');
      this.#bytesWritten += bytes.length;
      if (this.#direct !== null) return this.#direct.write(bytes);
      const done = (result: number) => complete(request, [result, this, undefined]);
      const { status, pending } = this.#writes.write(bytes, done, passed);
      if (pending) {
        asyncContext.register(request, 'WRITEWRAP', { trigger: this });
        state[kLastWriteWasAsync] = 1;
      }
      return status;
    }

    /** As libuv: the kernel is asked at the end of a turn, and read from in the turn after its answer. */
    #poll(): void {
      if (this.#fd < 0 || this.#polling || this.isClosed) return;
      if (this.#local !== null) {
        this.#polling = this.#local.isReadable;
        if (this.#polling) loop.enqueue(() => this.#readNow());
        return;
      }
      this.#polling = true;
      const generation = this.#generation;
      loop.beforeWait(() => {
        if (generation !== this.#generation) return;
        if (this.isClosed || !this.#wantsRead) this.#polling = false;
        else if (this.#held.length > 0) loop.enqueue(() => this.#deliverHeld());
        else if (this.#isOwn && this.#userBuffer === null) this.#receiveLater();
        else this.#readLater();
      });
    }

    #readLater(): void {
      const generation = this.#generation;
      this.#asked = true;
      sys.callWith('poll', [this.#fd], () => {
        this.#asked = false;
        if (generation === this.#generation) this.#readNow();
      });
    }

    /** The kernel has yet to answer what there is. */
    get isAsked(): boolean {
      return this.#asked;
    }

    /** Delivers what is there by now, a piece of it; false when there is nothing, or it is not wanted. */
    readRest(): boolean {
      if (this.#fd < 0 || this.isClosed || !this.#wantsRead || this.#asked) return false;
      const rest = this.#held.shift() ?? this.#readAvailable(this.#userBuffer?.length ?? READ_SIZE);
      if (rest !== null) this.#deliver(rest);
      return rest !== null;
    }

    #receiveLater(): void {
      const generation = this.#generation;
      const length = this.#isChannel ? READ_SIZE : RECEIVE_SIZE;
      const args: [number, number, boolean] = [this.#fd, length, this.#isChannel];
      const done = (error: Error | null, answer?: ReturnType<Syscalls['receive']>): void => {
        this.#asked = false;
        if (generation !== this.#generation) return;
        if (answer !== undefined) this.#hold(...answer);
        else if (error !== null && errnoOfError(context, error) !== errno('EAGAIN'))
          this.#held.push(errnoOfError(context, error));
        this.#deliverHeld();
      };
      this.#asked = true;
      if (this.#unread === null) sys.callWith('receive', args, done);
      else sys.callQuietly(this.#unread, args, done);
    }

    /** What this process has written since to the other end may follow: a read that comes later would have had it, too. */
    #hold(...[pieces, writes, passed, unread]: ReturnType<Syscalls['receive']>): void {
      this.#unread = unread;
      const [bytes] = pieces;
      if (bytes === undefined || bytes.length === 0) this.#held.push(errno('EOF'));
      else this.#held.push(...pieces);
      this.#passed.push(...passed);
      if (this.#isChannel || bytes === undefined || bytes.length === 0 || bytes.length === READ_SIZE) return;
      if (writes === sys.writes || this.isClosed) return;
      const more = this.#readAvailable(READ_SIZE - bytes.length);
      if (typeof more === 'number') this.#held.push(more);
      else if (more !== null) this.#held = [joinBytes([bytes, more])];
    }

    #deliverHeld(): void {
      this.#polling = false;
      if (this.isClosed || !this.#wantsRead) return;
      const result = this.#held.shift();
      if (result !== undefined) this.#deliver(result);
      if (!this.isClosed && this.#wantsRead) this.#poll();
    }

    #readNow(): void {
      this.#polling = false;
      if (this.isClosed || !this.#wantsRead) return;
      const length = this.#userBuffer?.length ?? READ_SIZE;
      const result = this.#readAvailable(length);
      if (result !== null) this.#deliver(result);
      if (this.isClosed || !this.#wantsRead) return;
      if (result === null || typeof result === 'number' || (result.length < length && !this.#isChannel)) {
        this.#poll();
      } else {
        this.#polling = true;
        loop.enqueue(() => this.#readNow());
      }
    }

    /** null when another process was quicker. */
    #readAvailable(length: number): Uint8Array | number | null {
      try {
        const bytes = this.#take(length);
        return bytes.length === 0 ? errno('EOF') : bytes;
      } catch (error) {
        const code = errnoOfError(context, error);
        return code === errno('EAGAIN') ? null : code;
      }
    }

    #take(length: number): Uint8Array {
      if (this.#local !== null) return this.#local.readAvailable(length);
      return this.#isChannel ? this.#receive(length) : sys.call('readAvailable', this.#fd, length);
    }

    #receive(length: number): Uint8Array {
      const { data, passed } = sys.call('receiveAvailable', this.#fd, length);
      this.#passed.push(...passed);
      return data;
    }

    #deliver(result: Uint8Array | number): void {
      if (typeof result === 'number') this.readStop();
      else this.#bytesRead += result.length;
      const passed = this.#passed.shift();
      if (passed) {
        Reflect.set(this, 'pendingHandle', createPassedHandle(context, passed));
        // It is acknowledged: natively a process does not end quicker than that arrives.
        this.#writes?.waitForNext();
      }
      if (this.#listener !== null) this.#listener(result);
      else this.#callOnread(result);
    }

    #callOnread(result: Uint8Array | number): void {
      const onread = this.#onread;
      if (typeof onread !== 'function') return;
      asyncContext.runIn(this, () => {
        state[kReadBytesOrError] = typeof result === 'number' ? result : result.length;
        state[kArrayBufferOffset] = 0;
        if (typeof result === 'number') {
          onread.call(this, undefined);
        } else if (this.#userBuffer !== null) {
          this.#userBuffer.set(result);
          const next: unknown = onread.call(this, undefined);
          if (next !== undefined) this.#userBuffer = bytesOf(next);
        } else {
          onread.call(this, ownMemoryOf(result));
        }
      });
    }
  }

  /** A request of the library's: `oncomplete` is its callback. Its async id is given when it goes on its way. */
  class WriteWrap extends handleClasses(context).AsyncWrap {}
  class ShutdownWrap extends handleClasses(context).AsyncWrap {}

  function complete(request: object, args: unknown[]): void {
    asyncContext.complete(request, () => guestMethod(request, 'oncomplete')?.(...args));
  }

  return { LibuvStreamWrap, WriteWrap, ShutdownWrap, streamBaseState: state, complete };
}
