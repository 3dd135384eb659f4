/** What the client watches. It goes on with the next kernel, where what is watched is still there. */
import * as Comlink from 'comlink';
import type { RunningKernel } from './kernel-client.ts';

export interface Watch {
  /** Absolute. */
  readonly path: string;
  readonly recursive: boolean;
  notify(type: string, name: string): Promise<void>;
}

export class ClientWatchers {
  readonly #current: () => Promise<RunningKernel>;
  /** With what ends each. */
  readonly #all = new Map<Watch, () => Promise<void>>();

  constructor(current: () => Promise<RunningKernel>) {
    this.#current = current;
  }

  /** Returns what ends the watch. Rejects as `fs.watch`. */
  async add(watch: Watch): Promise<() => Promise<void>> {
    this.#all.set(watch, await start(watch, await this.#current()));
    return async () => {
      const end = this.#all.get(watch);
      this.#all.delete(watch);
      await end?.();
    };
  }

  async goOn(kernel: RunningKernel): Promise<void> {
    for (const watch of this.#all.keys()) {
      try {
        this.#all.set(watch, await start(watch, kernel));
      } catch {
        // It had been made so late that it is lost.
        this.#all.delete(watch);
      }
    }
  }
}

async function start({ path, recursive, notify }: Watch, { client }: RunningKernel): Promise<() => Promise<void>> {
  const id = await client.watch(path, recursive, Comlink.proxy(notify));
  // A client that ends what has failed closes its watchers first: with the kernel they went.
  return () => client.unwatch(id).catch(() => undefined);
}
