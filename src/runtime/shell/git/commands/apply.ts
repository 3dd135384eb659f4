/** git apply. */
import { append } from '../../../kernel/large-lists.ts';
import { patternToRegExp } from '../../expansion/pattern.ts';
import { marked } from '../../line-diff/hunks.ts';
import { type FilePatch, type Hunk, parsePatch } from '../../line-diff/parse-patch.ts';
import { resolvePath } from '../../paths.ts';
import { readWhole } from '../../utilities/inputs.ts';
import type { GitCall, GitCommand } from '../call.ts';
import { type GitOptions, lastOf, readOptions } from '../command-line.ts';
import { GitError } from '../git-error.ts';
import { type MergeConflict, mergeTrees } from '../merge-files.ts';
import {
  type FileText,
  type PartlyPatched,
  type PatchedFiles,
  type PatchOptions,
  patchedBase,
  patchedNames,
  patchFiles,
  treeSource,
  workTreeSource,
  writePatched,
} from '../patch-files.ts';
import { patchReport } from '../patch-report.ts';
import type { FileMap, Repository } from '../repository.ts';
import { repositoryAround } from '../repository-around.ts';
import { writeWhole } from '../system-files.ts';
import { recordConflicts, writeState } from '../work-tree.ts';
import { stage } from './staging.ts';

export const apply: GitCommand = async (call) => {
  const options = readOptions(call.args, {
    flags:
      'R reverse check stat index cached 3 3way v verbose q quiet ignore-whitespace ignore-space-change unidiff-zero recount allow-empty numstat summary apply no-add allow-overlap inaccurate-eof intent-to-add N reject',
    values: 'p C whitespace directory include exclude',
    aliases: { R: 'reverse', 3: '3way', v: 'verbose', q: 'quiet' },
  });
  const { flags } = options;
  const repository = repositoryAround(call);
  const { patches, skipped } = await readPatches(call, options, repository);
  if (flags.has('verbose')) for (const name of skipped) await call.warn(`Skipped patch '${name}'.\n`);
  if (patches.length === 0) {
    if (flags.has('allow-empty') || skipped.length > 0) return 0;
    throw new GitError('No valid patches in input (allow with "--allow-empty")', 128, '', 'error');
  }
  const settings: PatchOptions = { ...settingsOf(options), partly: flags.has('reject') };
  const told = (['stat', 'numstat', 'summary'] as const).filter((format) => flags.has(format));
  if (told.length > 0) await call.print(await reportPatches(patches, settings, told));
  if (told.length > 0 && !flags.has('apply') && !flags.has('check')) return 0;
  if (repository && flags.has('3way')) return await applyThreeWay(call, repository, { patches, settings, flags });
  const root = repository?.root ?? call.cwd;
  const staged = repository && (flags.has('cached') || flags.has('index'));
  const source = staged ? treeSource(repository, repository.indexMap()) : workTreeSource(call.context, root);
  const tells = flags.has('verbose') || flags.has('reject');
  if (tells) for (const patch of patches) await call.warn(`Checking patch ${nameOf(patch, settings)}...\n`);
  const { files, problems, rejected } = await patchFiles(source, patches, settings);
  for (const { path, hunks, fitted } of rejected)
    for (const [index, hunk] of hunks.entries()) if (!fitted[index]) await call.warn(notFound(path, hunk));
  if (problems.length > 0) throw new GitError(problems.join('\nerror: '), 1, '', 'error');
  if (flags.has('check')) return 0;
  if (!flags.has('cached')) writeFiles(call, root, files);
  if (staged && flags.has('cached')) repository.setIndex(await writePatched(repository, repository.indexMap(), files));
  else if (staged) await stage(repository, [...files.keys()]);
  for (const patch of patches) {
    const partly = rejected.find((file) => file.patch === patch);
    if (partly) await leaveRejects(call, root, partly);
    else if (tells) await call.warn(`Applied patch ${nameOf(patch, settings)} cleanly.\n`);
  }
  return rejected.length > 0 ? 1 : 0;
};

/** What a hunk looked for in vain. */
function notFound(path: string, { lines, oldStart }: Hunk): string {
  const old = lines.filter(({ mark }) => mark !== '+').map(({ text }) => text);
  return `error: while searching for:\n${old.join('')}\nerror: patch failed: ${path}:${oldStart}\n`;
}

/** `--reject`: the hunks that did not fit, in a file beside the patched one. */
async function leaveRejects(
  { context: { sys }, warn }: GitCall,
  root: string,
  { path, hunks, fitted }: PartlyPatched,
): Promise<void> {
  const failed = hunks.filter((_, index) => !fitted[index]);
  await warn(`Applying patch ${path} with ${failed.length} reject${failed.length === 1 ? '' : 's'}...\n`);
  for (const [index, fits] of fitted.entries())
    await warn(fits ? `Hunk #${index + 1} applied cleanly.\n` : `Rejected hunk #${index + 1}.\n`);
  const text = failed.map(({ heading, lines }) => {
    const body = lines.map((line) => marked(line.mark, [line.text])).join('');
    return `${heading}\n${body}`;
  });
  const file = `diff a/${path} b/${path}\t(rejected hunks)\n${text.join('')}`;
  writeWhole(sys, resolvePath(root, `${path}.rej`), new TextEncoder().encode(file));
}

const settingsOf = (options: GitOptions): PatchOptions => {
  const folder = lastOf(options, 'directory')?.replace(/\/*$/, '/');
  return {
    strip: Number(lastOf(options, 'p') ?? '1'),
    reverse: options.flags.has('reverse'),
    ignoreSpace: options.flags.has('ignore-whitespace') || options.flags.has('ignore-space-change'),
    ...(folder === undefined ? {} : { folder }),
  };
};

const nameOf = (patch: FilePatch, settings: PatchOptions): string => {
  const { from, to } = patchedNames(patch, settings);
  return from !== undefined && to !== undefined && from !== to ? `${from} => ${to}` : (to ?? from ?? '');
};

/** The patches for files in the current folder, and those that are asked for. */
async function readPatches(
  call: GitCall,
  options: GitOptions,
  repository: Repository | undefined,
): Promise<{ patches: FilePatch[]; skipped: string[] }> {
  const names = options.words.length === 0 ? ['-'] : options.words;
  const texts: string[] = [];
  for (const name of names) texts.push(name === '-' ? await call.context.stdin.text() : await readPatch(call, name));
  const inside = repository?.relative('.', call.cwd) ?? '';
  const settings = settingsOf(options);
  const matches = (patterns: readonly string[], path: string) =>
    patterns.some((pattern) => patternToRegExp(pattern).test(path));
  const [included, excluded] = [options.values.get('include'), options.values.get('exclude') ?? []];
  const skipped: string[] = [];
  const patches = texts.flatMap(parsePatch).filter((patch) => {
    const { from, to } = patchedNames(patch, settings);
    const path = to ?? from ?? '';
    if (inside !== '' && !path.startsWith(`${inside}/`)) return false;
    const asked = !matches(excluded, path) && (included === undefined || matches(included, path));
    if (!asked) skipped.push(path);
    return asked;
  });
  return { patches, skipped };
}

async function readPatch(call: GitCall, name: string): Promise<string> {
  const path = call.context.resolve(name);
  if (!call.context.sys.call('statOrNull', path, true))
    throw new GitError(`can't open patch '${name}': No such file or directory`, 128, '', 'error');
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(await readWhole(call.context, name));
}

function writeFiles({ context: { sys } }: GitCall, root: string, files: PatchedFiles): void {
  const write = (path: string, { text, mode }: FileText) => {
    sys.call('mkdir', path.slice(0, path.lastIndexOf('/')) || '/', 0o777, true);
    writeWhole(sys, path, new TextEncoder().encode(text));
    sys.call('chmod', path, mode & 0o777);
  };
  for (const [path, file] of files) {
    const full = resolvePath(root, path);
    if (file) write(full, file);
    else sys.call('remove', full, true);
  }
}

/** What a patch changes, as `git diff` would tell it. */
async function reportPatches(
  patches: readonly FilePatch[],
  settings: PatchOptions,
  formats: readonly ('stat' | 'numstat' | 'summary')[],
): Promise<string> {
  const rows = patches.map((patch) => {
    const { from, to } = patchedNames(patch, settings);
    const count = (mark: string) =>
      patch.hunks.flatMap(({ lines }) => lines).filter((line) => line.mark === mark).length;
    const mode = patch.newMode ?? 0o100644;
    const [added, deleted] = settings.reverse ? [count('-'), count('+')] : [count('+'), count('-')];
    return { from, to, mode, added, deleted };
  });
  return patchReport(rows, formats);
}

interface ThreeWay {
  patches: readonly FilePatch[];
  settings: PatchOptions;
  flags: ReadonlySet<string>;
}

/** Merges what the patch makes of the files that it was made of with the files that are here. */
async function applyThreeWay(
  call: GitCall,
  repository: Repository,
  { patches, settings, flags }: ThreeWay,
): Promise<number> {
  const before = repository.indexMap();
  let current: FileMap = before;
  const conflicts: MergeConflict[] = [];
  let status = 0;
  for (const patch of patches) {
    const name = nameOf(patch, settings);
    const { from, to } = patchedNames(patch, settings);
    const plain = from === undefined || to === undefined || patch.hunks.length === 0;
    const base = plain ? undefined : await patchedBase(repository, [patch], settings);
    if (!base) {
      const lacking = plain ? '' : 'error: repository lacks the necessary blob to perform 3-way merge.\n';
      await call.warn(`${lacking}Falling back to direct application...\n`);
    }
    const made = base && (await patchFiles(treeSource(repository, base), [patch], settings));
    if (!base || !made || made.problems.length > 0) {
      const direct = await patchFiles(treeSource(repository, current), [patch], settings);
      if (direct.problems.length > 0) throw new GitError(direct.problems.join('\nerror: '), 1, '', 'error');
      current = await writePatched(repository, current, direct.files);
      continue;
    }
    const theirs = await writePatched(repository, base, made.files);
    const labels = { ours: 'ours', theirs: 'theirs' };
    const merged = await mergeTrees(repository, { base, ours: current, theirs }, labels);
    current = merged.files;
    append(conflicts, merged.conflicts);
    if (flags.has('check')) continue;
    if (merged.conflicts.length === 0) await call.warn(`Applied patch to '${name}' cleanly.\n`);
    else {
      status = 1;
      await call.warn(`Applied patch to '${name}' with conflicts.\n`);
    }
  }
  if (flags.has('check')) return status;
  for (const path of new Set([...before.keys(), ...current.keys()])) {
    const [old, now] = [before.get(path), current.get(path)];
    if (old?.oid !== now?.oid || old?.mode !== now?.mode) await writeState(repository, path, now);
  }
  if (conflicts.length === 0) repository.setIndex(current);
  else recordConflicts(repository, current, conflicts);
  for (const { path } of conflicts) await call.warn(`U ${path}\n`);
  return status;
}
