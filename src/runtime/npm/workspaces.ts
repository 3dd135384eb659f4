/** npm's workspaces: a command that is run in each of a project's packages, or in those that are named. */
import { directoryName, joinPath, resolvePath } from '../shell/paths.ts';
import type { UtilityContext } from '../shell/utility.ts';
import { NpmError, packageId, readPackage } from './package-file.ts';
import type { ScriptLine } from './run-script.ts';

interface Workspace {
  readonly folder: string;
  readonly name: string;
  /** As npm names it: `name@version`. */
  readonly id: string;
}

/** Runs a command in each; a failure is told, and the others go on. The exit code is that of the last failure. */
export async function inWorkspaces(
  context: UtilityContext,
  line: ScriptLine,
  command: (context: UtilityContext, line: ScriptLine) => Promise<number>,
): Promise<number> {
  const chosen = chooseWorkspaces(context, line);
  let status = 0;
  for (const [index, workspace] of chosen.entries()) {
    let failed: string | null = null;
    const own: ScriptLine = {
      ...line,
      workspaces: [],
      allWorkspaces: false,
      workspace: workspace.id,
      onFailure: (text) => {
        failed = text;
      },
    };
    const told: string[] = [];
    const at = [`workspace ${workspace.id}`, `location ${workspace.folder}`];
    let code = 0;
    try {
      code = await command({ ...context, cwd: workspace.folder }, own);
      if (failed !== null)
        told.push(`code ${code}`, `path ${workspace.folder}`, ...at, 'command failed', `command sh -c ${failed}`);
    } catch (error) {
      if (!(error instanceof NpmError)) throw error;
      code = error.status;
      told.push(...at, ...error.message.split('\n'));
    }
    if (code === 0) continue;
    status = code;
    await context.stdout.flush();
    const event = /^run/.test(line.command) ? line.args[0] : line.command;
    const head = told.length > 0 ? [`Lifecycle script \`${event}\` failed with error:`] : [];
    if (!line.silent)
      for (const text of [...head, ...told])
        await context.stderr.write(text === '' ? 'npm error\n' : `npm error ${text}\n`);
    if (index < chosen.length - 1) await context.stderr.write('\n');
  }
  return status;
}

function chooseWorkspaces(context: UtilityContext, { workspaces, includeRoot }: ScriptLine): readonly Workspace[] {
  const root = findRoot(context);
  const all = root === null ? [] : listWorkspaces(context, root);
  if (all.length === 0) throw new NpmError('No workspaces found!');
  const isChosen = ({ folder, name }: Workspace) =>
    workspaces.some((wanted) => {
      const path = resolvePath(context.cwd, wanted);
      const inRoot = resolvePath(root ?? context.cwd, wanted);
      return wanted === name || [path, inRoot].some((each) => folder === each || folder.startsWith(`${each}/`));
    });
  const chosen = workspaces.length === 0 ? all : all.filter(isChosen);
  if (chosen.length === 0)
    throw new NpmError(
      ['No workspaces found:', `  ${workspaces.map((each) => `--workspace=${each}`).join(' ')}`].join('\n'),
    );
  const own = includeRoot && root !== null ? workspaceAt(context, root) : null;
  return own ? [own, ...chosen] : chosen;
}

/** The nearest folder upwards whose package.json has workspaces. */
function findRoot(context: UtilityContext): string | null {
  for (let folder = context.cwd; ; folder = directoryName(folder)) {
    if (isThere(context, joinPath(folder, 'package.json')) && patternsOf(context, folder).length > 0) return folder;
    if (folder === '/') return null;
  }
}

function patternsOf(context: UtilityContext, folder: string): readonly string[] {
  const { workspaces } = readPackage(context, folder).content;
  const list: unknown =
    typeof workspaces === 'object' && workspaces !== null && 'packages' in workspaces
      ? workspaces.packages
      : workspaces;
  return Array.isArray(list) ? list.filter((each) => typeof each === 'string') : [];
}

function listWorkspaces(context: UtilityContext, root: string): readonly Workspace[] {
  const found = new Map<string, Workspace>();
  for (const pattern of patternsOf(context, root)) {
    const parts = pattern
      .replace(/^!/, '')
      .split('/')
      .filter((part) => part !== '' && part !== '.');
    for (const folder of foldersOf(context, root, parts)) {
      if (pattern.startsWith('!')) found.delete(folder);
      else if (isThere(context, joinPath(folder, 'package.json'))) found.set(folder, workspaceAt(context, folder));
    }
  }
  return [...found.values()];
}

function workspaceAt(context: UtilityContext, folder: string): Workspace {
  const file = readPackage(context, folder);
  const name = file.name ?? folder.slice(folder.lastIndexOf('/') + 1);
  return { folder, name, id: packageId(file) ?? name };
}

/** The folders that a pattern stands for, in the order of their names. */
function foldersOf(context: UtilityContext, folder: string, [part, ...rest]: readonly string[]): readonly string[] {
  if (part === undefined) return [folder];
  const inner = (name: string, parts: readonly string[]) => foldersOf(context, joinPath(folder, name), parts);
  if (part === '**')
    return [
      ...foldersOf(context, folder, rest),
      ...namesIn(context, folder).flatMap((name) => inner(name, [part, ...rest])),
    ];
  if (!/[*?{[]/.test(part)) return isThere(context, joinPath(folder, part)) ? inner(part, rest) : [];
  const pattern = patternOf(part);
  return namesIn(context, folder)
    .filter((name) => pattern.test(name))
    .flatMap((name) => inner(name, rest));
}

function patternOf(part: string): RegExp {
  const source = part
    .replace(/[\\^$.+()|]/g, '\\$&')
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]')
    .replace(/\{([^}]*)\}/g, (_, names: string) => `(?:${names.replaceAll(',', '|')})`);
  return new RegExp(`^${source}$`);
}

const isThere = (context: UtilityContext, path: string): boolean => context.sys.call('statOrNull', path, true) !== null;

/** The folders in a folder, in their order. */
const namesIn = (context: UtilityContext, folder: string): readonly string[] =>
  [...context.sys.call('readdir', folder).names]
    .filter((name) => name !== 'node_modules' && !name.startsWith('.') && isFolder(context, joinPath(folder, name)))
    .sort();

const isFolder = (context: UtilityContext, path: string): boolean =>
  ((context.sys.call('statOrNull', path, true)?.mode ?? 0) & 0o170000) === 0o040000;
