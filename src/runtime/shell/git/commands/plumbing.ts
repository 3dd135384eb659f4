/** git ls-files, ls-tree, hash-object, cat-file, symbolic-ref, merge-base, check-ignore, write-tree, reflog. */

import * as git from 'isomorphic-git';
import type { GitCommand } from '../call.ts';
import { lastOf, readOptions } from '../command-line.ts';
import { quotePath } from '../diff-output.ts';
import { GitError } from '../git-error.ts';
import { ignoreRule, untrackedFiles } from '../ignored.ts';
import { reachableFrom } from '../reachable.ts';
import { loggedRef, movesOf } from '../reflog.ts';
import { blobId } from '../repository.ts';
import { pathFilter } from '../selection.ts';
import { mergeBase, workTreeMap } from './diff.ts';
import { fileId } from './rev-parse.ts';
import { relativeTo } from './status.ts';

export const lsFiles: GitCommand = async (call) => {
  const options = readOptions(call.args, {
    flags:
      'o others m modified d deleted c cached s stage exclude-standard z i ignored error-unmatch full-name u unmerged t directory',
    values: 'x exclude',
    aliases: { o: 'others', m: 'modified', d: 'deleted', c: 'cached', s: 'stage', i: 'ignored', u: 'unmerged' },
  });
  const repository = call.repository();
  const { flags } = options;
  const paths = [...options.words, ...(options.paths ?? [])];
  const inside = repository.relative('.', call.cwd);
  const given = pathFilter(repository, call.cwd, paths);
  const wanted = (path: string) =>
    given(path) && (inside === '' || paths.length > 0 || flags.has('full-name') || path.startsWith(`${inside}/`));
  const shown = flags.has('full-name') ? (path: string) => path : relativeTo(repository, call.cwd);
  const end = flags.has('z') ? '\0' : '\n';
  const lines: string[] = [];
  const name = (path: string) => (flags.has('z') ? shown(path) : quotePath(shown(path)));
  const listed = flags.has('others') || flags.has('modified') || flags.has('deleted');
  if (flags.has('others')) {
    const found = untrackedFiles(repository, { all: true, ignored: flags.has('ignored') });
    const more =
      flags.has('exclude-standard') || flags.has('ignored')
        ? []
        : untrackedFiles(repository, { all: true, ignored: true });
    for (const path of [...found, ...more].sort()) if (wanted(path.replace(/\/$/, ''))) lines.push(name(path));
  }
  if (flags.has('modified') || flags.has('deleted')) {
    const work = workTreeMap(repository);
    for (const [path, state] of repository.indexMap()) {
      const now = work.get(path);
      const deleted = now === undefined;
      const modified = deleted || now.oid !== state.oid || now.mode !== state.mode;
      if (wanted(path) && ((flags.has('deleted') && deleted) || (flags.has('modified') && modified)))
        lines.push(name(path));
    }
  }
  if (!listed || flags.has('cached')) {
    for (const { path, mode, oid, stage } of repository.entries) {
      if (!wanted(path) || (flags.has('unmerged') && stage === 0)) continue;
      lines.push(
        flags.has('stage') || flags.has('unmerged') ? `${mode.toString(8)} ${oid} ${stage}\t${name(path)}` : name(path),
      );
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
    flags: 'r t d l z name-only name-status full-tree long',
    aliases: { 'name-status': 'name-only', l: 'long' },
  });
  const repository = call.repository();
  const [revision = 'HEAD', ...paths] = [...options.words, ...(options.paths ?? [])];
  const wanted = pathFilter(repository, call.cwd, paths);
  const list = async (oid: string, prefix: string): Promise<void> => {
    for (const { path, mode, oid: child, type } of (await git.readTree({ ...repository.base, oid })).tree) {
      const name = prefix + path;
      const descend = type === 'tree' && (options.flags.has('r') || paths.some((item) => item.startsWith(`${name}/`)));
      if ((!descend || options.flags.has('t')) && wanted(name)) {
        await call.print(
          options.flags.has('name-only')
            ? `${quotePath(name)}\n`
            : `${mode.padStart(6, '0')} ${type} ${child}\t${quotePath(name)}\n`,
        );
      }
      if (descend) await list(child, `${name}/`);
    }
  };
  await list(await repository.resolve(revision), '');
  return 0;
};

export const hashObject: GitCommand = async (call) => {
  const options = readOptions(call.args, { flags: 'w stdin no-filters', values: 't' });
  const { context } = call;
  const inputs = options.words.map((name) => new Uint8Array(context.sys.call('readFile', context.resolve(name))));
  if (options.flags.has('stdin')) inputs.unshift(new Uint8Array(await context.stdin.bytes()));
  for (const bytes of inputs) {
    const oid = options.flags.has('w') ? await call.repository().writeBlob(bytes) : blobId(bytes);
    await call.print(`${oid}\n`);
  }
  return 0;
};

export const catFile: GitCommand = async (call) => {
  const options = readOptions(call.args, { flags: 'p t s e' });
  const repository = call.repository();
  const name = options.words.at(-1) ?? '';
  const file = /^([^:]*):(.+)$/.exec(name);
  const oid = file ? await fileId(repository, file[1] ?? '', file[2] ?? '') : await repository.tryResolve(name);
  if (oid === undefined) {
    if (options.flags.has('e')) return 1;
    throw new GitError(`Not a valid object name ${name}`);
  }
  const { type, object } = await git.readObject({ ...repository.base, oid, format: 'content' });
  const bytes = object as Uint8Array;
  if (options.flags.has('e')) return 0;
  if (options.flags.has('t')) await call.print(`${type}\n`);
  else if (options.flags.has('s')) await call.print(`${bytes.length}\n`);
  else if (type === 'tree') {
    for (const entry of (await git.readTree({ ...repository.base, oid })).tree) {
      await call.print(`${entry.mode.padStart(6, '0')} ${entry.type} ${entry.oid}\t${quotePath(entry.path)}\n`);
    }
  } else await call.context.stdout.write(new Uint8Array(bytes));
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

export const writeTree: GitCommand = async (call) => {
  const repository = call.repository();
  await call.print(`${await repository.writeTree(repository.indexMap())}\n`);
  return 0;
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
