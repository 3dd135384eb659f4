/** Makes a repository: its folders, and the files that each has from the start. */
import type { UtilityContext } from '../utility.ts';
import { configFiles, readConfig } from './config-file.ts';
import { writeWhole } from './system-files.ts';

const EXCLUDE = `# git ls-files --others --exclude-from=.git/info/exclude
# Lines that start with '#' are comments.
# For a project mostly in C, the following would be a good set of
# exclude patterns (uncomment them if you want to use them):
# *.[oa]
# *~
`;
const FOLDERS = ['objects/info', 'objects/pack', 'refs/heads', 'refs/tags', 'info', 'hooks', 'branches'];

export interface NewRepository {
  gitdir: string;
  bare: boolean;
  branch: string;
}

export function createRepository({ sys }: UtilityContext, { gitdir, bare, branch }: NewRepository): void {
  for (const folder of FOLDERS) sys.call('mkdir', `${gitdir}/${folder}`, 0o777, true);
  const write = (name: string, text: string) => writeWhole(sys, `${gitdir}/${name}`, new TextEncoder().encode(text));
  write('HEAD', `ref: refs/heads/${branch}\n`);
  write(
    'config',
    `[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = ${bare}\n${bare ? '' : '\tlogallrefupdates = true\n'}`,
  );
  write('description', "Unnamed repository; edit this file 'description' to name the repository.\n");
  write('info/exclude', EXCLUDE);
}

/** How the first branch is called; undefined when nobody said. */
export function configuredBranch(context: UtilityContext): string | undefined {
  return readConfig(context, configFiles(context, undefined)).findLast(({ key }) => key === 'init.defaultbranch')
    ?.value;
}
