/** `diff --cc` of one file: its header, and the hunks that differ from all of its parents. */
import { combinedHunks } from './combined-diff.ts';
import { functionBefore, isBinary, NO_OBJECT, octal, quotePath } from './diff-output.ts';
import type { FileMap, FileState, Repository } from './repository.ts';

export interface CombinedFile {
  path: string;
  parents: readonly (FileState | undefined)[];
  /** Its id is not told where it is a file of the work tree. */
  result: { mode: number; oid?: string } | undefined;
  bytes: Uint8Array;
}

export interface CombinedLook {
  context: number;
  dense: boolean;
}

/** Empty where every hunk is as one of the parents has it. */
export async function combinedPatch(
  repository: Repository,
  { path, parents, result, bytes }: CombinedFile,
  { context, dense }: CombinedLook,
): Promise<string> {
  const blobs = await Promise.all(
    parents.map(async (state) => (state ? await repository.readBlob(state.oid) : new Uint8Array(0))),
  );
  const name = quotePath(path);
  const short = (oid: string | undefined) => (oid ?? NO_OBJECT).slice(0, 7);
  let header = `diff --${dense ? 'cc' : 'combined'} ${name}\n`;
  header += `index ${parents.map((state) => short(state?.oid)).join(',')}..${short(result?.oid)}\n`;
  const modes = parents.map((state) => octal(state?.mode));
  if (!result) header += `deleted file mode ${modes.join(',')}\n`;
  else if (parents.every((state) => state === undefined)) header += `new file mode ${octal(result.mode)}\n`;
  else if (parents.some((state) => state?.mode !== result.mode))
    header += `mode ${modes.join(',')}..${octal(result.mode)}\n`;
  if ([bytes, ...blobs].some(isBinary)) return `${header}Binary files differ\n`;
  const decode = (text: Uint8Array) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(text);
  const hunks = combinedHunks({
    result: decode(bytes),
    parents: blobs.map(decode),
    context,
    // git leaves out the last character of the heading here.
    heading: (lines, start) => functionBefore(lines, start).slice(0, 40).trimEnd().slice(0, -1),
    dense,
  });
  if (hunks === '') return '';
  const quoted = (side: string) => quotePath(`${side}/${path}`);
  const from = parents.every((state) => state === undefined) ? '/dev/null' : quoted('a');
  return `${header}--- ${from}\n+++ ${result ? quoted('b') : '/dev/null'}\n${hunks}`;
}

/** Of a merge: the files that none of its parents has so. */
export async function combinedPatchOfMerge(
  repository: Repository,
  { parents, tree, wanted }: { parents: readonly FileMap[]; tree: FileMap; wanted: (path: string) => boolean },
  look: CombinedLook,
): Promise<string> {
  const paths = new Set([...tree.keys(), ...parents.flatMap((files) => [...files.keys()])]);
  let text = '';
  for (const path of [...paths].filter(wanted).sort()) {
    const result = tree.get(path);
    const states = parents.map((files) => files.get(path));
    if (states.some((state) => state?.oid === result?.oid && state?.mode === result?.mode)) continue;
    const bytes = result ? await repository.readBlob(result.oid) : new Uint8Array(0);
    text += await combinedPatch(repository, { path, parents: states, result, bytes }, look);
  }
  return text;
}

/** Of the files in conflict: as they lie in the work tree, beside our side and theirs. */
export async function combinedPatchOfConflicts(
  repository: Repository,
  wanted: (path: string) => boolean,
  look: CombinedLook,
): Promise<string> {
  let text = '';
  for (const path of [...repository.conflicts()].filter(wanted).sort()) {
    const stages = [2, 3].map((stage) =>
      repository.entries.find((entry) => entry.path === path && entry.stage === stage),
    );
    const result = repository.fileState(path);
    if (stages.includes(undefined) || !result) text += `* Unmerged path ${path}\n`;
    else {
      const bytes = repository.readFile(path, result.mode);
      text += await combinedPatch(repository, { path, parents: stages, result: { mode: result.mode }, bytes }, look);
    }
  }
  return text;
}
