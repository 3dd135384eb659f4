/** `npm version`: the next version into package.json, with its scripts, and a commit and a tag where there is a repository. */
import type { ReleaseType } from 'semver';
import clean from 'semver/functions/clean.js';
import inc from 'semver/functions/inc.js';
import valid from 'semver/functions/valid.js';
import { joinPath } from '../shell/paths.ts';
import { writeFile } from '../shell/utilities/sort.ts';
import type { UtilityContext } from '../shell/utility.ts';
import { findProject, NpmError, readPackage } from './package-file.ts';
import { runNamedScript, type ScriptLine } from './run-script.ts';

/** As npm reads versions: `=v1.2.3`, too. */
const LOOSE = { loose: true };

/** `wanted` is a version, or `patch`, `minor`, `prerelease` and their like; null where it is neither. */
export function nextVersion(current: string | undefined, wanted: string, preid?: string): string | null {
  return clean(wanted, LOOSE) ?? inc(current ?? '', wanted as ReleaseType, LOOSE, preid);
}

export async function changeVersion(context: UtilityContext, line: ScriptLine): Promise<number> {
  const [wanted = ''] = line.args;
  const folder = findProject(context);
  const file = readPackage(context, folder);
  const version = nextVersion(file.version, wanted, line.config.get('preid'));
  if (version === null)
    throw new NpmError(`Invalid version: ${valid(file.version, LOOSE) ? wanted : (file.version ?? '')}`);
  if (version === file.version && !line.config.has('allow_same_version')) throw new NpmError('Version not changed');
  const inGit =
    line.config.get('git_tag_version') !== '' &&
    context.sys.call('statOrNull', joinPath(folder, '.git'), true) !== null;
  const git = async (...args: string[]) => await context.run(['git', ...args], { cwd: folder });
  const changed = ['diff', '--quiet', 'HEAD'];
  if (inGit && !line.config.has('force') && (await git(...changed)) !== 0)
    throw new NpmError('Git working directory not clean.');
  const script = async (name: string) =>
    await runNamedScript(context, { ...line, ifPresent: true, ignoreScripts: true, bare: true }, [name]);
  if (!line.ignoreScripts && (await script('preversion')) !== 0) return 1;
  replaceVersion(context, file.path, version);
  for (const lock of ['package-lock.json', 'npm-shrinkwrap.json'])
    replaceVersion(context, joinPath(folder, lock), version);
  if (!line.ignoreScripts && (await script('version')) !== 0) return 1;
  if (inGit) {
    const message = (line.config.get('message') ?? '%s').replaceAll('%s', version);
    const tag = `${line.config.get('tag_version_prefix') ?? 'v'}${version}`;
    await git('add', '-u');
    if ((await git('commit', '-q', '-m', message)) !== 0 || (await git('tag', '-a', tag, '-m', message)) !== 0)
      return 1;
  }
  if (!line.ignoreScripts && (await script('postversion')) !== 0) return 1;
  await context.stdout.line(`v${version}`);
  return 0;
}

/** With the indentation that it has; in a lock file also where the project itself is listed. */
function replaceVersion(context: UtilityContext, path: string, version: string): void {
  if (!context.sys.call('statOrNull', path, true)) return;
  const text = new TextDecoder().decode(context.sys.call('readFile', path));
  const content = JSON.parse(text);
  content.version = version;
  if (content.packages?.['']) content.packages[''].version = version;
  const indent = /^[{[]\n([ \t]+)/.exec(text)?.[1] ?? 2;
  writeFile(context, path, `${JSON.stringify(content, null, indent)}${text.endsWith('\n') ? '\n' : ''}`);
}
