/** git add, rm, mv: what goes into the index. */

import { S_IFDIR, S_IFMT } from '../../../kernel/file-modes.ts';
import { append } from '../../../kernel/large-lists.ts';
import { baseName, joinPath } from '../../paths.ts';
import type { GitCall, GitCommand } from '../call.ts';
import { lastOf, readOptions } from '../command-line.ts';
import { GitError } from '../git-error.ts';
import { isIgnored, untrackedFiles } from '../ignored.ts';
import type { IndexEntry } from '../index-file.ts';
import type { Repository } from '../repository.ts';
import { pathTest } from '../selection.ts';
import { stageHunks } from './choose.ts';

export const add: GitCommand = async (call) => {
  const options = readOptions(call.args, {
    flags: 'A all u update f force v verbose n dry-run N intent-to-add p patch',
    values: 'chmod',
    aliases: { p: 'patch', A: 'all', u: 'update', f: 'force', v: 'verbose', n: 'dry-run', N: 'intent-to-add' },
  });
  const repository = call.repository();
  const paths = [...options.words, ...(options.paths ?? [])];
  const { flags } = options;
  const mode = flags.has('chmod') ? chmodOf(lastOf(options, 'chmod') ?? '') : undefined;
  if (flags.has('patch')) return await stageHunks(call, paths);
  if (paths.length === 0 && !flags.has('all') && !flags.has('update')) {
    await call.warn(
      'Nothing specified, nothing added.\nhint: Maybe you wanted to say \'git add .\'?\nhint: Turn this message off by running\nhint: "git config advice.addEmptyPathspec false"\n',
    );
    return 0;
  }
  const tests = paths.map((path) => pathTest(repository, call.cwd, path));
  const wanted = (path: string) => tests.length === 0 || tests.some((test) => test(path));
  const untracked = flags.has('update') ? [] : untrackedFiles(repository, { all: true });
  const known = repository.entries.map(({ path }) => path);
  const forced: string[] = [];
  const refused: string[] = [];
  for (const [index, path] of paths.entries()) {
    const test = tests[index];
    if (!test || [...untracked, ...known].some((name) => test(name.replace(/\/$/, '')))) continue;
    const relative = repository.relative(path, call.cwd);
    const stat = repository.statFile(relative);
    if (!stat) throw new GitError(`pathspec '${path}' did not match any files`);
    if (relative === '' || !isIgnored(repository, relative)) continue;
    if (!flags.has('force')) refused.push(path);
    else append(forced, (stat.mode & S_IFMT) === S_IFDIR ? filesBelow(repository, relative) : [relative]);
  }
  if (flags.has('intent-to-add')) {
    if (!flags.has('dry-run')) await intend(repository, [...untracked, ...forced].filter(wanted));
    return refused.length === 0 ? 0 : 1;
  }
  const changed = [...new Set([...known, ...untracked, ...forced])].filter((path) => wanted(path.replace(/\/$/, '')));
  await stage(
    repository,
    changed,
    flags.has('dry-run') || flags.has('verbose') ? call : undefined,
    flags.has('dry-run'),
  );
  if (mode !== undefined && !flags.has('dry-run')) setModes(repository, wanted, mode);
  if (refused.length === 0) return 0;
  await call.warn(
    `The following paths are ignored by one of your .gitignore files:\n${refused.join('\n')}\nhint: Use -f if you really want to add them.\nhint: Turn this message off by running\nhint: "git config advice.addIgnoredFile false"\n`,
  );
  return 1;
};

/** Files that are to be added later: they show in a difference as new. */
async function intend(repository: Repository, paths: readonly string[]): Promise<void> {
  const oid = await repository.writeBlob(new Uint8Array(0));
  const entries = paths.flatMap((path) => {
    const state = repository.fileState(path);
    if (!state) return [];
    // Without stat data.
    return [{ ...repository.entryFor(path, { mode: state.mode, oid }, 1), stage: 0, intended: true }];
  });
  repository.saveIndex([...repository.entries, ...entries]);
}

/** What `--chmod` asks for. */
export function chmodOf(text: string): number {
  if (text !== '+x' && text !== '-x') throw new GitError(`--chmod param '${text}' must be either -x or +x`);
  return text === '+x' ? 0o100755 : 0o100644;
}

function setModes(repository: Repository, wanted: (path: string) => boolean, mode: number): void {
  const isFile = (entry: IndexEntry) => entry.stage === 0 && (entry.mode === 0o100644 || entry.mode === 0o100755);
  repository.saveIndex(
    repository.entries.map((entry) => (isFile(entry) && wanted(entry.path) ? { ...entry, mode } : entry)),
  );
}

export function filesBelow(repository: Repository, folder: string): string[] {
  const { names, types } = repository.context.sys.call('readdir', repository.absolute(folder));
  return names.flatMap((name, index) =>
    types[index] === 2 ? filesBelow(repository, joinPath(folder, name)) : [joinPath(folder, name)],
  );
}

/** Brings the index up to the work tree for these paths. */
export async function stage(
  repository: Repository,
  paths: readonly string[],
  teller?: GitCall,
  pretend = false,
): Promise<void> {
  const entries = new Map<string, IndexEntry>();
  for (const entry of repository.entries) if (entry.stage === 0) entries.set(entry.path, entry);
  const resolved = new Set<string>();
  for (const path of paths) {
    const old = entries.get(path);
    const state = old ? repository.trackedState(old) : repository.fileState(path);
    resolved.add(path);
    if (!state) {
      if (old) await teller?.print(`remove '${path}'\n`);
      entries.delete(path);
      continue;
    }
    if (old && (old.assumed || old.skipped)) continue;
    if (old && old.oid === state.oid && old.mode === state.mode) {
      entries.set(path, repository.entryFor(path, state));
      continue;
    }
    await teller?.print(`add '${path}'\n`);
    if (!pretend) await repository.writeBlob(repository.readFile(path, state.mode));
    entries.set(path, repository.entryFor(path, state));
  }
  if (pretend) return;
  const conflicts = repository.entries.filter((entry) => entry.stage > 0 && !resolved.has(entry.path));
  repository.saveIndex([...entries.values(), ...conflicts]);
}

export const rm: GitCommand = async (call) => {
  const options = readOptions(call.args, {
    flags: 'r f force q quiet cached n dry-run ignore-unmatch',
    aliases: { f: 'force', q: 'quiet', n: 'dry-run' },
  });
  const repository = call.repository();
  const paths = [...options.words, ...(options.paths ?? [])];
  if (paths.length === 0) throw new GitError('No pathspec was given. Which files should I remove?');
  const chosen = new Set<string>();
  for (const path of paths) {
    const test = pathTest(repository, call.cwd, path);
    const matches = repository.entries.map((entry) => entry.path).filter(test);
    if (matches.length === 0 && !options.flags.has('ignore-unmatch'))
      throw new GitError(`pathspec '${path}' did not match any files`);
    if (
      !options.flags.has('r') &&
      matches.some((match) => match !== repository.relative(path, call.cwd)) &&
      !/[*?[]/.test(path)
    ) {
      throw new GitError(`not removing '${path}' recursively without -r`);
    }
    for (const match of matches) chosen.add(match);
  }
  await refuseChanged(call, repository, chosen, options.flags);
  for (const path of chosen) {
    if (!options.flags.has('quiet')) await call.print(`rm '${path}'\n`);
    if (!options.flags.has('cached') && !options.flags.has('dry-run')) repository.removeFile(path);
  }
  if (!options.flags.has('dry-run')) repository.saveIndex(repository.entries.filter(({ path }) => !chosen.has(path)));
  return 0;
};

async function refuseChanged(
  _call: GitCall,
  repository: Repository,
  chosen: ReadonlySet<string>,
  flags: ReadonlySet<string>,
): Promise<void> {
  if (flags.has('force')) return;
  const head = await repository.headFiles();
  const staged: string[] = [];
  const local: string[] = [];
  for (const entry of repository.entries) {
    // A path in conflict is resolved by being removed.
    if (!chosen.has(entry.path) || entry.stage > 0) continue;
    const work = repository.trackedState(entry);
    const differs = work && (work.oid !== entry.oid || work.mode !== entry.mode);
    const inHead = head.get(entry.path)?.oid === entry.oid;
    if (!inHead && !flags.has('cached')) staged.push(entry.path);
    else if (differs && !flags.has('cached')) local.push(entry.path);
  }
  const list = (paths: string[]) => paths.map((path) => `    ${path}`).join('\n');
  const these = (paths: string[]) => (paths.length === 1 ? 'the following file has' : 'the following files have');
  if (staged.length > 0)
    throw new GitError(
      `${these(staged)} changes staged in the index:\n${list(staged)}\n(use --cached to keep the file, or -f to force removal)`,
      1,
      '',
      'error',
    );
  if (local.length > 0)
    throw new GitError(
      `${these(local)} local modifications:\n${list(local)}\n(use --cached to keep the file, or -f to force removal)`,
      1,
      '',
      'error',
    );
}

export const mv: GitCommand = async (call) => {
  const options = readOptions(call.args, { flags: 'f force k n v', aliases: { f: 'force' } });
  const repository = call.repository();
  const names = [...options.words, ...(options.paths ?? [])];
  const target = names.pop();
  if (target === undefined || names.length === 0)
    throw new GitError('usage: git mv [<options>] <source>... <destination>', 129, '', 'error');
  const place = repository.relative(target, call.cwd);
  const stat = repository.statFile(place);
  const intoFolder = place === '' || (stat !== null && (stat.mode & S_IFMT) === S_IFDIR);
  let entries = [...repository.entries];
  for (const name of names) {
    const from = repository.relative(name, call.cwd);
    const to = intoFolder ? (place === '' ? baseName(from) : `${place}/${baseName(from)}`) : place;
    if (!repository.statFile(from)) throw new GitError(`bad source, source=${from}, destination=${to}`);
    if (!entries.some(({ path }) => path === from || path.startsWith(`${from}/`)))
      throw new GitError(`not under version control, source=${from}, destination=${to}`);
    if (repository.statFile(to) && !options.flags.has('force'))
      throw new GitError(`destination exists, source=${from}, destination=${to}`);
    repository.context.sys.call('rename', repository.absolute(from), repository.absolute(to));
    entries = entries
      .filter(({ path }) => path !== to)
      .map((entry) =>
        entry.path === from || entry.path.startsWith(`${from}/`)
          ? { ...entry, path: to + entry.path.slice(from.length) }
          : entry,
      );
  }
  repository.saveIndex(entries);
  return 0;
};
