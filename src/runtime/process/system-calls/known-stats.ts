/**
 * What a process knows of the inodes that it makes, writes and moves without waiting for it: what `stat` says of them, as long as their
 * stamps tell that nobody else has changed them.
 */
import { indexOf } from '../../kernel/channel/stamps.ts';
import type { Stat } from '../../kernel/syscalls.ts';
import type { FileCache } from './file-cache.ts';

const MAX_STATS = 4096;

export class KnownStats {
  readonly #cache: FileCache;
  readonly #kept = new Map<number, { stat: Stat; stamp: number }>();

  constructor(cache: FileCache) {
    this.#cache = cache;
  }

  /** Undefined when the kernel must be asked. */
  get(inode: number): Stat | undefined {
    const kept = this.#kept.get(inode);
    return kept && kept.stamp === this.#cache.stampAt(indexOf(inode)) ? kept.stat : undefined;
  }

  /** What was true when the stamp of the inode was this one. */
  keep(stat: Stat, stamp: number): void {
    if (this.#kept.size >= MAX_STATS) this.#kept.clear();
    this.#kept.set(stat.ino, { stat, stamp });
  }

  /** The process has made it. */
  made(stat: Stat): Stat {
    this.keep(stat, (this.#cache.bump(stat.ino) + 1) | 0);
    return stat;
  }

  /** The process has changed it: `change` gives the rest from what was true until now. Undefined when that is not known. */
  changed(inode: number, change: (before: Stat) => Partial<Stat>): Stat | undefined {
    const before = this.#cache.bump(inode);
    const kept = this.#kept.get(inode);
    if (kept?.stamp !== before) return undefined;
    const stat = { ...kept.stat, ...change(kept.stat) };
    this.keep(stat, (before + 1) | 0);
    return stat;
  }

  clear(): void {
    this.#kept.clear();
  }
}
