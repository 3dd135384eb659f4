/** `npm version`: the next version into package.json, with its scripts, and a commit and a tag where there is a repository. */
import type { ReleaseType } from 'semver';
import clean from 'semver/functions/clean.js';
import inc from 'semver/functions/inc.js';
import { joinPath } from '../shell/paths.ts';
import { writeFile } from '../shell/utilities/write-file.ts';
import type { UtilityContext } from '../shell/utility.ts';
import { findProject, formatPackage, isRecord, NpmError, readPackage, usage } from './package-file.ts';
import { runOwnScript, type ScriptLine } from './run-script.ts';

/** As npm reads versions: `=v1.2.3`, too. */
const LOOSE = { loose: true };

/** `wanted` is a version, or `patch`, `minor`, `prerelease` and their like; null where it is neither. */
export function nextVersion(current: string | undefined, wanted: string, preid?: string): string | null {
  return clean(wanted, LOOSE) ?? inc(clean(current ?? '0.0.0') ?? '', wanted as ReleaseType, LOOSE, preid);
}

export async function changeVersion(context: UtilityContext, line: ScriptLine): Promise<number> {
  const [wanted = '', ...more] = line.args;
  if (more.length > 0) throw usage('', 'Bump a package version');
  const folder = findProject(context);
  const file = readPackage(context, folder);
  const version = nextVersion(file.version, wanted, line.config.get('preid'));
  if (version === null) throw new NpmError(`Invalid version: ${wanted}`);
  if (version === file.version && line.config.get('allow_same_version') !== 'true')
    throw new NpmError('Version not changed');
  const inGit =
    line.config.get('git_tag_version') !== '' &&
    context.sys.call('statOrNull', joinPath(folder, '.git'), true) !== null;
  const git = async (...args: string[]) => await context.run(['git', ...args], { cwd: folder });
  const changed = ['diff', '--quiet', 'HEAD'];
  if (inGit && line.config.get('force') !== 'true' && (await git(...changed)) !== 0)
    throw new NpmError('Git working directory not clean.');
  const versions = [
    ['npm_old_version', file.version ?? '0.0.0'],
    ['npm_new_version', version],
  ] as const;
  const script = async (name: string) => await runOwnScript(context, { ...line, bare: true }, name, versions);
  await script('preversion');
  await writeFile(context, file.path, formatPackage({ ...file.content, version }, file.text));
  for (const lock of ['package-lock.json', 'npm-shrinkwrap.json'])
    await replaceVersion(context, joinPath(folder, lock), version);
  await script('version');
  if (inGit) {
    const message = (line.config.get('message') ?? '%s').replaceAll('%s', version);
    const tag = `${line.config.get('tag_version_prefix') ?? 'v'}${version}`;
    await git('add', '-u');
    if ((await git('commit', '-q', '-m', message)) !== 0 || (await git('tag', '-a', tag, '-m', message)) !== 0)
      return 1;
  }
  await script('postversion');
  if (line.workspace !== undefined) await context.stdout.line(file.name ?? '');
  await context.stdout.line(`v${version}`);
  return 0;
}

/** In a lock file, also where the project itself is listed. One that cannot be read stays as it is. */
async function replaceVersion(context: UtilityContext, path: string, version: string): Promise<void> {
  if (!context.sys.call('statOrNull', path, true)) return;
  const text = new TextDecoder().decode(context.sys.call('readFile', path));
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return;
  }
  if (!isRecord(content)) return;
  const own = isRecord(content.packages) ? content.packages[''] : undefined;
  if (isRecord(own)) own.version = version;
  await writeFile(context, path, formatPackage({ ...content, version }, text));
}
