/** The folders of installed packages, as the manifests of those that depend on them name them. */
import { DirectoryInode, FileInode } from './inode.ts';
import { findApart, type Place } from './lookup.ts';

export const MANIFEST = 'package.json';
/** Larger ones are no manifest of a package that is loaded. */
const MOST_BYTES = 64 * 1024;
/** So many are looked for, each of them in all folders above. */
const MOST_DEPENDENCIES = 256;
const PACKAGE_NAME = /^(?:@[^/\0]+\/)?[^/@.\0][^/\0]*$/;
const decoder = new TextDecoder();

/** Where the packages lie that the one in `folder` depends on; empty where its manifest names none, or cannot be read. */
export function foldersOfDependencies(place: Place, folder: string): string[] {
  const manifest = findApart(place, `${folder}/${MANIFEST}`);
  if (!(manifest instanceof FileInode)) return [];
  const found: string[] = [];
  for (const name of dependenciesIn(manifest)) {
    const at = findInstalled(place, folder, name);
    if (at !== null) found.push(at);
  }
  return found;
}

/** As Node's loader looks for it: beside who asks, then further out. */
function findInstalled(place: Place, folder: string, name: string): string | null {
  for (let at = folder; ; at = at.slice(0, at.lastIndexOf('/'))) {
    const candidate = `${at}/node_modules/${name}`;
    if (!at.endsWith('/node_modules') && findApart(place, candidate) instanceof DirectoryInode) return candidate;
    if (at === '') return null;
  }
}

/** What was read of a manifest, until it changes. */
const known = new WeakMap<FileInode, { size: number; modifiedMs: number; names: readonly string[] }>();

function dependenciesIn(manifest: FileInode): readonly string[] {
  const { size, modifiedMs } = manifest;
  const before = known.get(manifest);
  if (before?.size === size && before.modifiedMs === modifiedMs) return before.names;
  const names = size <= MOST_BYTES ? readDependencies(decoder.decode(manifest.data.view(0, size))) : [];
  known.set(manifest, { size, modifiedMs, names });
  return names;
}

function readDependencies(text: string): string[] {
  let manifest: unknown;
  try {
    manifest = JSON.parse(text);
  } catch {
    // Whoever loads the package says what is wrong with it.
    return [];
  }
  const dependencies = isObject(manifest) ? manifest.dependencies : undefined;
  if (!isObject(dependencies)) return [];
  return Object.keys(dependencies)
    .filter((name) => PACKAGE_NAME.test(name))
    .slice(0, MOST_DEPENDENCIES);
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
