/** Puts patches into files: those of the work tree, of the index, or of any tree. */
import { S_IFDIR, S_IFMT } from '../../kernel/file-modes.ts';
import { applyHunks, reverseHunk } from '../line-diff/apply-patch.ts';
import { splitLines } from '../line-diff/hunks.ts';
import type { FilePatch, Hunk } from '../line-diff/parse-patch.ts';
import { resolvePath } from '../paths.ts';
import type { UtilityContext } from '../utility.ts';
import type { FileMap, Repository } from './repository.ts';

export interface FileText {
  text: string;
  mode: number;
}

/** Where the files are that a patch changes. */
export interface PatchSource {
  read(path: string): Promise<FileText | undefined>;
  /** Told of a file that is not there, and of one that should not be. */
  missing: string;
  existing: string;
}

export interface PatchOptions {
  /** How many folders of the names in a patch do not count. */
  strip: number;
  reverse: boolean;
  ignoreSpace: boolean;
  /** In front of the names. */
  folder?: string;
  /** What fits of a file is taken, the rest is told of. */
  partly?: boolean;
}

/** A file of a patch that was taken in part: by hunk, whether it fit. */
export interface PartlyPatched {
  patch: FilePatch;
  path: string;
  hunks: readonly Hunk[];
  fitted: readonly boolean[];
}

/** What a file becomes; undefined when it is removed. */
export type PatchedFiles = Map<string, FileText | undefined>;

export interface PatchResult {
  files: PatchedFiles;
  /** As git words them; empty when the whole patch fits. */
  problems: string[];
  rejected: PartlyPatched[];
}

const decode = (bytes: Uint8Array): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);

export function workTreeSource({ sys }: UtilityContext, root: string): PatchSource {
  return {
    missing: 'No such file or directory',
    existing: 'already exists in working directory',
    read: async (path) => {
      const full = resolvePath(root, path);
      const stat = sys.call('statOrNull', full, true);
      if (!stat || (stat.mode & S_IFMT) === S_IFDIR) return undefined;
      return { text: decode(sys.call('readFile', full)), mode: stat.mode & 0o100 ? 0o100755 : 0o100644 };
    },
  };
}

export function treeSource(repository: Repository, files: FileMap): PatchSource {
  return {
    missing: 'does not exist in index',
    existing: 'already exists in index',
    read: async (path) => {
      const state = files.get(path);
      return state && { text: decode(await repository.readBlob(state.oid)), mode: state.mode };
    },
  };
}

/** The names that a patch gives to a file before and after; undefined where there is none. */
export function patchedNames(
  file: FilePatch,
  { strip, reverse, folder = '' }: PatchOptions,
): { from: string | undefined; to: string | undefined } {
  const name = (text: string | undefined) =>
    text === undefined || text === '/dev/null' ? undefined : folder + text.split('/').slice(strip).join('/');
  const before = file.created ? undefined : name(file.oldName);
  const after = file.deleted ? undefined : name(file.newName);
  return reverse ? { from: after, to: before } : { from: before, to: after };
}

/** All files of a patch, each as those before it left it. */
export async function patchFiles(
  source: PatchSource,
  patches: readonly FilePatch[],
  options: PatchOptions,
): Promise<PatchResult> {
  const files: PatchedFiles = new Map();
  const problems: string[] = [];
  const rejected: PartlyPatched[] = [];
  const read = async (path: string) => (files.has(path) ? files.get(path) : await source.read(path));
  for (const patch of patches) {
    const names = patchedNames(patch, options);
    const target = names.from ?? names.to ?? '';
    const before = await read(target);
    const { from, to } = isPlain(patch) ? plainNames(patch, { ...names, exists: before !== undefined }) : names;
    if (from === undefined && before) problems.push(`${target}: ${source.existing}`);
    else if (from !== undefined && !before) problems.push(`${target}: ${source.missing}`);
    else {
      const hunks = options.reverse ? patch.hunks.map(reverseHunk) : patch.hunks;
      const { text, failed, fitted } = patchText(before?.text ?? '', hunks, options.ignoreSpace);
      if (failed && options.partly) rejected.push({ patch, path: target, hunks, fitted });
      if (failed && !options.partly)
        problems.push(`patch failed: ${target}:${failed.oldStart}`, `${target}: patch does not apply`);
      else {
        if (from !== undefined && from !== to) files.set(from, undefined);
        const mode = (options.reverse ? undefined : patch.newMode) ?? before?.mode ?? 0o100644;
        if (to !== undefined) files.set(to, { text, mode });
      }
    }
  }
  return { files, problems, rejected };
}

const isPlain = ({ header }: FilePatch): boolean => !header.some((line) => line.startsWith('diff --git'));

/** A patch without git's header may make a file, or take all out of it, and not say so. */
function plainNames(
  { hunks }: FilePatch,
  { from, to, exists }: { from: string | undefined; to: string | undefined; exists: boolean },
): { from: string | undefined; to: string | undefined } {
  const makes = !exists && hunks.every(({ oldCount }) => oldCount === 0);
  return { from: makes ? undefined : from, to };
}

function patchText(
  text: string,
  hunks: readonly Hunk[],
  ignoreSpace: boolean,
): { text: string; failed: Hunk | undefined; fitted: boolean[] } {
  const { lines, outcomes } = applyHunks(splitLines(text), hunks, { fuzz: 0, ignoreSpace });
  const fitted = outcomes.map(({ kind }) => kind === 'applied');
  return { text: lines.join(''), failed: hunks[fitted.indexOf(false)], fitted };
}

/** A tree with its files patched, their contents written. */
export async function writePatched(repository: Repository, before: FileMap, patched: PatchedFiles): Promise<FileMap> {
  const after: FileMap = new Map(before);
  for (const [path, file] of patched) {
    if (!file) after.delete(path);
    else after.set(path, { mode: file.mode, oid: await repository.writeBlob(new TextEncoder().encode(file.text)) });
  }
  return after;
}

/** What the files were that a patch was made of, by the ids that it tells; undefined when one of them is not here. */
export async function patchedBase(
  repository: Repository,
  patches: readonly FilePatch[],
  options: PatchOptions,
): Promise<FileMap | undefined> {
  const base: FileMap = new Map(repository.indexMap());
  for (const patch of patches) {
    const { from, to } = patchedNames(patch, options);
    if (from === undefined) {
      if (to !== undefined) base.delete(to);
      continue;
    }
    const id = options.reverse ? patch.newId : patch.oldId;
    if (id === undefined) {
      if (patch.hunks.length > 0) return undefined;
      continue;
    }
    const oid = await repository.tryResolve(id);
    if (oid === undefined || !(await repository.hasObject(oid))) return undefined;
    base.set(from, { mode: base.get(from)?.mode ?? 0o100644, oid });
  }
  return base;
}
