/** npm's workspaces: a command that is run in each of a project's packages, or in those that are named. */

import { errorCode } from '../shell/errors.ts';
import { expandBraces } from '../shell/expansion/braces.ts';
import { hasWildcard, patternToRegExp } from '../shell/expansion/pattern.ts';
import { directoryName, joinPath, resolvePath } from '../shell/paths.ts';
import type { UtilityContext } from '../shell/utility.ts';
import { findProject, isRecord, NpmError, packageId, readPackage } from './package-file.ts';
import type { ScriptLine } from './run-script.ts';

export interface Workspace {
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
  const collected: Record<string, unknown> = {};
  for (const [index, workspace] of chosen.entries()) {
    let failed: string | null = null;
    const own: ScriptLine = {
      ...line,
      workspaces: [],
      allWorkspaces: false,
      workspace: workspace.id,
      collect: (value) => {
        collected[workspace.name] = value;
      },
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
    const isList = /^(?:run|rum|urn)/.test(line.command) && line.args.length === 0;
    if (isList && !line.silent && index < chosen.length - 1) await context.stdout.line('');
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
  if (Object.keys(collected).length > 0) await context.stdout.line(JSON.stringify(collected, null, 2));
  return status;
}

function chooseWorkspaces(
  context: UtilityContext,
  { workspaces, includeRoot, from }: ScriptLine,
): readonly Workspace[] {
  const root = findRoot(context);
  const all = listWorkspaces(context, root);
  if (all.length === 0) throw new NpmError('No workspaces found!');
  const isChosen = ({ folder, name }: Workspace) =>
    workspaces.some((wanted) => {
      const path = resolvePath(from, wanted);
      const inRoot = resolvePath(root, wanted);
      return wanted === name || [path, inRoot].some((each) => folder === each || folder.startsWith(`${each}/`));
    });
  const chosen = workspaces.length === 0 ? all : all.filter(isChosen);
  if (chosen.length === 0)
    throw new NpmError(
      ['No workspaces found:', `  ${workspaces.map((each) => `--workspace=${each}`).join(' ')}`].join('\n'),
    );
  const own = includeRoot ? workspaceAt(context, root) : null;
  return own ? [own, ...chosen] : chosen;
}

/** The project's own folder: of one of its workspaces the folder that names it as such. */
export function findRoot(context: UtilityContext): string {
  const project = findProject(context);
  for (let folder = project; folder !== '/'; ) {
    folder = directoryName(folder);
    if (isThere(context, joinPath(folder, 'package.json')) && workspaceFolders(context, folder).has(project))
      return folder;
  }
  return project;
}

/** A root that cannot be read has none. */
function workspaceFolders(context: UtilityContext, root: string): ReadonlySet<string> {
  try {
    return foldersOfAll(context, root, patternsOf(context, root));
  } catch (error) {
    if (!(error instanceof NpmError)) throw error;
    return new Set();
  }
}

function patternsOf(context: UtilityContext, folder: string): readonly string[] {
  const { workspaces } = readPackage(context, folder).content;
  const list: unknown = isRecord(workspaces) ? workspaces.packages : workspaces;
  if (workspaces && !Array.isArray(list))
    throw new NpmError('code EWORKSPACESCONFIG\nworkspaces config expects an Array');
  return Array.isArray(list) ? list.filter((each) => typeof each === 'string') : [];
}

/** Throws {@link NpmError} where two have one name. */
export function listWorkspaces(context: UtilityContext, root: string): readonly Workspace[] {
  const folders = [...foldersOfAll(context, root, patternsOf(context, root))];
  const found = folders.map((folder) => workspaceAt(context, folder));
  const byName = new Map<string, string[]>();
  for (const { name, folder } of found) byName.set(name, [...(byName.get(name) ?? []), folder]);
  const conflicts = [...byName].filter(([, places]) => places.length > 1);
  if (conflicts.length > 0)
    throw new NpmError(
      [
        'code EDUPLICATEWORKSPACE',
        'must not have multiple workspaces with the same name',
        ...conflicts.flatMap(([name, places]) => [
          `package '${name}' has conflicts in the following paths:`,
          ...places.map((place) => `    ${place}`),
        ]),
      ].join('\n'),
    );
  return found;
}

function workspaceAt(context: UtilityContext, folder: string): Workspace {
  const file = readPackage(context, folder);
  const name = file.name ?? folder.slice(folder.lastIndexOf('/') + 1);
  return { folder, name, id: packageId(file) ?? name };
}

function foldersOfAll(context: UtilityContext, root: string, patterns: readonly string[]): Set<string> {
  const found = new Set<string>();
  for (const pattern of patterns)
    for (const plain of expandBraces(pattern.replace(/^!/, '')))
      for (const folder of foldersOf(context, root, plain)) {
        if (pattern.startsWith('!')) found.delete(folder);
        else if (isThere(context, joinPath(folder, 'package.json'))) found.add(folder);
      }
  return found;
}

/** The folders that a pattern stands for, in the order of their names. */
function foldersOf(context: UtilityContext, root: string, pattern: string): Iterable<string> {
  let found = new Set([root]);
  for (const part of pattern.split('/')) {
    if (part === '' || part === '.') continue;
    const next = new Set<string>();
    for (const folder of found) {
      if (part === '**') addBelow(context, folder, next);
      else if (!hasWildcard(part)) next.add(resolvePath(folder, part));
      else {
        const test = patternToRegExp(part);
        for (const { name } of foldersIn(context, folder)) if (test.test(name)) next.add(joinPath(folder, name));
      }
    }
    found = next;
  }
  return found;
}

/** The folder and all below it; what a link leads to is not searched. */
function addBelow(context: UtilityContext, folder: string, into: Set<string>): void {
  if (into.has(folder)) return;
  into.add(folder);
  for (const { name, isLink } of foldersIn(context, folder)) {
    const path = joinPath(folder, name);
    if (isLink) into.add(path);
    else addBelow(context, path, into);
  }
}

/** 0 for what is not there, or a link that leads nowhere. */
function modeOf(context: UtilityContext, path: string): number {
  try {
    return context.sys.call('statOrNull', path, true)?.mode ?? 0;
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return 0;
  }
}

const isThere = (context: UtilityContext, path: string): boolean => modeOf(context, path) !== 0;

const LINK = 3;

/** The folders in a folder, in their order. */
function foldersIn(context: UtilityContext, folder: string): { name: string; isLink: boolean }[] {
  if (!isFolder(context, folder)) return [];
  const { names, types } = context.sys.call('readdir', folder);
  return names
    .map((name, index) => ({ name, isLink: types[index] === LINK }))
    .filter(({ name }) => name !== 'node_modules' && !name.startsWith('.') && isFolder(context, joinPath(folder, name)))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

const isFolder = (context: UtilityContext, path: string): boolean => (modeOf(context, path) & 0o170000) === 0o040000;
