/** From the files that a diff names to those of the project, and to what is to be done with them. */
import { contentAt } from '../../../session/content.ts';
import type { Files } from '../../../session/files.ts';
import { type Hunk, missingLines } from '../hunk.ts';
import type { HunksOperation, Operation } from '../operation.ts';
import { cleanPath, findPath, missingFile, newPath } from '../paths.ts';
import { Refusal } from '../refusal.ts';
import type { FilePatch } from './file-patch.ts';

const NOWHERE = '/dev/null';

/** `path` names the file of a diff without headers. Throws Refusal. */
export function resolveDiff(files: Files, patches: readonly FilePatch[], path: string | null): Operation[] {
  return patches.flatMap((patch) => resolvePatch(files, patch, path));
}

function resolvePatch(files: Files, patch: FilePatch, path: string | null): Operation[] {
  const { moved, hunks, index } = patch;
  const name = patch.newName ?? patch.oldName ?? 'the diff';
  if (patch.isBinary) throw new Refusal(`${name}: a binary file cannot be changed by a diff.`);
  if (patch.isNew && patch.isDeleted) throw new Refusal(`${name}: it is both created and deleted.`);
  if (moved) return move(files, patch);
  if (patch.isNew) return [createFile(files, patch)];
  if (patch.isDeleted) return [deleteFile(files, patch)];
  if (hunks.length === 0) {
    if (patch.hasMode) return [keep(files, patch)];
    throw new Refusal(`${name}: the diff has no hunk ("@@ … @@" and the lines below it).`);
  }
  const target = targetOf(files, patch, path);
  if (target === null) return [createFile(files, patch)];
  return [{ kind: 'hunks', path: target, hunks, index }];
}

function keep(files: Files, patch: FilePatch): Operation {
  const name = patch.newName ?? patch.oldName ?? '';
  const path = existing(files, name, patch);
  if (path === null) throw new Refusal(missingFile(files, cleanPath(variantsOf(name, patch)[0] ?? name)));
  return { kind: 'keep', path };
}

/** null for a file that the diff makes without saying so: nothing there before, and only lines that come. */
function targetOf(files: Files, patch: FilePatch, path: string | null): string | null {
  const named = [patch.oldName, patch.newName].filter((name): name is string => name !== null && name !== NOWHERE);
  if (named.length === 0) {
    const only = path ?? onlyPath(files);
    if (only === null)
      throw new Refusal('The diff does not say which file it changes: add the lines "--- a/path" and "+++ b/path".');
    const found = findPath(files, only);
    if (found === null) throw new Refusal(missingFile(files, cleanPath(only)));
    return found;
  }
  const found = new Set(named.flatMap((name) => existing(files, name, patch) ?? []));
  const [target] = found;
  if (found.size > 1)
    throw new Refusal(`The diff names two files, ${[...found].join(' and ')}: name the one that it changes.`);
  const last = named.at(-1) ?? '';
  if (target === undefined) {
    const isCreation = patch.hunks.every(
      ({ numbers, lines }) => numbers?.oldStart === 0 && numbers.oldCount === 0 && lines.every(({ op }) => op === '+'),
    );
    if (isCreation) return null;
    throw new Refusal(missingFile(files, cleanPath(variantsOf(last, patch)[0] ?? last)));
  }
  // "--- a/x.js", "+++ b/y.js" without a word of renaming: which of the two is meant?
  const isOther = variantsOf(last, patch).every((name) => safeFind(files, name) !== target);
  const isBackup = isOther && /\.(orig|old|bak|new)$/.test(last);
  if (isOther && !isBackup)
    throw new Refusal(
      `The diff names ${named.join(' and ')}, of which only ${target} is there: name one file, or say "rename from" and "rename to".`,
    );
  return target;
}

const onlyPath = (files: Files): string | null => {
  const paths = Object.keys(files);
  return paths.length === 1 ? (paths[0] ?? null) : null;
};

/** The name without "a/" or "b/" first, where the diff has such prefixes. */
function variantsOf(name: string, patch: FilePatch): string[] {
  const bare = /^[abciow]\/([\s\S]+)$/.exec(name)?.[1];
  const isPrefixed = patch.isGit ? patch.hasPrefix : hasPrefix(patch.oldName, 'a/') && hasPrefix(patch.newName, 'b/');
  if (bare === undefined) {
    if (patch.tail !== null && name.endsWith(`/${patch.tail}`)) return [patch.tail, name];
    const inFolder = name.indexOf('/');
    const isPair = !patch.isGit && inFolder > 0 && patch.oldName !== patch.newName;
    return isPair ? [name, name.slice(inFolder + 1)] : [name];
  }
  return isPrefixed ? [bare, name] : [name, bare];
}

const hasPrefix = (name: string | null, prefix: string) => name === null || name === NOWHERE || name.startsWith(prefix);

function existing(files: Files, name: string, patch: FilePatch): string | null {
  const variants = variantsOf(name, patch);
  if (variants.every((variant) => safeFind(files, variant) === null)) {
    // Says why when the path is one that no edit may name; names of temporary files beside a good one are not read.
    if (name === (patch.newName ?? patch.oldName)) cleanPath(variants[0] ?? name);
    return null;
  }
  return variants.map((variant) => safeFind(files, variant)).find((path) => path !== null) ?? null;
}

function safeFind(files: Files, name: string): string | null {
  if (contentAt(files, name) !== undefined) return name;
  if (/^([/\\~]|[a-z]:)/i.test(name) || name.split(/[/\\]/).includes('..') || name === '') return null;
  return findPath(files, name);
}

function pathIn(name: string, patch: FilePatch): string {
  return variantsOf(name, patch)[0] ?? name;
}

function createFile(files: Files, patch: FilePatch): Operation {
  const name = patch.newName !== null && patch.newName !== NOWHERE ? patch.newName : patch.oldName;
  if (name === null || name === NOWHERE) throw new Refusal('The diff creates a file but does not name it.');
  const path = newPath(files, pathIn(name, patch));
  const lines = patch.hunks.flatMap((hunk) => hunk.lines);
  if (lines.some(({ op }) => op !== '+'))
    throw new Refusal(`${path}: the diff creates the file, but shows lines that were there before.`);
  for (const hunk of patch.hunks) refuseShort(path, hunk);
  const content = lines.map((line) => line.text + (line.isWindows ? '\r' : '') + (line.isOpen ? '' : '\n')).join('');
  return { kind: 'create', path, content };
}

function refuseShort(path: string, hunk: Hunk): void {
  const missing = missingLines(hunk).new;
  if (missing > 0)
    throw new Refusal(`${path}: the new file is cut off: ${missing} lines that the header promises are not there.`);
}

function deleteFile(files: Files, patch: FilePatch): Operation {
  const name = patch.oldName !== null && patch.oldName !== NOWHERE ? patch.oldName : patch.newName;
  if (name === null || name === NOWHERE) throw new Refusal('The diff deletes a file but does not name it.');
  const path = existing(files, name, patch);
  if (path === null) throw new Refusal(missingFile(files, cleanPath(pathIn(name, patch))));
  const lines = patch.hunks.flatMap((hunk) => hunk.lines);
  const [first] = patch.hunks;
  if (lines.some(({ op }) => op !== '-'))
    throw new Refusal(`${path}: the diff deletes the file, but shows lines that stay or come.`);
  const empty: Hunk = {
    label: 'the hunk',
    lines: [],
    numbers: null,
    heading: '',
    anchors: [],
    atEnd: false,
    isComplete: true,
  };
  return { kind: 'delete', path, hunk: { ...(first ?? empty), lines } };
}

function move(files: Files, patch: FilePatch): Operation[] {
  const { moved, hunks, index } = patch;
  if (!moved || moved.from === '' || moved.to === '')
    throw new Refusal('The diff renames a file, but not from and to.');
  const path = findPath(files, moved.from);
  if (path === null) throw new Refusal(missingFile(files, cleanPath(moved.from)));
  const to = newPath(files, moved.to);
  const changes: readonly HunksOperation[] = hunks.length === 0 ? [] : [{ kind: 'hunks', path, hunks, index }];
  if (moved.kind === 'copy') return [{ kind: 'copy', path, to, hunks: changes[0] ?? null }];
  return [...changes, { kind: 'move', path, to }];
}
