/** Pathname expansion. */
import { S_IFDIR, S_IFMT } from '../../kernel/file-modes.ts';
import type { Entries } from '../../kernel/syscalls.ts';
import type { Sys } from '../../process/system-calls/sys.ts';
import { statIfReachable } from '../reachable.ts';
import { hasWildcard, patternToRegExp, unescapePattern } from './pattern.ts';

const DIRECTORY = 2;
const LINK = 3;

export interface GlobOptions {
  /** Makes a path absolute. */
  resolve(path: string): string;
  /** `**` stands for folders of any depth. */
  globstar?: boolean;
  /** Wildcards match a leading dot. */
  dotglob?: boolean;
  ignoreCase?: boolean;
  /** Patterns, between colons, of names that do not match: GLOBIGNORE. */
  ignored?: string | undefined;
}

/** Paths that match, sorted; empty when none does. */
export function expandPathname(sys: Sys, pattern: string, options: GlobOptions): string[] {
  const segments = pattern.split('/');
  let found = [pattern.startsWith('/') ? '/' : ''];
  let rest = pattern.startsWith('/') ? segments.slice(1) : segments;
  while (rest.length > 0 && found.length > 0) {
    const [segment = '', ...after] = rest;
    found = found.flatMap((base) => matchSegment({ sys, base, segment, last: after.length === 0, options }));
    rest = after;
  }
  const ignored = options.ignored ? options.ignored.split(':').map((one) => patternToRegExp(one, { path: true })) : [];
  const isIgnored = (path: string) => path === '' || ignored.some((one) => one.test(path));
  return found.filter((path) => !isIgnored(path)).sort(compareNames);
}

/** Byte order, as in the C locale. */
export function compareNames(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

interface Step {
  sys: Sys;
  base: string;
  segment: string;
  last: boolean;
  options: GlobOptions;
}

function matchSegment({ sys, base, segment, last, options }: Step): string[] {
  const { resolve } = options;
  const end = last ? '' : '/';
  if (segment === '**' && options.globstar) return everyFolder({ sys, base, segment, last, options });
  if (segment === '') return [last ? base : base.endsWith('/') ? base : `${base}/`];
  if (!hasWildcard(segment)) {
    const path = base + unescapePattern(segment);
    return statIfReachable(sys, resolve(path), !last) ? [path + end] : [];
  }
  const entries = readEntries(sys, resolve(base === '' ? '.' : base));
  const test = patternToRegExp(segment, { ignoreCase: options.ignoreCase ?? false });
  const hidden = segment.startsWith('.') || options.dotglob;
  const found: string[] = [];
  entries.names.forEach((name, index) => {
    if ((name.startsWith('.') && !hidden) || !test.test(name)) return;
    const type = entries.types[index];
    if (!last && type !== DIRECTORY && !(type === LINK && isFolder(sys, resolve(base + name)))) return;
    found.push(base + name + end);
  });
  return found;
}

function isFolder(sys: Sys, path: string): boolean {
  const stat = statIfReachable(sys, path, true);
  return stat !== null && (stat.mode & S_IFMT) === S_IFDIR;
}

/** The folder itself and all below it; as the last segment, all files too. Links are not followed. */
function everyFolder({ sys, base, last, options }: Step): string[] {
  const found = last && base === '' ? [] : [base];
  const walk = (folder: string) => {
    const entries = readEntries(sys, options.resolve(folder === '' ? '.' : folder));
    entries.names.forEach((name, index) => {
      if (name.startsWith('.') && !options.dotglob) return;
      const directory = entries.types[index] === DIRECTORY;
      if (last) found.push(folder + name);
      else if (directory) found.push(`${folder}${name}/`);
      if (directory) walk(`${folder}${name}/`);
    });
  };
  walk(base);
  return found;
}

function readEntries(sys: Sys, path: string): Entries {
  try {
    return sys.call('readdir', path);
  } catch {
    return { names: [], types: [] }; // A folder that cannot be read matches nothing.
  }
}
