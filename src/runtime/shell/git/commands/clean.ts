/** git clean. */
import type { GitCommand } from '../call.ts';
import { readOptions } from '../command-line.ts';
import { GitError } from '../git-error.ts';
import { untrackedFiles } from '../ignored.ts';
import { pathFilter } from '../selection.ts';

export const clean: GitCommand = async (call) => {
  const options = readOptions(call.args, {
    flags: 'f force d n dry-run x X q quiet i',
    values: 'e exclude',
    aliases: { f: 'force', n: 'dry-run', q: 'quiet' },
  });
  const repository = call.repository();
  const { flags } = options;
  if (!flags.has('force') && !flags.has('dry-run'))
    throw new GitError('clean.requireForce defaults to true and neither -i, -n, nor -f given; refusing to clean');
  const wanted = pathFilter(repository, call.cwd, [...options.words, ...(options.paths ?? [])]);
  const plain = flags.has('X')
    ? []
    : untrackedFiles(repository, { all: false, empty: flags.has('d'), sparing: flags.has('d') && !flags.has('x') });
  const ignored = flags.has('x') || flags.has('X') ? untrackedFiles(repository, { all: false, ignored: true }) : [];
  for (const path of [...plain, ...ignored].sort()) {
    if ((path.endsWith('/') && !flags.has('d')) || !wanted(path.replace(/\/$/, ''))) continue;
    if (!flags.has('quiet') || flags.has('dry-run'))
      await call.print(`${flags.has('dry-run') ? 'Would remove' : 'Removing'} ${path}\n`);
    if (!flags.has('dry-run')) call.context.sys.call('remove', repository.absolute(path.replace(/\/$/, '')), true);
  }
  return 0;
};
