/**
 * What a process knows of the inodes that it makes, writes and moves without waiting for it: what `stat` says of them, as long as their
 * stamps tell that nobody else has changed them.
 */
import { indexOf } from '../../kernel/channel/stamps.ts';
import type { Stat } from '../../kernel/syscalls.ts';
import type { Dependencies, FileCache } from './file-cache.ts';

/** So many are as new as can be; as many older ones are kept beside them. */
const MAX_STATS = 4096;

interface KeptStat {
  stat: Stat;
  stamp: number;
}

export class KnownStats {
  readonly #cache: FileCache;
  #newer = new Map<number, KeptStat>();
  #older = new Map<number, KeptStat>();

  constructor(cache: FileCache) {
    this.#cache = cache;
  }

  /** Undefined when the kernel must be asked. */
  get(inode: number): Stat | undefined {
    const kept = this.#find(inode);
    return kept && kept.stamp === this.#cache.stampAt(indexOf(inode)) ? kept.stat : undefined;
  }

  /** What was true when the stamp of the inode was this one. */
  keep(stat: Stat, stamp: number): void {
    if (this.#newer.size >= MAX_STATS) {
      this.#older = this.#newer;
      this.#newer = new Map();
    }
    this.#newer.set(stat.ino, { stat, stamp });
  }

  /** The kernel's last answer, which depends on these. */
  learn(stat: Stat, dependencies: Dependencies): void {
    // Read first: what changes after it is not overlooked.
    const stamp = this.#cache.stampAt(indexOf(stat.ino));
    if (this.#cache.isTrue(dependencies)) this.keep(stat, stamp);
  }

  #find(inode: number): KeptStat | undefined {
    return this.#newer.get(inode) ?? this.#older.get(inode);
  }

  /** The process has made it. */
  made(stat: Stat): Stat {
    this.keep(stat, (this.#cache.bump(stat.ino) + 1) | 0);
    return stat;
  }

  /** The process has changed it: `change` gives the rest from what was true until now. Undefined when that is not known. */
  changed(inode: number, change: (before: Stat) => Partial<Stat>): Stat | undefined {
    const before = this.#cache.bump(inode);
    const kept = this.#find(inode);
    if (kept?.stamp !== before) return undefined;
    const stat = { ...kept.stat, ...change(kept.stat) };
    this.keep(stat, (before + 1) | 0);
    return stat;
  }

  clear(): void {
    this.#newer.clear();
    this.#older.clear();
  }
}
