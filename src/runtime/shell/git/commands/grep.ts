/** git grep: grep over the files that git knows, in the work tree or in a commit. */
import { Descriptor } from '../../descriptor.ts';
import type { GitCall, GitCommand } from '../call.ts';
import { GitError } from '../git-error.ts';
import { pathFilter } from '../selection.ts';
import { writeWhole } from '../system-files.ts';

const TAKING_VALUES = new Set(['-e', '-f', '-A', '-B', '-C', '-m', '--max-depth', '--threads']);
/** Options of git's that change nothing here. */
const NEEDLESS = new Set([
  '--cached',
  '--untracked',
  '--no-color',
  '--full-name',
  '--no-index',
  '--recurse-submodules',
]);
const RENAMED: Record<string, string> = { '--name-only': '-l', '--files-without-match': '-L', '--show-function': '-n' };

interface Words {
  /** For grep, the pattern last. */
  grep: string[];
  revision: string | undefined;
  paths: string[];
}

async function readWords(call: GitCall): Promise<Words> {
  const words = [...call.args];
  const split = words.indexOf('--');
  const paths = split === -1 ? [] : words.splice(split).slice(1);
  const read: Words = { grep: [], revision: undefined, paths };
  let pattern: string | undefined;
  let given = words.includes('-e') || words.includes('-f');
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i] ?? '';
    if (['--and', '--or', '--not', '(', ')'].includes(word))
      throw new GitError(`combined patterns (${word}) are not supported in this sandbox: use several commands`);
    if (NEEDLESS.has(word)) continue;
    if (word.startsWith('-')) {
      read.grep.push(RENAMED[word] ?? word);
      if (TAKING_VALUES.has(word)) read.grep.push(words[++i] ?? '');
    } else if (!given) {
      pattern = word;
      given = true;
    } else if (read.revision === undefined && (await call.repository().tryResolve(word)) !== undefined)
      read.revision = word;
    else read.paths.push(word);
  }
  if (!given) throw new GitError('no pattern given');
  if (pattern !== undefined) read.grep.push('-e', pattern);
  return read;
}

export const grep: GitCommand = async (call) => {
  const repository = call.repository();
  const { grep: words, revision, paths } = await readWords(call);
  const wanted = pathFilter(repository, call.cwd, paths);
  await call.context.stdout.flush();
  // Files that are no text are named and counted, too; one without a match has no count here.
  const lines = !words.some((word) => /^-[a-zA-Z]*[clL]|^--(count|files-with)/.test(word));
  const command = ['grep', ...(words.includes('-h') ? [] : ['-H']), ...(lines ? ['-I'] : []), '--omit-zero', ...words];
  if (revision !== undefined) return await grepCommit(call, { command, revision, wanted });
  const inside = repository.relative('.', call.cwd);
  const shown = (path: string) => inside === '' || path.startsWith(`${inside}/`);
  const files = repository.entries
    .map(({ path }) => path)
    .filter((path) => wanted(path) && (paths.length > 0 || shown(path)) && repository.fileState(path));
  if (files.length === 0) return 1;
  if (inside === '' || paths.length > 0)
    return await call.context.run([...command, '--', ...files], { cwd: repository.root });
  const names = files.map((path) => path.slice(inside.length + 1));
  return await call.context.run([...command, '--', ...names], { cwd: call.cwd });
};

interface CommitSearch {
  command: string[];
  revision: string;
  wanted: (path: string) => boolean;
}

/** Each file of the commit goes to grep's input, under the name that git gives it. */
async function grepCommit(call: GitCall, { command, revision, wanted }: CommitSearch): Promise<number> {
  const repository = call.repository();
  const { sys } = call.context;
  const file = `${sys.call('mkdtemp', '/tmp/git-grep-')}/blob`;
  let status = 1;
  for (const [path, { oid }] of await repository.readTree(await repository.resolve(revision))) {
    if (!wanted(path)) continue;
    writeWhole(sys, file, await repository.readBlob(oid));
    const input = new Descriptor(sys, sys.call('open', file, 0, 0));
    const result = await call.context.run([...command, `--label=${revision}:${path}`, '-'], {
      descriptors: new Map([[0, input]]),
    });
    if (result === 0) status = 0;
    else if (result > 1) return result;
  }
  sys.call('remove', file.replace(/\/blob$/, ''), true);
  return status;
}
