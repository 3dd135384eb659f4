/** The optional parts of the runtime that processes have asked for; each is fetched once, by the headless page. */
import { SystemError } from './syscalls.ts';

/** Fetches one part; rejects when it cannot be had. */
export type PartLoader = (name: string) => Promise<Uint8Array>;

/** A file name: no path, so that a guest reaches nothing else of the host. */
const PART_NAME = /^[a-z][a-z0-9-]*\.(js|wasm)$/;

/** More than the runtime has: names that are no part's are asked for by who attacks it, and each is asked of the host. */
const MOST_ASKED = 256;

export class OptionalParts {
  /** Set by the client when the kernel has booted. */
  loader: PartLoader | null = null;
  readonly #parts = new Map<string, Promise<Uint8Array>>();

  /** ENOENT for what is no name of a part, EIO when it cannot be fetched (it is tried again the next time). */
  get(name: string): Promise<Uint8Array> {
    if (!PART_NAME.test(name) || this.loader === null) throw new SystemError('ENOENT', `no runtime part ${name}`);
    let part = this.#parts.get(name);
    if (part === undefined) {
      if (this.#parts.size >= MOST_ASKED) throw new SystemError('EAGAIN', 'Too many runtime parts were asked for');
      part = this.loader(name).catch((error: unknown) => {
        this.#parts.delete(name);
        throw new SystemError('EIO', error instanceof Error ? error.message : String(error));
      });
      this.#parts.set(name, part);
    }
    return part;
  }
}
