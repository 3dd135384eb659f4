/** Pathname expansion. */
import type { Entries } from '../kernel/syscalls.ts';
import type { Sys } from '../process/sys.ts';
import { hasWildcard, patternToRegExp, unescapePattern } from './pattern.ts';

const DIRECTORY = 2;
const LINK = 3;

/** Paths that match, sorted; empty when none does. `resolve` makes a path absolute. */
export function expandPathname(sys: Sys, pattern: string, resolve: (path: string) => string): string[] {
  const segments = pattern.split('/');
  let found = [pattern.startsWith('/') ? '/' : ''];
  let rest = pattern.startsWith('/') ? segments.slice(1) : segments;
  while (rest.length > 0 && found.length > 0) {
    const [segment = '', ...after] = rest;
    found = found.flatMap((base) => matchSegment({ sys, base, segment, last: after.length === 0, resolve }));
    rest = after;
  }
  return found.sort(compareNames);
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
  resolve: (path: string) => string;
}

function matchSegment({ sys, base, segment, last, resolve }: Step): string[] {
  const end = last ? '' : '/';
  if (segment === '') return [last ? base : base.endsWith('/') ? base : `${base}/`];
  if (!hasWildcard(segment)) {
    const path = base + unescapePattern(segment);
    return sys.call('statOrNull', resolve(path), !last) ? [path + end] : [];
  }
  const entries = readEntries(sys, resolve(base === '' ? '.' : base));
  const test = patternToRegExp(segment);
  const found: string[] = [];
  entries.names.forEach((name, index) => {
    if ((name.startsWith('.') && !segment.startsWith('.')) || !test.test(name)) return;
    const type = entries.types[index];
    if (!last && type !== DIRECTORY && type !== LINK) return;
    found.push(base + name + end);
  });
  return found;
}

function readEntries(sys: Sys, path: string): Entries {
  try {
    return sys.call('readdir', path);
  } catch {
    return { names: [], types: [] }; // A folder that cannot be read matches nothing.
  }
}
