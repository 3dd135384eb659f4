/**
 * Remembers what processes find in sources; parses large ones in a Worker of its own, which runs only while it is needed, and has what
 * that finds kept by the host.
 */
import type { SourceKind, TransformAnswer, TransformRequest } from '../transformer/messages.ts';
import type { OptionalParts } from './optional-parts.ts';
import { type LargeSource, SystemError } from './syscalls.ts';

/** The host keeps results, beyond the life of the kernel. It may fail: then the source is parsed again. */
export interface TransformStore {
  /** The key of a source, and its result where it is known. */
  lookUp(kind: SourceKind, source: Uint8Array): Promise<{ key: string; result: Uint8Array | null }>;
  put(key: string, result: Uint8Array): Promise<void>;
}

const PART = 'transformer.js';
/** Parsing 9 MB takes hundreds of megabytes: they go back soon. */
const IDLE_MS = 5_000;
const MOST_KNOWN_BYTES = 32 * 1024 * 1024;
/** What one takes beside its content. */
const ENTRY_BYTES = 256;

export class SourceTransforms {
  /** Set by the client when the kernel has booted. */
  store: TransformStore | null = null;
  readonly #parts: OptionalParts;
  readonly #known = new Map<string, Uint8Array>();
  #knownBytes = 0;
  #worker: Transformer | null = null;
  #idle: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: OptionalParts) {
    this.#parts = parts;
  }

  /** Null when the source does not parse. EIO when there is no transformer. */
  async get({ kind, fingerprint, source }: LargeSource): Promise<Uint8Array | null> {
    const { store } = this;
    if (store === null) throw new SystemError('EIO', 'Nothing keeps what is transformed');
    try {
      const { key, result } = await store.lookUp(kind, source);
      const found = result ?? (await this.#transform({ kind, source }));
      if (found === null) return null;
      this.keep(kind, fingerprint, found);
      // Where there is no room to keep it, it is found again the next time.
      if (result === null) store.put(key, found).catch(() => undefined);
      return found;
    } catch (error) {
      throw new SystemError('EIO', error instanceof Error ? error.message : String(error));
    }
  }

  /** What was found before in a source of this fingerprint. */
  known(kind: SourceKind, fingerprint: string): Uint8Array | null {
    return this.#known.get(`${kind}-${fingerprint}`) ?? null;
  }

  close(): void {
    clearTimeout(this.#idle);
    this.#worker?.terminate();
    this.#worker = null;
  }

  /** For the life of the sandbox; forgets the oldest where there are too many. */
  keep(kind: SourceKind, fingerprint: string, result: Uint8Array): void {
    const name = `${kind}-${fingerprint}`;
    if (this.#known.has(name)) return;
    this.#known.set(name, result);
    this.#knownBytes += ENTRY_BYTES + result.length;
    for (const [oldest, { length }] of this.#known) {
      if (this.#knownBytes <= MOST_KNOWN_BYTES || oldest === name) return;
      this.#known.delete(oldest);
      this.#knownBytes -= ENTRY_BYTES + length;
    }
  }

  async #transform(source: Omit<TransformRequest, 'id'>): Promise<Uint8Array | null> {
    const script = await this.#parts.get(PART);
    clearTimeout(this.#idle);
    const worker = this.#worker?.failed === false ? this.#worker : new Transformer(script);
    this.#worker = worker;
    const result = await worker.run(source);
    clearTimeout(this.#idle);
    if (worker.isIdle) this.#idle = setTimeout(() => this.close(), IDLE_MS);
    return result;
  }
}

class Transformer {
  failed = false;
  readonly #worker: Worker;
  readonly #pending = new Map<number, (result: Uint8Array | null) => void>();
  #asked = 0;

  constructor(script: Uint8Array) {
    const url = URL.createObjectURL(new Blob([script as Uint8Array<ArrayBuffer>], { type: 'text/javascript' }));
    this.#worker = new Worker(url);
    URL.revokeObjectURL(url);
    this.#worker.onmessage = ({ data }: MessageEvent<TransformAnswer>) => {
      this.#pending.get(data.id)?.(data.result);
      this.#pending.delete(data.id);
    };
    this.#worker.onerror = () => this.terminate();
  }

  get isIdle(): boolean {
    return this.#pending.size === 0;
  }

  run(source: Omit<TransformRequest, 'id'>): Promise<Uint8Array | null> {
    return new Promise((resolve) => {
      const request: TransformRequest = { id: ++this.#asked, ...source };
      this.#pending.set(request.id, resolve);
      this.#worker.postMessage(request);
    });
  }

  /** Whoever waits parses by itself. */
  terminate(): void {
    this.failed = true;
    this.#worker.terminate();
    for (const resolve of this.#pending.values()) resolve(null);
    this.#pending.clear();
  }
}
