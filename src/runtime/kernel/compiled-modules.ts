/**
 * WebAssembly that processes have compiled, for those that start later: a browser shares a module's machine code between Workers, and
 * programs that start often bring megabytes of it (esbuild takes 100 ms and more to compile). As with what is kept of sources, the
 * processes of one sandbox are trusted with it: each can write the others' files anyhow.
 */

export interface CompiledModule {
  /** Of its bytes. */
  fingerprint: string;
  module: WebAssembly.Module;
}

/** More modules than a command's tools bring; a launch carries all of them. */
const MOST_MODULES = 6;
/** Of their bytes; machine code takes several times as much. */
const MOST_BYTES = 64 * 1024 * 1024;
/** When no process has started for so long, the memory goes back. */
const IDLE_MS = 60_000;

export class CompiledModules {
  readonly #kept = new Map<string, { module: WebAssembly.Module; size: number }>();
  #bytes = 0;
  #idle: ReturnType<typeof setTimeout> | undefined;

  /** `size` is that of its bytes. Forgets the oldest where there is no room. */
  keep({ fingerprint, module }: CompiledModule, size: number): void {
    if (size > MOST_BYTES || this.#kept.has(fingerprint)) return;
    this.#kept.set(fingerprint, { module, size });
    this.#bytes += size;
    for (const [oldest, entry] of this.#kept) {
      if (this.#kept.size <= MOST_MODULES && this.#bytes <= MOST_BYTES) break;
      this.#kept.delete(oldest);
      this.#bytes -= entry.size;
    }
    this.#dropLater();
  }

  /** All, for a process that starts. */
  give(): CompiledModule[] {
    if (this.#kept.size === 0) return [];
    this.#dropLater();
    return Array.from(this.#kept, ([fingerprint, { module }]) => ({ fingerprint, module }));
  }

  clear(): void {
    clearTimeout(this.#idle);
    this.#kept.clear();
    this.#bytes = 0;
  }

  #dropLater(): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.clear(), IDLE_MS);
  }
}
