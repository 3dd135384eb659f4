/** The kernel of an instance. A program can take the sandbox's process with it: then another kernel begins, with the files of the one before. */
import type * as Comlink from 'comlink';
import type { KernelClient } from '../kernel/client/client-interface.ts';
import { FileMirror } from './file-mirror.ts';
import { type RunningKernel, startKernel } from './kernel-client.ts';

export interface KernelListeners {
  /** Called with each kernel, before anybody else has it. */
  onStart(kernel: RunningKernel): Promise<void>;
  /** Called when one was lost, with a sentence. */
  onLoss(why: string): void;
  /** Called when no other one could be started, with a sentence: nothing answers any more. */
  onEnd(why: string): void;
}

export class LastingKernel {
  readonly #workdir: string;
  readonly #listeners: KernelListeners;
  readonly #mirror = new FileMirror();
  /** To whichever works. Numbers that a kernel gave (of processes, connections, watchers) are of no use to the next one. */
  readonly client: Comlink.Remote<KernelClient> = forwarding(() => this.#current);
  #current: Promise<RunningKernel>;
  #latest: RunningKernel | null = null;
  #isDestroyed = false;

  constructor(workdir: string, listeners: KernelListeners) {
    this.#workdir = workdir;
    this.#listeners = listeners;
    this.#current = this.#start();
  }

  /** The one that works; when it was lost, the next one. Rejects when none can be started. */
  get current(): Promise<RunningKernel> {
    return this.#current;
  }

  /** The one that was started last: it may be lost, and the next one not be there yet. */
  get latest(): RunningKernel | null {
    return this.#latest;
  }

  /** Mounts a tree, whose bytes are kept for the next one. */
  mount(path: string, tree: Uint8Array): Promise<void> {
    return this.client.mount(path, tree, this.#mirror.addMount(tree));
  }

  /** Removes it with all that runs in it. */
  destroy(): void {
    this.#isDestroyed = true;
    // Where none could be started nothing is left to remove.
    void this.#current.then(
      (kernel) => kernel.destroy(),
      () => undefined,
    );
  }

  async #start(): Promise<RunningKernel> {
    const kernel = await startKernel(this.#workdir, this.#mirror);
    await this.#listeners.onStart(kernel);
    this.#latest = kernel;
    void kernel.lost.then((why) => this.#replace(why));
    return kernel;
  }

  #replace(why: string): void {
    if (this.#isDestroyed) return;
    this.#listeners.onLoss(why);
    this.#current = this.#start();
    this.#current.catch((error) => this.#listeners.onEnd(`${why}, and it could not be started again: ${error}`));
  }
}

type Method = (...args: unknown[]) => Promise<unknown>;

/** An interface to the kernel of that time. */
function forwarding(current: () => Promise<RunningKernel>): Comlink.Remote<KernelClient> {
  const get = (_target: object, name: string) => {
    // It is no promise.
    if (name === 'then') return undefined;
    return async (...args: unknown[]) => {
      const { client } = await current();
      return (client as unknown as Record<string, Method>)[name]?.(...args);
    };
  };
  return new Proxy(
    {},
    { get: (target, name) => (typeof name === 'symbol' ? undefined : get(target, name)) },
  ) as Comlink.Remote<KernelClient>;
}
