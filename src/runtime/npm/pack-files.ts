/** Which files of a package its archive has. */
import ignore, { type Ignore } from 'ignore';
import { S_IFDIR, S_IFLNK, S_IFMT, S_IFREG } from '../kernel/file-modes.ts';
import { expandBraces } from '../shell/expansion/braces.ts';
import { joinPath } from '../shell/paths.ts';
import type { UtilityContext } from '../shell/utility.ts';
import { type Installed, InstalledTree } from './installed.ts';
import { isRecord, type PackageFile, programsOf, readPackage } from './package-file.ts';

/** Never in a package, whatever its lists say. */
const NEVER =
  '.*.swp\n._*\n.DS_Store\n.git\n.hg\n.svn\nCVS\n.lock-wscript\n.npmrc\nnpm-debug.log\n/config.gypi\n/archived-packages\n*.orig\n/package-lock.json\n/yarn.lock\n/pnpm-lock.yaml\n/bun.lockb\n.gitignore\n.npmignore\n/.gitattributes';
/** Always, at the top. */
const ALWAYS = /^(package\.json|readme(\..*)?|licen[cs]e(\..*)?|copying(\..*)?)$/i;

/**
 * By `files` where there is such a list, less what .npmignore (or .gitignore) names; package.json, README and LICENSE always; and the
 * packages that are bundled with it.
 */
export function filesOf(context: UtilityContext, file: PackageFile): string[] {
  const found = ownFiles(context, file, false);
  for (const { folder } of bundledWith(context, file)) {
    const below = folder.slice(file.folder.length + 1);
    for (const path of ownFiles(context, readPackage(context, folder), true)) found.push(`${below}/${path}`);
  }
  return found.sort();
}

/** `isBundled`: as it was installed, whose own lists of what to ignore do not count. */
function ownFiles(context: UtilityContext, file: PackageFile, isBundled: boolean): string[] {
  const { sys } = context;
  const { folder } = file;
  const read = (path: string) =>
    sys.call('statOrNull', path, true) ? new TextDecoder().decode(sys.call('readFile', path)) : undefined;
  const never = ignore().add(NEVER);
  const { chosen, needed } = wishesOf(context, file);
  const found: string[] = [];
  const walk = (at: string, lists: readonly { base: string; rules: Ignore }[]) => {
    const here = joinPath(folder, at);
    const text = isBundled ? undefined : (read(joinPath(here, '.npmignore')) ?? read(joinPath(here, '.gitignore')));
    const own =
      text === undefined || (chosen && at === '')
        ? lists
        : [...lists, { base: at === '' ? '' : `${at}/`, rules: rulesOf(text) }];
    for (const name of sys.call('readdir', here).names) {
      const path = at === '' ? name : `${at}/${name}`;
      const stat = sys.call('statOrNull', joinPath(folder, path), false);
      if (!stat || (stat.mode & S_IFMT) === S_IFLNK || name === 'node_modules' || never.ignores(path)) continue;
      const isFolder = (stat.mode & S_IFMT) === S_IFDIR;
      const always = at === '' && ALWAYS.test(name);
      const ignored = own.some(({ base, rules }) => rules.ignores(path.slice(base.length) + (isFolder ? '/' : '')));
      if (ignored && !always && !needed.has(path) && !(isFolder && leadsTo(needed, path))) continue;
      if (isFolder) walk(path, ignored ? [...own, { base: '', rules: ignore().add('*') }] : own);
      else if (always || needed.has(path) || !chosen || chosen(path)) found.push(path);
    }
  };
  walk('', []);
  return found;
}

/** npm expands braces in all of its lists, in .gitignore too, where git takes them as they are. */
const rulesOf = (text: string): Ignore =>
  ignore().add(text.split(/\r?\n/).flatMap((line) => (line.startsWith('#') ? [] : expandBraces(line))));

const leadsTo = (paths: ReadonlySet<string>, folder: string): boolean =>
  [...paths].some((path) => path.startsWith(`${folder}/`));

/** What package.json names: by `files`, the last that matches a path decides; and what is needed whatever else is said. */
function wishesOf(
  context: UtilityContext,
  file: PackageFile,
): { chosen: ((path: string) => boolean) | undefined; needed: Set<string> } {
  const { main, browser, files } = file.content;
  const plain = (item: unknown) => String(item).replace(/^(?:\.?\/)+/, '');
  const needed = new Set([...[main, browser].map(plain), ...programsOf(file).values()]);
  if (!Array.isArray(files)) return { chosen: undefined, needed };
  const wishes = files
    .filter((item): item is string => typeof item === 'string')
    .map((item) => {
      const isNegated = item.startsWith('!');
      const path = plain(item.replace(/^!+/, '')).replace(/\/$/, '');
      if (!isNegated && path !== '' && isFile(context, joinPath(file.folder, path))) needed.add(path);
      return { isNegated, rules: rulesOf(path === '' ? '*' : `/${path}`) };
    });
  const chosen = (path: string) => wishes.findLast(({ rules }) => rules.ignores(path))?.isNegated === false;
  for (const path of needed)
    if (wishes.findLast(({ rules }) => isRelative(path) && rules.ignores(path))?.isNegated) needed.delete(path);
  return { chosen, needed };
}

const isRelative = (path: string): boolean => path !== '' && !/^\/|^\.{1,2}(?:\/|$)/.test(path);

const isFile = (context: UtilityContext, path: string): boolean =>
  ((context.sys.call('statOrNull', path, false)?.mode ?? 0) & S_IFMT) === S_IFREG;

/** The installed packages that `bundleDependencies` names, and all that they need. */
function bundledWith(context: UtilityContext, { folder, content }: PackageFile): Installed[] {
  const { bundleDependencies, bundledDependencies, dependencies } = content;
  const wanted = bundleDependencies ?? bundledDependencies;
  const names = Array.isArray(wanted)
    ? wanted
    : wanted === true && isRecord(dependencies)
      ? Object.keys(dependencies)
      : [];
  const tree = new InstalledTree(context);
  const found = new Map<string, Installed>();
  const queue = names.map((name) => ({ from: folder, name: String(name) }));
  for (const { from, name } of queue) {
    const installed = tree.resolve(from, name);
    // What lies further up belongs to another project.
    if (!installed?.folder.startsWith(`${folder}/`) || found.has(installed.folder)) continue;
    found.set(installed.folder, installed);
    for (const want of installed.wants) queue.push({ from: installed.folder, name: want.name });
  }
  return [...found.values()];
}
