/** What is changed of files by their paths, names and contents apart, and how much room is left. */
import { indexOf } from '../../kernel/channel/stamps.ts';
import type { Syscalls } from '../../kernel/syscalls.ts';
import type { Dependencies } from './file-cache.ts';
import type { Knowledge } from './knowledge.ts';
import { Kind } from './known-names.ts';
import { learnName } from './name-calls.ts';

/** That a path leads to an inode depends on the folders on the way, not on what the inode holds; null when it is not certain. */
function wayTo({ cache }: Knowledge, inode: number, all: Dependencies): Dependencies | null {
  const own = indexOf(inode);
  const indices = all.indices.slice(0, all.indices.findLastIndex((index) => index !== own) + 1);
  // Where a folder has the same number among the stamps, its changes would be missed.
  if (indices.includes(own)) return null;
  let sum = 0;
  for (const index of indices) sum = (sum + cache.stampAt(index)) | 0;
  // Behind the sum: what has changed since the kernel answered may be in it.
  return cache.isTrue(all) ? { indices, sum } : null;
}

/** The kernel holds the inode now; returns the way to it by the path by which it was found. */
export function keepLead(
  knowledge: Knowledge,
  path: string,
  inode: number,
  all: Dependencies | null,
): Dependencies | null {
  const { cache } = knowledge;
  cache.known.put(inode, true);
  const way = all && wayTo(knowledge, inode, all);
  if (way) cache.leads.keep(path, { value: inode, code: null }, way);
  return way;
}

/** Changes attributes of a file, without waiting for it where the kernel holds the inode to which the path leads. */
export function changePath(
  knowledge: Knowledge,
  path: string,
  ...change: [change: number, first: number, second: number]
): void {
  const { ask, cache, files, post } = knowledge;
  const inode = cache.leads.get(path)?.value;
  const isTime = Number.isFinite(change[1]) && Number.isFinite(change[2]);
  if (inode && isTime && cache.known.get(inode) && post('changeAgain', [inode, ...change])) {
    cache.bump(inode);
    return;
  }
  files.settle();
  const found = ask('changePath', [path, ...change]);
  if (found > 0) keepLead(knowledge, path, found, knowledge.dependencies());
}

export function changeLinkTimes(knowledge: Knowledge, path: string, atimeMs: number, mtimeMs: number): void {
  const { ask, cache, changes, files, names, now } = knowledge;
  const inode = names.at(path);
  const isTime = Number.isFinite(atimeMs) && Number.isFinite(mtimeMs);
  if (
    inode &&
    isTime &&
    changes.mayChange() &&
    changes.change('utimes', [path, atimeMs, mtimeMs, false], { number: 0, time: now() })
  ) {
    cache.bump(inode.number);
    return;
  }
  files.settle();
  ask('utimes', [path, atimeMs, mtimeMs, false]);
  const number = names.trail()?.[names.endOf(path)];
  if (number !== undefined && !inode) learnName(knowledge, path, { number, kind: Kind.unknown });
}

/** What is left of the room is the same while nothing has changed and no file was closed. */
export function createStatfs({ ask, cache, files }: Knowledge): Syscalls['statfs'] {
  let known: { path: string; version: number; answer: number[] } | null = null;
  return (path) => {
    if (known?.path === path && known.version === cache.version && files.countNotes() === 0) return known.answer;
    files.settle();
    const { version } = cache;
    const answer = ask('statfs', [path]);
    known = { path, version, answer };
    return answer;
  };
}
