import { contentAt } from '../../../session/content.ts';
import type { Files } from '../../../session/files.ts';
import { importsIn, isCode } from '../imports/imports.ts';
import { entriesOf, type ProjectPackage, readPackages } from '../imports/packages.ts';
import { createResolve } from '../imports/resolve.ts';
import { folderOf, joinPath } from '../paths.ts';

const MOST_FILES = 300;
const ENDINGS = ['', '.js', '.mjs', '.cjs', '.jsx', '.ts', '.mts', '.cts', '.tsx', '.json', '.node'];

/** Whether a test runs what is no file of the project: what a build makes, which is mostly ignored. */
export function needsBuild(files: Files, test: string): boolean {
  const packages = readPackages(files);
  const resolve = createResolve(files);
  const seen = new Set([test]);
  for (const path of seen) {
    const text = contentAt(files, path);
    if (typeof text !== 'string' || !isCode(path) || seen.size > MOST_FILES) continue;
    for (const { specifier } of importsIn(text, path)) {
      if (isBuilt(specifier, path, files, packages)) return true;
      const found = resolve(specifier, path);
      if (found.kind === 'file') seen.add(found.path);
    }
  }
  return false;
}

function isBuilt(specifier: string, from: string, files: Files, packages: readonly ProjectPackage[]): boolean {
  if (/^\.{1,2}(?:\/|$)/.test(specifier)) {
    const path = joinPath(folderOf(from), specifier);
    if (path === null || isThere(path, files)) return false;
    const own = packages.find(({ folder }) => folder === path);
    return own ? !hasEntry(own, '', files) : isCode(path) || !/\.\w+$/.test(path);
  }
  return packages.some(
    (each) =>
      each.name !== null &&
      (specifier === each.name || specifier.startsWith(`${each.name}/`)) &&
      !hasEntry(each, specifier.slice(each.name.length + 1), files),
  );
}

const hasEntry = (own: ProjectPackage, subpath: string, files: Files): boolean =>
  entriesOf(own, subpath).some((entry) => isThere(entry, files));

/** As a runner finds it, that may take `a.js` for `a.ts`. */
const isThere = (path: string, files: Files): boolean =>
  [path, `${path}/index`, path.replace(/\.([cm]?)js$/, '.$1ts'), path.replace(/\.js$/, '.tsx')].some((each) =>
    ENDINGS.some((ending) => Object.hasOwn(files, `${each}${ending}`)),
  );
