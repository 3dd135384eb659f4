/** The Worker of the kernel's own that parses sources: `transformer/worker.ts`, as the kernel drives it. */
import type { TransformAnswer, TransformRequest } from '../transformer/messages.ts';

export type Source = Omit<TransformRequest, 'id'>;

/**
 * Many times what it takes a source to be found, also beside others: a text can be made to take hours (a parser looks through all names
 * of a scope for each new one), and whoever needs another source must not wait for it.
 */
const PATIENCE_MS = 4000;
const PATIENCE_MS_PER_BYTE = 1e-3;
/** What is not done by then takes its time. */
const SOON_MS = 100;

interface Pending {
  since: number;
  bytes: number;
  resolve(result: Uint8Array | null): void;
}

export class Transformer {
  failed = false;
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  #asked = 0;
  #answered = 0;

  constructor(script: Uint8Array) {
    const url = URL.createObjectURL(new Blob([script as Uint8Array<ArrayBuffer>], { type: 'text/javascript' }));
    this.#worker = new Worker(url);
    URL.revokeObjectURL(url);
    this.#worker.onmessage = ({ data }: MessageEvent<TransformAnswer>) => {
      this.#answered++;
      this.#pending.get(data.id)?.resolve(data.result);
      this.#pending.delete(data.id);
    };
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.terminate();
    };
  }

  get isIdle(): boolean {
    return this.#pending.size === 0;
  }

  /** It has started, and what it does now, of less than so many bytes, will not take long. */
  isQuick(mostBytes: number): boolean {
    if (this.failed || this.#answered === 0) return false;
    const latest = performance.now() - SOON_MS;
    let bytes = 0;
    for (const pending of this.#pending.values()) {
      if (pending.since < latest) return false;
      bytes += pending.bytes;
    }
    return bytes < mostBytes;
  }

  /** Null when the source does not parse, or not in time. */
  run(source: Source): Promise<Uint8Array | null> {
    return new Promise((resolve) => {
      const request: TransformRequest = { id: ++this.#asked, ...source };
      const bytes = source.source.length;
      const late = setTimeout(() => this.terminate(), PATIENCE_MS + PATIENCE_MS_PER_BYTE * bytes);
      this.#pending.set(request.id, {
        since: performance.now(),
        bytes,
        resolve: (result) => {
          clearTimeout(late);
          resolve(result);
        },
      });
      this.#worker.postMessage(request);
    });
  }

  /** Whoever waits parses by itself. */
  terminate(): void {
    this.failed = true;
    this.#worker.terminate();
    for (const { resolve } of this.#pending.values()) resolve(null);
    this.#pending.clear();
  }
}
