/** git apply. */
import { S_IFDIR, S_IFMT } from '../../../kernel/file-modes.ts';
import { applyHunks, reverseHunk } from '../../line-diff/apply-patch.ts';
import { splitLines } from '../../line-diff/hunks.ts';
import { type FilePatch, parsePatch } from '../../line-diff/parse-patch.ts';
import { resolvePath } from '../../paths.ts';
import type { GitCall, GitCommand } from '../call.ts';
import { lastOf, readOptions } from '../command-line.ts';
import { GitError } from '../git-error.ts';
import { writeWhole } from '../system-files.ts';
import { stage } from './commit.ts';

export const apply: GitCommand = async (call) => {
  const options = readOptions(call.args, {
    flags:
      'R reverse check stat index cached 3 3way v verbose q quiet reject ignore-whitespace ignore-space-change unidiff-zero recount allow-empty numstat summary',
    values: 'p C whitespace directory include exclude',
    aliases: { R: 'reverse' },
  });
  const { context } = call;
  const { flags } = options;
  const inputs =
    options.words.length === 0 || options.words[0] === '-'
      ? [await context.stdin.text()]
      : options.words.map((name) => readPatch(call, name));
  const strip = Number(lastOf(options, 'p') ?? '1');
  const writes: { path: string; text: string | undefined; mode: number | undefined }[] = [];
  for (const text of inputs) {
    const files = parsePatch(text);
    if (files.length === 0)
      throw new GitError('No valid patches in input (allow with "--allow-empty")', 128, '', 'error');
    for (const file of files)
      writes.push(
        ...patchedFile(call, file, {
          strip,
          reverse: flags.has('reverse'),
          ignoreSpace: flags.has('ignore-whitespace') || flags.has('ignore-space-change'),
        }),
      );
  }
  if (flags.has('check') || flags.has('stat') || flags.has('numstat')) return 0;
  for (const { path, text, mode } of writes) {
    const full = resolvePath(call.cwd, path);
    if (text === undefined) context.sys.call('remove', full, true);
    else {
      context.sys.call('mkdir', full.slice(0, full.lastIndexOf('/')) || '/', 0o777, true);
      writeWhole(context.sys, full, new TextEncoder().encode(text));
      if (mode !== undefined) context.sys.call('chmod', full, mode & 0o777);
    }
  }
  if (flags.has('index') || flags.has('cached'))
    await stageWritten(
      call,
      writes.map(({ path }) => path),
    );
  return 0;
};

async function stageWritten(call: GitCall, paths: readonly string[]): Promise<void> {
  const repository = call.repository();
  await stage(
    repository,
    paths.map((path) => repository.relative(path, call.cwd)),
  );
}

function readPatch(call: GitCall, name: string): string {
  const path = resolvePath(call.cwd, name);
  if (!call.context.sys.call('statOrNull', path, true))
    throw new GitError(`can't open patch '${name}': No such file or directory`, 128, '', 'error');
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(call.context.sys.call('readFile', path));
}

interface Patching {
  strip: number;
  reverse: boolean;
  ignoreSpace: boolean;
}

function patchedFile(
  call: GitCall,
  file: FilePatch,
  { strip, reverse, ignoreSpace }: Patching,
): { path: string; text: string | undefined; mode: number | undefined }[] {
  const { sys } = call.context;
  const name = (text: string | undefined) =>
    text === undefined || text === '/dev/null' ? undefined : text.split('/').slice(strip).join('/');
  const names = [file.created ? undefined : name(file.oldName), file.deleted ? undefined : name(file.newName)];
  const [from, to] = reverse ? names.reverse() : names;
  const creates = from === undefined;
  const target = from ?? to ?? '';
  const full = resolvePath(call.cwd, target);
  const stat = sys.call('statOrNull', full, true);
  if (creates && stat) throw new GitError(`${target}: already exists in working directory`, 1, '', 'error');
  if (!creates && (!stat || (stat.mode & S_IFMT) === S_IFDIR))
    throw new GitError(`${target}: No such file or directory`, 1, '', 'error');
  const before = creates ? '' : new TextDecoder('utf-8', { ignoreBOM: true }).decode(sys.call('readFile', full));
  const hunks = reverse ? file.hunks.map(reverseHunk) : file.hunks;
  const { lines, outcomes } = applyHunks(splitLines(before), hunks, { fuzz: 0, ignoreSpace });
  const failed = outcomes.findIndex(({ kind }) => kind === 'failed');
  if (failed !== -1) {
    throw new GitError(
      `patch failed: ${target}:${hunks[failed]?.oldStart}\nerror: ${target}: patch does not apply`,
      1,
      '',
      'error',
    );
  }
  const writes = [
    {
      path: to ?? target,
      text: to === undefined ? undefined : lines.join(''),
      mode: reverse ? undefined : file.newMode,
    },
  ];
  return from !== undefined && to !== undefined && from !== to
    ? [{ path: from, text: undefined, mode: undefined }, ...writes]
    : writes;
}
