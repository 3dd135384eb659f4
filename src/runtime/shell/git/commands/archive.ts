/** git archive: the files of a tree, packed by tar or zip. */
import { resolvePath } from '../../paths.ts';
import type { GitCall, GitCommand } from '../call.ts';
import { lastOf, readOptions } from '../command-line.ts';
import { GitError } from '../git-error.ts';
import { Repository } from '../repository.ts';
import { pathTest } from '../selection.ts';

const FORMATS = ['tar', 'tgz', 'tar.gz', 'zip'];

export const archive: GitCommand = async (call) => {
  const options = readOptions(call.args, {
    flags: 'l list v verbose 0 1 2 3 4 5 6 7 8 9 worktree-attributes',
    values: 'format prefix o output',
    aliases: { l: 'list', o: 'output', v: 'verbose' },
  });
  if (options.flags.has('list')) {
    await call.print(FORMATS.map((format) => `${format}\n`).join(''));
    return 0;
  }
  const repository = call.repository();
  const [name, ...paths] = [...options.words, ...(options.paths ?? [])];
  if (name === undefined) throw new GitError('usage: git archive [<options>] <tree-ish> [<path>...]', 129, '', 'none');
  const { files, time } = await treeNamed(repository, name);
  const tests = paths.map((path) => ({ path, test: pathTest(repository, repository.root, path) }));
  for (const { path, test } of tests)
    if (![...files.keys()].some(test)) throw new GitError(`pathspec '${path}' did not match any files`);
  const output = lastOf(options, 'output');
  const format = lastOf(options, 'format') ?? FORMATS.find((ending) => output?.endsWith(`.${ending}`)) ?? 'tar';
  if (!FORMATS.includes(format)) throw new GitError(`Unknown archive format '${format}'`);
  const { sys } = call.context;
  const folder = sys.call('mkdtemp', '/tmp/git-archive-');
  try {
    const prefix = lastOf(options, 'prefix') ?? '';
    const out = new Repository(repository.context, folder, repository.gitdir);
    for (const [path, state] of files) {
      if (tests.length > 0 && !tests.some(({ test }) => test(path))) continue;
      const target = prefix + path;
      out.writeFile(target, state, await repository.readBlob(state.oid));
      setTimes(call, folder, target, time);
    }
    return await pack(call, {
      folder,
      format,
      output: output === undefined ? undefined : resolvePath(call.cwd, output),
    });
  } finally {
    sys.call('remove', folder, true);
  }
};

/** All that lies on the way to a file is as old as the commit. */
function setTimes(call: GitCall, folder: string, path: string, time: number): void {
  for (let part = path; part !== ''; part = part.slice(0, Math.max(0, part.lastIndexOf('/'))))
    call.context.sys.call('utimes', `${folder}/${part}`, time, time, false);
}

/** A commit, a tag, a tree, or a folder of one of them: `HEAD:src`. */
async function treeNamed(repository: Repository, name: string) {
  const [revision = '', folder] = name.split(':');
  const oid = await repository.tryResolve(revision);
  if (oid === undefined) throw new GitError(`not a valid object name: ${name}`);
  const all = await repository.readTree(await repository.peel(oid));
  const prefix = folder ? `${folder.replace(/\/$/, '')}/` : '';
  const files = new Map(
    [...all].flatMap(([path, state]) => (path.startsWith(prefix) ? [[path.slice(prefix.length), state] as const] : [])),
  );
  if (files.size === 0 && prefix !== '') throw new GitError(`not a valid object name: ${name}`);
  const commit = prefix === '' ? await repository.readCommit(await repository.peel(oid)) : undefined;
  return { files, time: commit ? commit.committer.timestamp * 1000 : Date.now() };
}

async function pack(
  call: GitCall,
  { folder, format, output }: { folder: string; format: string; output: string | undefined },
): Promise<number> {
  const { context } = call;
  const names = context.sys.call('readdir', folder).names;
  await context.stdout.flush();
  if (format === 'zip') return await context.run(['zip', '-qr', output ?? '-', ...names], { cwd: folder });
  const compress = format === 'tar' ? [] : ['-z'];
  return await context.run(['tar', '-c', ...compress, '-f', output ?? '-', '--', ...names], { cwd: folder });
}
