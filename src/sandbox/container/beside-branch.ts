import type { TreeEntry } from '../sandbox.ts';

const INSTALLED = 'node_modules';
/** Not for a working copy that lasts a few minutes; secrets are put there by whoever may. */
const LEFT_OUT = /(^|\/)(\.git|\.fixpoint|\.env[^/]*)(\/|$)|^(coverage|\.nyc_output|\.cache)\//i;

/**
 * What a branch needs beside its source files, of a project that was mounted: what a snapshot leaves out of it (large files, links, what
 * git ignores), and links to the installed code in `folder`, the project's. Packages of a workspace are links into the project: they lead
 * to the branch's own files, so a node_modules with any of them is a folder of links and not a link.
 */
export function besideBranch(
  mounted: readonly TreeEntry[],
  { omitted, folder }: { readonly omitted: readonly string[]; readonly folder: string },
): TreeEntry[] {
  const left = new Set(omitted.filter((path) => !path.endsWith('/')));
  const folders = omitted.filter((path) => path.endsWith('/'));
  const isOmitted = (path: string) => left.has(path) || folders.some((each) => path.startsWith(each));
  const kept = mounted.filter(
    ({ path }) => !path.split('/').includes(INSTALLED) && !LEFT_OUT.test(path) && isOmitted(path),
  );
  return [...kept, ...installedLinks(mounted, folder)];
}

function installedLinks(mounted: readonly TreeEntry[], folder: string): TreeEntry[] {
  const byModules = Map.groupBy(
    mounted.filter(({ path }) => path.split('/').includes(INSTALLED)),
    ({ path }) => modulesOf(path),
  );
  return [...byModules].flatMap(([modules, entries]) => {
    const own = entries.filter((entry) => entry.type === 'link' && leadsOut(entry));
    if (own.length === 0) return [linkTo(modules, folder)];
    const names = new Set(entries.map(({ path }) => packageOf(modules, path)).filter((name) => name !== ''));
    const ownPaths = new Set(own.map(({ path }) => path));
    const others = [...names].map((name) => `${modules}/${name}`).filter((path) => !ownPaths.has(path));
    return [...own, ...others.map((path) => linkTo(path, folder))];
  });
}

/** "a/node_modules/x/node_modules/y" -> "a/node_modules". */
function modulesOf(path: string): string {
  const parts = path.split('/');
  return parts.slice(0, parts.indexOf(INSTALLED) + 1).join('/');
}

/** "chai", "@scope/name"; "" for the folder itself and for a scope's. */
function packageOf(modules: string, path: string): string {
  const [first = '', second = ''] = path.slice(modules.length + 1).split('/');
  if (!first.startsWith('@')) return first;
  return second === '' ? '' : `${first}/${second}`;
}

const linkTo = (path: string, folder: string): TreeEntry => ({ path, type: 'link', target: `${folder}/${path}` });

/** A link to a place in the project that is not installed code. */
function leadsOut({ path, target }: Extract<TreeEntry, { type: 'link' }>): boolean {
  if (target.startsWith('/')) return false;
  const parts = path.split('/').slice(0, -1);
  for (const part of target.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return !parts.includes(INSTALLED);
}
