/** What may change in a package.json: dependencies and what the package says of itself, never how it is run or tested. */
import { z } from 'zod';
import type { Content } from '../../session/files.ts';

const DEPENDENCIES = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'] as const;
/** All else says how things are run: scripts, type, workspaces, overrides, the sections of test runners and of tools nobody here knows. */
const FREE: ReadonlySet<string> = new Set([
  ...DEPENDENCIES,
  ...'peerDependenciesMeta bundleDependencies description keywords homepage bugs license author contributors funding repository'.split(
    ' ',
  ),
  ...'version private files exports main module types typings browser bin man directories sideEffects engines'.split(
    ' ',
  ),
]);
/** A version, a range or a tag: what the registry decides. */
const FROM_REGISTRY = /^[\w.*^~<>=|\s+-]*$/;

const packageFile = z.record(z.string(), z.unknown());
const specifiers = z.record(z.string(), z.string());

export interface AddedPackage {
  readonly name: string;
  readonly specifier: string;
}

export const isPackageFile = (path: string): boolean => /(^|\/)package\.json$/i.test(path);

/** Why this change of a package.json is refused; null when it is not. */
export function refusePackageChange(before: Content | null, after: Content | null): string | null {
  if (after === null) return 'package.json may not be deleted: it says how the tests are run.';
  const next = read(after);
  if (next === null) return 'package.json would not be valid JSON any more.';
  const previous = (before === null ? {} : read(before)) ?? {};
  const names = new Set([...Object.keys(previous), ...Object.keys(next)]);
  const changed = [...names].filter((name) => !same(previous[name], next[name]));
  const refused = changed.filter((name) => !FREE.has(name));
  if (refused.length > 0)
    return `package.json: ${refused.map((name) => `"${name}"`).join(', ')} may not be changed, because it decides how the tests run (a task may list package.json in \`editable\`).`;
  const odd = addedPackages(before, after).find(({ specifier }) => !FROM_REGISTRY.test(specifier));
  if (odd)
    return `package.json: "${odd.name}": "${odd.specifier}" does not come from the registry: only versions and ranges may be added.`;
  return null;
}

/** Dependencies that are new, or of which another version is wanted. */
export function addedPackages(before: Content | null, after: Content | null): readonly AddedPackage[] {
  const previous = (before === null ? {} : read(before)) ?? {};
  const next = (after === null ? {} : read(after)) ?? {};
  return DEPENDENCIES.flatMap((section) => {
    const old = specifiers.safeParse(previous[section]).data ?? {};
    const wanted = specifiers.safeParse(next[section]).data ?? {};
    return Object.entries(wanted)
      .filter(([name, specifier]) => old[name] !== specifier)
      .map(([name, specifier]) => ({ name, specifier }));
  });
}

function read(content: Content): Record<string, unknown> | null {
  if (typeof content !== 'string') return null;
  try {
    return packageFile.safeParse(JSON.parse(content.replace(/^\ufeff/, ''))).data ?? null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Sections are small: their text tells whether they are the same, the order of their keys too (npm keeps it). */
const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
