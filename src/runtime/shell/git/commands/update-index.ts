/** git update-index: what is staged, file by file, and which files count as unchanged. */
import type { GitCall, GitCommand } from '../call.ts';
import { GitError } from '../git-error.ts';
import type { IndexEntry } from '../index-file.ts';
import { chmodOf } from './staging.ts';

const MARKS: Readonly<Record<string, Partial<IndexEntry>>> = {
  '--assume-unchanged': { assumed: true },
  '--no-assume-unchanged': { assumed: false },
  '--skip-worktree': { skipped: true },
  '--no-skip-worktree': { skipped: false },
};
const WITHOUT_EFFECT = new Set([
  '-q',
  '--again',
  '-g',
  '--verbose',
  '--ignore-submodules',
  '--ignore-missing',
  '--unmerged',
]);

interface Change {
  add: boolean;
  remove: boolean;
  forced: boolean;
  marks: Partial<IndexEntry> | undefined;
  mode: number | undefined;
}

export const updateIndex: GitCommand = async (call) => {
  const repository = call.repository();
  const entries = new Map(repository.entries.filter(({ stage }) => stage === 0).map((entry) => [entry.path, entry]));
  const change: Change = { add: false, remove: false, forced: false, marks: undefined, mode: undefined };
  const { args } = call;
  let status = 0;
  let onlyPaths = false;
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? '';
    const next = () => args[++index] ?? '';
    if (onlyPaths || !arg.startsWith('-')) await changeEntry(call, entries, arg, change);
    else if (arg === '--') onlyPaths = true;
    else if (arg === '--add') change.add = true;
    else if (arg === '--remove') change.remove = true;
    else if (arg === '--force-remove') change.forced = true;
    else if (Object.hasOwn(MARKS, arg)) change.marks = MARKS[arg];
    else if (arg.startsWith('--chmod=')) change.mode = chmodOf(arg.slice('--chmod='.length));
    else if (arg === '--refresh' || arg === '--really-refresh') status = await refresh(call, entries);
    else if (arg === '--cacheinfo') {
      const given = next();
      const [mode = '', oid = '', ...path] = given.includes(',') ? given.split(',') : [given, next(), next()];
      setEntry(call, entries, change, { mode, oid, path: path.join(',') });
    } else if (arg === '--index-info') readInfo(call, entries, await call.context.stdin.text());
    else if (arg === '--stdin') {
      for (const path of (await call.context.stdin.text()).split('\n'))
        if (path !== '') await changeEntry(call, entries, path, change);
    } else if (!WITHOUT_EFFECT.has(arg))
      throw new GitError(`unknown option \`${arg.replace(/^-+/, '')}'`, 129, '', 'error');
  }
  repository.saveIndex([...entries.values(), ...repository.entries.filter(({ stage }) => stage > 0)]);
  return status;
};

const unable = (path: string, reason: string) =>
  new GitError(`Unable to process path ${path}`, 128, `error: ${path}: ${reason}\n`);

async function changeEntry(
  call: GitCall,
  entries: Map<string, IndexEntry>,
  given: string,
  { add, remove, forced, marks, mode }: Change,
): Promise<void> {
  const repository = call.repository();
  const path = repository.relative(given, call.cwd);
  const old = entries.get(path);
  if (marks) {
    if (!old) throw new GitError(`Unable to mark file ${path}`);
    entries.set(path, { ...old, ...marks });
    return;
  }
  const state = forced ? undefined : repository.fileState(path);
  if (!state) {
    if (!forced && !remove) throw unable(path, 'does not exist and --remove not passed');
    entries.delete(path);
    return;
  }
  if (!old && !add) throw unable(path, 'cannot add to the index - missing --add option?');
  await repository.writeBlob(repository.readFile(path, state.mode));
  entries.set(path, repository.entryFor(path, { ...state, mode: mode ?? state.mode }));
}

function setEntry(
  call: GitCall,
  entries: Map<string, IndexEntry>,
  { add }: Pick<Change, 'add'>,
  { mode, oid, path }: { mode: string; oid: string; path: string },
): void {
  if (!/^[\da-f]{40}$/.test(oid))
    throw new GitError('option `cacheinfo` expects <mode>,<sha1>,<path>', 129, '', 'error');
  if (!add && !entries.has(path)) throw unable(path, 'cannot add to the index - missing --add option?');
  const repository = call.repository();
  entries.set(path, repository.checkedEntry(path, { mode: Number.parseInt(mode, 8), oid }));
}

/** Lines as `ls-tree` and `ls-files -s` write them; mode 0 removes. */
function readInfo(call: GitCall, entries: Map<string, IndexEntry>, text: string): void {
  for (const line of text.split('\n').filter((item) => item !== '')) {
    const match = /^(\d+) (?:\w+ )?([\da-f]{40})(?: \d)?\t(.*)$/.exec(line);
    if (!match) throw new GitError(`malformed index info ${line}`);
    const [, mode = '', oid = '', path = ''] = match;
    if (Number(mode) === 0) entries.delete(path);
    else setEntry(call, entries, { add: true }, { mode, oid, path });
  }
}

/** Names what differs from the work tree. */
async function refresh(call: GitCall, entries: Map<string, IndexEntry>): Promise<number> {
  const repository = call.repository();
  let status = 0;
  for (const [path, entry] of entries) {
    const state = repository.trackedState(entry);
    if (state?.oid === entry.oid && state.mode === entry.mode) {
      if (state !== entry) entries.set(path, { ...repository.entryFor(path, entry), ...marksOf(entry) });
      continue;
    }
    await call.print(`${path}: needs update\n`);
    status = 1;
  }
  return status;
}

const marksOf = ({ assumed = false, skipped = false }: IndexEntry) => ({ assumed, skipped });
