/**
 * The work trees of a repository: the one it began with, and those that `git worktree add` made. Each of the latter has a folder in
 * `worktrees` of the git folder, for its HEAD and its index; the rest it shares.
 */
import { S_IFMT, S_IFREG } from '../../kernel/file-modes.ts';
import type { Syscalls } from '../../kernel/syscalls.ts';
import type { Sys } from '../../process/system-calls/sys.ts';
import { directoryName, resolvePath } from '../paths.ts';
import type { UtilityContext } from '../utility.ts';
import type { Repository } from './repository.ts';

/** What lies in the folder that all share. */
const SHARED =
  /^(?:objects|refs(?!\/(?:bisect|worktree|rewritten)\/)|packed-refs|config|hooks|info|logs\/refs|description|shallow|worktrees|branches)(?:\/|$)/;

/** A work tree's own folder, from the `.git` file at its top; undefined where there is none. */
export function linkedFolder({ sys }: UtilityContext, file: string): string | undefined {
  const stat = sys.call('statOrNull', file, true);
  if (!stat || stat.size > 4096 || (stat.mode & S_IFMT) !== S_IFREG) return undefined;
  const target = /^gitdir: (.*)$/m.exec(new TextDecoder().decode(sys.call('readFile', file)))?.[1];
  return target === undefined ? undefined : resolvePath(directoryName(file), target);
}

/** The folder that a work tree's own one shares with the others; itself for the first. */
export function sharedFolder({ sys }: UtilityContext, gitdir: string): string {
  const file = `${gitdir}/commondir`;
  if (!sys.call('statOrNull', file, true)) return gitdir;
  return resolvePath(gitdir, new TextDecoder().decode(sys.call('readFile', file)).trim());
}

/** System calls that find what is shared below a work tree's own folder. */
export function sharing(sys: Sys, gitdir: string, common: string): Sys {
  const inside = `${gitdir}/`;
  const place = (value: unknown) =>
    typeof value === 'string' && value.startsWith(inside) && SHARED.test(value.slice(inside.length))
      ? `${common}/${value.slice(inside.length)}`
      : value;
  return new Proxy(sys, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      if (name !== 'call') return value.bind(target);
      return (call: keyof Syscalls, ...args: unknown[]) => Reflect.apply(value, target, [call, ...args.map(place)]);
    },
  });
}

export interface WorkTree {
  path: string;
  /** Its folder in `worktrees`; undefined for the first. */
  id: string | undefined;
  gitdir: string;
  bare: boolean;
  branch: string | undefined;
  /** The reason of a lock, possibly empty. */
  locked: string | undefined;
  /** Its folder is gone. */
  prunable: boolean;
}

export function workTrees(repository: Repository): WorkTree[] {
  const { context, commonDir } = repository;
  const text = (path: string) =>
    context.sys.call('statOrNull', path, true)
      ? new TextDecoder().decode(context.sys.call('readFile', path)).trim()
      : undefined;
  const branchOf = (gitdir: string) => /^ref: refs\/heads\/(.*)$/m.exec(text(`${gitdir}/HEAD`) ?? '')?.[1];
  const bare = !commonDir.endsWith('/.git');
  const first: WorkTree = {
    path: bare ? commonDir : directoryName(commonDir),
    id: undefined,
    gitdir: commonDir,
    bare,
    branch: branchOf(commonDir),
    locked: undefined,
    prunable: false,
  };
  const folder = `${commonDir}/worktrees`;
  const ids = context.sys.call('statOrNull', folder, true) ? context.sys.call('readdir', folder).names : [];
  const others = ids.map((id): WorkTree => {
    const gitdir = `${folder}/${id}`;
    const file = text(`${gitdir}/gitdir`) ?? '';
    const path = file.replace(/\/\.git$/, '');
    const prunable = context.sys.call('statOrNull', file, true) === null;
    return { path, id, gitdir, bare: false, branch: branchOf(gitdir), locked: text(`${gitdir}/locked`), prunable };
  });
  return [first, ...others.sort((a, b) => (a.path < b.path ? -1 : 1))];
}

/** The other work tree that stands on a branch. */
export function holderOf(repository: Repository, branch: string): WorkTree | undefined {
  return workTrees(repository).find(
    (tree) => tree.branch === branch && tree.gitdir !== repository.gitdir && !tree.bare,
  );
}
