/** git diff-tree, diff-index, whatchanged: differences as scripts ask for them. */
import type { GitCommand } from '../call.ts';
import { readOptions } from '../command-line.ts';
import { GitError } from '../git-error.ts';
import type { FileMap } from '../repository.ts';
import { pathFilter } from '../selection.ts';
import { DIFF_FLAGS, DIFF_VALUES, diffFormats, loadFrom, loadWorkTree, showChanges, workTreeMap } from './diff.ts';
import { log } from './log.ts';

const FLAGS = `${DIFF_FLAGS} r t root no-commit-id always cached`;

export const diffTree: GitCommand = async (call) => {
  const options = readOptions(call.args, { flags: FLAGS, values: DIFF_VALUES });
  const repository = call.repository();
  const [first, second, ...paths] = options.words;
  if (first === undefined)
    throw new GitError('usage: git diff-tree [<options>] <tree-ish> [<tree-ish>] [<path>...]', 129, '', 'none');
  const oid = await repository.resolve(first);
  const other = second === undefined ? undefined : await repository.tryResolve(second);
  const [parent] = other === undefined ? (await repository.readCommit(oid)).parents : [oid];
  if (parent === undefined && !options.flags.has('root')) return 0;
  const before: FileMap = parent === undefined ? new Map() : await repository.readTree(parent);
  const after = await repository.readTree(other ?? oid);
  const load = loadFrom(repository);
  const named = other === undefined && second !== undefined ? [second, ...paths] : paths;
  const wanted = pathFilter(repository, call.cwd, [...named, ...(options.paths ?? [])]);
  const sides = { before, after, loadBefore: load, loadAfter: load };
  const { text, count } = await showChanges({
    sides,
    options: plain(options),
    formats: diffFormats(options, 'raw'),
    wanted,
  });
  if (other === undefined && !options.flags.has('no-commit-id') && text !== '') await call.print(`${oid}\n`);
  await call.print(text);
  return options.flags.has('exit-code') && count > 0 ? 1 : 0;
};

/** Scripts see no renames that they did not ask for, and whole ids. */
function plain<T extends { flags: Set<string> }>(options: T): T {
  const asked = ['M', 'C', 'find-renames', 'find-copies'].some((flag) => options.flags.has(flag));
  const ids = options.flags.has('abbrev') ? [] : ['raw-ids'];
  return { ...options, flags: new Set([...options.flags, ...(asked ? [] : ['no-renames']), ...ids]) };
}

export const diffIndex: GitCommand = async (call) => {
  const options = readOptions(call.args, { flags: FLAGS, values: DIFF_VALUES });
  const repository = call.repository();
  const [revision = 'HEAD', ...paths] = options.words;
  const cached = options.flags.has('cached');
  const load = loadFrom(repository);
  const { text, count } = await showChanges({
    sides: {
      before: await repository.readTree(await repository.resolve(revision)),
      after: cached ? repository.indexMap() : workTreeMap(repository),
      loadBefore: load,
      loadAfter: cached ? load : loadWorkTree(repository),
    },
    options: plain(options),
    formats: diffFormats(options, 'raw'),
    wanted: pathFilter(repository, call.cwd, [...paths, ...(options.paths ?? [])]),
  });
  if (!options.flags.has('quiet')) await call.print(text);
  return (options.flags.has('exit-code') || options.flags.has('quiet')) && count > 0 ? 1 : 0;
};

/** As log, with the changes. */
export const whatchanged: GitCommand = async (call) => {
  const shows = call.args.some((arg) => /^(?:-p|--patch|--stat|--name-only|--name-status|--numstat|--raw)$/.test(arg));
  return await log({ ...call, args: ['--no-merges', ...(shows ? [] : ['--raw']), ...call.args] });
};
