/**
 * WebAssembly that processes have compiled, for those that start later: a browser shares a module's machine code between Workers, and
 * programs that start often bring megabytes of it (esbuild takes 100 ms and more to compile). It is compiled again here, and given
 * for the same bytes alone: what a process says of a module, or gives as one, another process must not run.
 */
import { KnownContents } from './known-contents.ts';

export interface CompiledModule {
  id: number;
  /** Of its bytes. */
  size: number;
  module: WebAssembly.Module;
}

/** More modules than a command's tools bring; a launch carries all of them. */
const MOST_MODULES = 6;
/** Of their bytes; machine code takes several times as much. */
const MOST_BYTES = 64 * 1024 * 1024;
/** When no process has started for so long, the memory goes back. */
const IDLE_MS = 60_000;
/** At a time; what else comes meanwhile is not kept. */
const MOST_COMPILING = 2;

export class CompiledModules {
  readonly #kept = new KnownContents<CompiledModule>({ mostBytes: MOST_BYTES, mostEntries: MOST_MODULES });
  #lastId = 0;
  #compiling = 0;
  #idle: ReturnType<typeof setTimeout> | undefined;

  /** Compiles it, for processes that start when that is done. */
  async keep(bytes: Uint8Array): Promise<void> {
    if (bytes.length > MOST_BYTES || this.#compiling >= MOST_COMPILING || this.#kept.get(bytes) !== null) return;
    this.#compiling++;
    try {
      // The caller's bytes may be a part of something larger.
      const own = bytes.slice();
      const module = await WebAssembly.compile(own);
      this.#kept.keep(own, { id: ++this.#lastId, size: own.length, module }, 0);
      this.#dropLater();
    } catch {
      // It is no WebAssembly, or there is no memory: each process goes on to compile it.
    } finally {
      this.#compiling--;
    }
  }

  /** The id of what was compiled of these bytes; null when nothing was. */
  find(bytes: Uint8Array): number | null {
    return this.#kept.get(bytes)?.id ?? null;
  }

  /** All, for a process that starts. */
  give(): CompiledModule[] {
    const kept = this.#kept.all();
    if (kept.length > 0) this.#dropLater();
    return kept;
  }

  clear(): void {
    clearTimeout(this.#idle);
    this.#kept.clear();
  }

  #dropLater(): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.clear(), IDLE_MS);
  }
}
