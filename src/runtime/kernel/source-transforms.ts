/**
 * What must be edited in sources, found for processes by a Worker of the kernel's own, which runs only while it is needed. Nothing that a
 * process has found counts for another one: whoever runs in it may have replaced what the search goes by. Large sources are parsed when
 * they are asked for, and what is found in them is kept by the host; a process parses others by itself, with a parser that it has to
 * compile first, and they are parsed here when no new ones come, or a process has ended. Where several processes ask one after the other (a test run starts one
 * for each file), the Worker runs on their account, and they wait for it, which takes less than to compile a parser.
 */
import type { SourceKind } from '../transformer/messages.ts';
import { KnownContents } from './known-contents.ts';
import type { OptionalParts } from './optional-parts.ts';
import { SOURCE_KINDS, SystemError } from './syscalls.ts';
import { type Source, Transformer } from './transformer.ts';

/** The host keeps results, beyond the life of the kernel. It may fail: then the source is parsed again. */
export interface TransformStore {
  /** The key of a source, and its result where it is known. */
  lookUp(kind: SourceKind, source: Uint8Array): Promise<{ key: string; result: Uint8Array | null }>;
  put(key: string, result: Uint8Array): Promise<void>;
}

const PART = 'transformer.js';
/** Parsing 9 MB takes hundreds of megabytes: they go back soon. */
const IDLE_MS = 5_000;
/** In bytes. From here on the transformer takes less time than a process: its parser has been compiled, and what it finds lasts. */
const LARGE = 128 * 1024;
/** For sources of one kind and what was found in them. */
const ROOM = { mostBytes: 32 * 1024 * 1024, mostEntries: Number.POSITIVE_INFINITY };
/** When so long no new source has come, those that wait are parsed. */
const REST_MS = 300;
/** Of sources that wait; more are parsed by the next process that asks. */
const MOST_WAITING_BYTES = 16 * 1024 * 1024;

/** At a time: one for each thread that there may be. More are asked for by who attacks, and parsed by who asks. */
const MOST_FINDING = 96;
/** Sources that are not large, at a time: whoever would come behind them is done sooner by itself. */
const MOST_TURNS = 16;

export class SourceTransforms {
  /** Set by the client when the kernel has booted. */
  store: TransformStore | null = null;
  readonly #parts: OptionalParts;
  readonly #known = { function: new KnownContents<Uint8Array>(ROOM), module: new KnownContents<Uint8Array>(ROOM) };
  #waiting: Source[] = [];
  #waitingBytes = 0;
  /** The thread that has asked for what waits. */
  #asker: object | null = null;
  /** Other than large ones are found one behind the other: several threads may ask for the same. */
  #turn: Promise<unknown> = Promise.resolve();
  #turns = 0;
  #finding = 0;
  #rest: ReturnType<typeof setTimeout> | undefined;
  #worker: Transformer | null = null;
  #idle: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: OptionalParts) {
    this.#parts = parts;
  }

  /** Null when the thread `asker` must parse the source by itself. EIO when there is no transformer. */
  get(kind: SourceKind, source: Uint8Array, asker: object): Uint8Array | null | Promise<Uint8Array | null> {
    const known = this.#known[kind].get(source);
    if (known !== null) return known;
    const isLarge = source.length >= LARGE;
    if (isLarge && this.#finding >= MOST_FINDING) return null;
    // The caller's bytes may be a part of something larger.
    const asked = { kind, source: source.slice() };
    if (isLarge) return this.#find(asked);
    if (this.#turns < MOST_TURNS && this.#worker?.isQuick(LARGE)) return this.#findInTurn(asked);
    this.#findLater(asked, asker);
    return null;
  }

  /** What is known of a source, of whichever kind. */
  find(source: Uint8Array): { kind: SourceKind; result: Uint8Array } | null {
    for (const kind of SOURCE_KINDS) {
      const result = this.#known[kind].get(source);
      if (result !== null) return { kind, result };
    }
    return null;
  }

  /** A process has ended: what waits is parsed now, as the next one may ask for the same. */
  goOn(): void {
    if (this.#waiting.length === 0) return;
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => void this.#findWaiting(), 0);
  }

  close(): void {
    clearTimeout(this.#idle);
    clearTimeout(this.#rest);
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#dismiss();
  }

  #dismiss(): void {
    this.#worker?.terminate();
    this.#worker = null;
  }

  async #find({ kind, source }: Source): Promise<Uint8Array | null> {
    const { store } = this;
    if (store === null) throw new SystemError('EIO', 'Nothing keeps what is transformed');
    this.#finding++;
    try {
      const { key, result } = await store.lookUp(kind, source);
      const found = result ?? (await this.#transform({ kind, source }));
      if (found === null) return null;
      this.#known[kind].keep(source, found, found.length);
      // Where there is no room to keep it, it is found again the next time.
      if (result === null) store.put(key, found).catch(() => undefined);
      return found;
    } catch (error) {
      throw new SystemError('EIO', error instanceof Error ? error.message : String(error));
    } finally {
      this.#finding--;
    }
  }

  #findLater(asked: Source, asker: object): void {
    // Without a client there is no transformer.
    if (this.store === null || this.#waitingBytes + asked.source.length > MOST_WAITING_BYTES) return;
    this.#waiting.push(asked);
    this.#waitingBytes += asked.source.length;
    clearTimeout(this.#rest);
    const isFirst = this.#asker === null || this.#asker === asker;
    this.#asker = asker;
    this.#rest = setTimeout(() => void this.#findWaiting(), isFirst ? REST_MS : 0);
  }

  async #findWaiting(): Promise<void> {
    const waiting = this.#waiting.splice(0);
    this.#waitingBytes = 0;
    this.#asker = null;
    try {
      for (const source of waiting) await this.#findOnce(source);
    } catch {
      // There is no transformer: whoever needs these sources goes on to parse them.
    }
  }

  async #findInTurn(source: Source): Promise<Uint8Array | null> {
    this.#turns++;
    const found = this.#turn.then(() => this.#findOnce(source));
    this.#turn = found.catch(() => null);
    try {
      return await found;
    } catch {
      return null;
    } finally {
      this.#turns--;
    }
  }

  async #findOnce({ kind, source }: Source): Promise<Uint8Array | null> {
    const known = this.#known[kind].get(source);
    if (known !== null) return known;
    const found = await this.#transform({ kind, source });
    if (found !== null) this.#known[kind].keep(source, found, found.length);
    return found;
  }

  async #transform(source: Source): Promise<Uint8Array | null> {
    const script = await this.#parts.get(PART);
    clearTimeout(this.#idle);
    const worker = this.#worker?.failed === false ? this.#worker : new Transformer(script);
    this.#worker = worker;
    const result = await worker.run(source);
    clearTimeout(this.#idle);
    if (worker.isIdle) this.#idle = setTimeout(() => this.#dismiss(), IDLE_MS);
    return result;
  }
}
