/** git ls-files, ls-tree, symbolic-ref, update-ref, merge-base, check-ignore, reflog, name-rev, cherry. */

import * as git from 'isomorphic-git';
import type { GitCommand } from '../call.ts';
import { changeKey } from '../change-key.ts';
import { lastOf, readOptions } from '../command-line.ts';
import { quotePath } from '../diff-output.ts';
import { GitError } from '../git-error.ts';
import { walkCommits } from '../history.ts';
import { ignoreRule, untrackedFiles } from '../ignored.ts';
import { subject } from '../log-format.ts';
import { reachableFrom } from '../reachable.ts';
import { loggedRef, movesOf } from '../reflog.ts';
import { listRefs, moveRef, type Ref } from '../refs.ts';
import type { Repository } from '../repository.ts';
import { pathFilter } from '../selection.ts';
import { trackedBranch } from '../tracking.ts';
import { mergeBase, workTreeMap } from './diff.ts';
import { filesBelow } from './staging.ts';
import { relativeTo } from './status.ts';

export const lsFiles: GitCommand = async (call) => {
  const options = readOptions(call.args, {
    flags:
      'o others m modified d deleted c cached s stage exclude-standard z i ignored error-unmatch full-name u unmerged t v k killed directory deduplicate',
    values: 'x exclude',
    aliases: {
      o: 'others',
      m: 'modified',
      d: 'deleted',
      c: 'cached',
      s: 'stage',
      i: 'ignored',
      u: 'unmerged',
      k: 'killed',
    },
  });
  const repository = call.repository();
  const { flags } = options;
  const paths = [...options.words, ...(options.paths ?? [])];
  const inside = repository.relative('.', call.cwd);
  const given = pathFilter(repository, call.cwd, paths);
  const wanted = (path: string) => given(path) && (inside === '' || paths.length > 0 || path.startsWith(`${inside}/`));
  const shown = flags.has('full-name') ? (path: string) => path : relativeTo(repository, call.cwd);
  const end = flags.has('z') ? '\0' : '\n';
  const lines: string[] = [];
  const name = (path: string) => (flags.has('z') ? shown(path) : quotePath(shown(path)));
  /** What `-t` says of a file. */
  const tag = (letter: string) => (flags.has('t') || flags.has('v') ? `${letter} ` : '');
  const listed = flags.has('killed') || flags.has('others') || flags.has('modified') || flags.has('deleted');
  if (flags.has('others')) {
    const found = untrackedFiles(repository, { all: !flags.has('directory'), ignored: flags.has('ignored') });
    const more =
      flags.has('exclude-standard') || flags.has('ignored')
        ? []
        : untrackedFiles(repository, { all: true, ignored: true });
    // Of a folder that is ignored as a whole each file is told.
    const below = [...found, ...more].flatMap((path) =>
      path.endsWith('/') && !flags.has('directory') ? filesBelow(repository, path.slice(0, -1)) : [path],
    );
    for (const path of below.sort()) if (wanted(path.replace(/\/$/, ''))) lines.push(tag('?') + name(path));
  }
  if (flags.has('modified') || flags.has('deleted')) {
    const work = workTreeMap(repository);
    for (const [path, state] of repository.indexMap()) {
      const now = work.get(path);
      const deleted = now === undefined;
      const modified = deleted || now.oid !== state.oid || now.mode !== state.mode;
      if (wanted(path) && ((flags.has('deleted') && deleted) || (flags.has('modified') && modified)))
        lines.push(tag(deleted && flags.has('deleted') ? 'R' : 'C') + name(path));
    }
  }
  if (!listed || flags.has('cached')) {
    for (const { path, mode, oid, stage, assumed, skipped } of repository.entries) {
      if (!wanted(path) || (flags.has('unmerged') && stage === 0)) continue;
      const staged = flags.has('stage') || flags.has('unmerged') ? `${mode.toString(8)} ${oid} ${stage}\t` : '';
      const letter = skipped ? 'S' : stage === 0 ? 'H' : 'M';
      lines.push(tag(assumed && flags.has('v') ? letter.toLowerCase() : letter) + staged + name(path));
    }
  }
  const texts = flags.has('stage') ? lines : [...new Set(lines)];
  if (flags.has('error-unmatch') && texts.length === 0) {
    throw new GitError(
      `pathspec '${paths[0]}' did not match any file(s) known to git\nDid you forget to 'git add'?`,
      1,
      '',
      'error',
    );
  }
  await call.print(texts.map((line) => line + end).join(''));
  return 0;
};

export const lsTree: GitCommand = async (call) => {
  const options = readOptions(call.args, {
    flags: 'r t d l z name-only name-status full-tree full-name long',
    aliases: { 'name-status': 'name-only', l: 'long' },
  });
  const repository = call.repository();
  const { flags } = options;
  const end = flags.has('z') ? '\0' : '\n';
  const written = (name: string) => (flags.has('z') ? shown(name) : quotePath(shown(name)));
  const sizeOf = async (oid: string, type: string) =>
    type === 'blob' ? String((await repository.readBlob(oid)).length) : '-';
  const [revision = 'HEAD', ...paths] = [...options.words, ...(options.paths ?? [])];
  // In a folder of the work tree that folder alone is meant.
  const folder = repository.bare || flags.has('full-tree') ? '' : repository.relative('.', call.cwd);
  const inside = folder === '' ? '' : `${folder}/`;
  const base = repository.absolute(inside.slice(0, -1));
  const given = pathFilter(repository, base, paths);
  const below = paths.map((path) => repository.relative(path, base) + (path.endsWith('/') ? '/' : ''));
  const wanted = (name: string) => given(name) && (paths.length > 0 || `${name}/`.startsWith(inside));
  const shown = flags.has('full-name') || inside === '' ? (name: string) => name : relativeTo(repository, call.cwd);
  const list = async (oid: string, prefix: string): Promise<void> => {
    for (const { path, mode, oid: child, type } of (await git.readTree({ ...repository.base, oid })).tree) {
      const name = prefix + path;
      const descend =
        type === 'tree' &&
        (flags.has('r') ||
          below.some((path) => path.startsWith(`${name}/`)) ||
          (paths.length === 0 && inside.startsWith(`${name}/`)));
      if ((!descend || flags.has('t')) && wanted(name) && (type === 'tree' || !flags.has('d'))) {
        await call.print(
          flags.has('name-only')
            ? `${written(name)}${end}`
            : `${mode.padStart(6, '0')} ${type} ${child}${flags.has('long') ? ` ${(await sizeOf(child, type)).padStart(7)}` : ''}\t${written(name)}${end}`,
        );
      }
      if (descend) await list(child, `${name}/`);
    }
  };
  await list(await repository.resolve(revision), '');
  return 0;
};

export const symbolicRef: GitCommand = async (call) => {
  const options = readOptions(call.args, { flags: 'short q quiet' });
  const repository = call.repository();
  const [, target] = options.words;
  const branch = repository.branch();
  if (target !== undefined) await repository.setHead({ branch: target.replace(/^refs\/heads\//, '') });
  else if (branch === undefined) {
    if (options.flags.has('q') || options.flags.has('quiet')) return 1;
    throw new GitError('ref HEAD is not a symbolic ref');
  } else await call.print(`${options.flags.has('short') ? '' : 'refs/heads/'}${branch}\n`);
  return 0;
};

export const mergeBaseCommand: GitCommand = async (call) => {
  const options = readOptions(call.args, { flags: 'is-ancestor a all' });
  const repository = call.repository();
  const [left, right] = [
    await repository.resolve(options.words[0] ?? 'HEAD'),
    await repository.resolve(options.words[1] ?? 'HEAD'),
  ];
  if (options.flags.has('is-ancestor')) return (await reachableFrom(repository, right)).has(left) ? 0 : 1;
  const base = await mergeBase(repository, left, right);
  if (base === undefined) return 1;
  await call.print(`${base}\n`);
  return 0;
};

export const checkIgnore: GitCommand = async (call) => {
  const options = readOptions(call.args, { flags: 'q quiet v verbose n non-matching no-index stdin z' });
  const repository = call.repository();
  let status = 1;
  const verbose = options.flags.has('v') || options.flags.has('verbose');
  const all = options.flags.has('n') || options.flags.has('non-matching');
  const end = options.flags.has('z') ? '\0' : '\n';
  const listed = options.flags.has('stdin')
    ? (await call.context.stdin.text()).split(end).filter((line) => line !== '')
    : [];
  const tracked = new Set(repository.indexMap().keys());
  for (const path of [...options.words, ...(options.paths ?? []), ...listed]) {
    const relative = repository.relative(path, call.cwd);
    const rule =
      tracked.has(relative) && !options.flags.has('no-index')
        ? undefined
        : ignoreRule(repository, relative + (path.endsWith('/') ? '/' : ''));
    const ignored = rule !== undefined && !rule.pattern.startsWith('!');
    if (ignored || (verbose && rule !== undefined)) status = 0;
    if (options.flags.has('q') || options.flags.has('quiet')) continue;
    if (verbose && (rule || all))
      await call.print(`${rule ? `${rule.file}:${rule.line}:${rule.pattern}` : '::'}\t${path}${end}`);
    else if (!verbose && ignored) await call.print(`${path}${end}`);
  }
  return status;
};

/** `git reflog` and `git log -g --oneline`. */
export const reflog: GitCommand = async (call) => {
  const repository = call.repository();
  const options = readOptions(call.args[0] === 'show' ? call.args.slice(1) : call.args, {
    flags: 'oneline all g walk-reflogs no-decorate decorate no-abbrev q',
    values: 'n max-count format pretty date',
    aliases: { 'max-count': 'n' },
  });
  if (options.words[0] === 'expire' || options.words[0] === 'delete') return 0;
  const name = options.words[0] ?? 'HEAD';
  const ref = loggedRef(repository, name);
  const most = Number(lastOf(options, 'n') ?? 'Infinity');
  const format = (lastOf(options, 'format') ?? lastOf(options, 'pretty'))?.replace(/^t?format:/, '');
  for (const [index, { after, reason }] of movesOf(repository, ref).slice(0, most).entries()) {
    const place = `${name}@{${index}}`;
    const values: Record<string, string> = { h: after.slice(0, 7), H: after, gd: place, gD: place, gs: reason };
    const commit = format?.includes('%s') ? await repository.readCommit(after) : undefined;
    if (format === undefined) await call.print(`${after.slice(0, 7)} ${place}: ${reason}\n`);
    else
      await call.print(
        `${format.replace(/%(gd|gD|gs|h|H|s)/g, (_, key: string) => values[key] ?? commit?.message.split('\n')[0] ?? '')}\n`,
      );
  }
  return 0;
};

export const updateRef: GitCommand = async (call) => {
  const options = readOptions(call.args, { flags: 'd no-deref create-reflog', values: 'm' });
  const repository = call.repository();
  const [name = '', target = ''] = options.words;
  const ref = name === 'HEAD' && repository.branch() !== undefined ? `refs/heads/${repository.branch()}` : name;
  const before = await repository.tryRef(ref);
  const removes = options.flags.has('d');
  const after = removes ? undefined : await repository.tryResolve(target);
  if (!removes && after === undefined) throw new GitError(`${target}: not a valid SHA1`);
  await moveRef(repository, { name: ref, before, after, reason: lastOf(options, 'm') ?? '' });
  return 0;
};

export const nameRev: GitCommand = async (call) => {
  const options = readOptions(call.args, { flags: 'name-only tags always no-undefined all', values: 'refs' });
  const repository = call.repository();
  const refs = (await listRefs(repository)).filter(
    ({ name }) => name.startsWith('refs/tags/') || !options.flags.has('tags'),
  );
  for (const word of options.words) {
    const oid = await repository.peel(await repository.resolve(word));
    const name = (await nearestName(repository, oid, refs)) ?? 'undefined';
    await call.print(options.flags.has('name-only') ? `${name}\n` : `${word} ${name}\n`);
  }
  return 0;
};

/** `main~2`, `tags/v1^0`: by first parents from the nearest ref; tags count most. */
async function nearestName(repository: Repository, oid: string, refs: readonly Ref[]): Promise<string | undefined> {
  let best: { name: string; steps: number; isTag: boolean } | undefined;
  for (const ref of refs) {
    const isTag = ref.name.startsWith('refs/tags/');
    let at: string | undefined = await repository.peel(ref.oid);
    for (let steps = 0; at !== undefined; steps += 1) {
      if (at === oid) {
        const shown = ref.name.replace(/^refs\/(?:heads\/)?/, '');
        const suffix = steps > 0 ? `~${steps}` : at === ref.oid ? '' : '^0';
        if (!best || (isTag && !best.isTag) || (isTag === best.isTag && steps < best.steps))
          best = { name: shown + suffix, steps, isTag };
        break;
      }
      at = (await repository.readCommit(at)).parents[0];
    }
  }
  return best?.name;
}

/** `+` for commits that the other side lacks, `-` for those whose changes it has. */
export const cherry: GitCommand = async (call) => {
  const options = readOptions(call.args, { flags: 'v verbose', values: 'abbrev' });
  const repository = call.repository();
  const branch = repository.branch();
  const tracked = branch === undefined ? undefined : trackedBranch(repository, branch)?.ref;
  const [upstream = tracked, head = 'HEAD'] = options.words;
  if (upstream === undefined)
    throw new GitError(
      'Could not find a tracked remote branch, please specify <upstream> manually.\nusage: git cherry [-v] [<upstream> [<head> [<limit>]]]',
      129,
      '',
      'none',
    );
  const [theirs, ours] = [await repository.resolve(upstream), await repository.resolve(head)];
  const known = new Set<string>();
  for (const commit of await walkCommits(repository, [theirs], await reachableFrom(repository, ours)))
    known.add(await changeKey(repository, commit));
  const lacking = await walkCommits(repository, [ours], await reachableFrom(repository, theirs));
  for (const commit of lacking.filter(({ parents }) => parents.length < 2).reverse()) {
    const title = options.flags.has('v') || options.flags.has('verbose') ? ` ${subject(commit)}` : '';
    await call.print(`${known.has(await changeKey(repository, commit)) ? '-' : '+'} ${commit.oid}${title}\n`);
  }
  return 0;
};
