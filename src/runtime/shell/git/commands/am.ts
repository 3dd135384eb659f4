/** git am: commits made of mails with patches. Its state lies where git keeps it, in `rebase-apply`. */
import { parsePatch } from '../../line-diff/parse-patch.ts';
import { readWhole } from '../../utilities/inputs.ts';
import type { GitCall, GitCommand } from '../call.ts';
import { findFileChanges } from '../changes.ts';
import { readOptions } from '../command-line.ts';
import { GitError } from '../git-error.ts';
import { identity } from '../identity.ts';
import { type PatchMail, readMail, splitMails } from '../mail.ts';
import { patchedBase, patchFiles, treeSource, writePatched } from '../patch-files.ts';
import type { FileMap, Repository } from '../repository.ts';
import { moveWorkTree, resetHard } from '../work-tree.ts';
import { writeCommitObject } from '../write-commit.ts';
import { loadFrom } from './diff.ts';
import { conflictReport, mergeInto } from './merge.ts';

const STATE = 'rebase-apply';
const state = (repository: Repository, name: string) => repository.readState(`${STATE}/${name}`);
const PATCH_OPTIONS = { strip: 1, reverse: false, ignoreSpace: false };

export const am: GitCommand = async (call) => {
  const options = readOptions(call.args, {
    flags:
      '3 3way no-3way q quiet s signoff k keep keep-cr no-keep-cr c scissors no-scissors u utf8 no-utf8 continue r resolved skip abort quit show-current-patch ignore-whitespace reject committer-date-is-author-date ignore-date allow-empty no-verify n',
    values: 'p C whitespace directory exclude include patch-format',
    aliases: { 3: '3way', q: 'quiet', s: 'signoff', k: 'keep', r: 'continue', resolved: 'continue' },
  });
  const repository = call.repository();
  const { flags } = options;
  const running = state(repository, 'next') !== undefined;
  const resumes = ['continue', 'skip', 'abort', 'quit', 'show-current-patch'].find((flag) => flags.has(flag));
  if (resumes !== undefined) {
    if (!running) throw new GitError('Resolve operation not in progress, we are not resuming.');
    return await resume(call, resumes, options.values.get('show-current-patch')?.[0] ?? 'raw');
  }
  if (running && options.words.length > 0)
    throw new GitError(`previous rebase directory .git/${STATE} still exists but mbox given.`);
  const mails: string[] = [];
  for (const name of options.words.length === 0 ? ['-'] : options.words) {
    const text = name === '-' ? await call.context.stdin.text() : await readFile(call, name);
    const found = splitMails(text);
    if (found.length === 0 && text.trim() !== '') throw new GitError('Patch format detection failed.', 128, '', 'none');
    mails.push(...found);
  }
  const head = await repository.tryResolve('HEAD');
  const changed = [...(await repository.headFiles())].filter(
    ([path, file]) => repository.indexMap().get(path)?.oid !== file.oid,
  );
  if (changed.length > 0)
    throw new GitError(`Dirty index: cannot apply patches (dirty: ${changed.map(([path]) => path).join(' ')})`);
  const write = (name: string, text: string) => repository.writeState(`${STATE}/${name}`, text);
  for (const [index, mail] of mails.entries()) write(String(index + 1).padStart(4, '0'), mail);
  write('applying', '');
  write('next', '1\n');
  write('last', `${mails.length}\n`);
  for (const [name, flag] of [
    ['threeway', '3way'],
    ['quiet', 'quiet'],
    ['sign', 'signoff'],
    ['keep', 'keep'],
  ] as const)
    write(name, flags.has(flag) ? 't\n' : 'f\n');
  if (head !== undefined) repository.writeState('ORIG_HEAD', `${head}\n`);
  return await applyAll(call);
};

async function readFile(call: GitCall, name: string): Promise<string> {
  const { sys, resolve } = call.context;
  if (!sys.call('statOrNull', resolve(name), true))
    throw new GitError(`could not open '${name}' for reading: No such file or directory`);
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(await readWhole(call.context, name));
}

const nextNumber = (repository: Repository): number => Number(state(repository, 'next'));

function currentMail(repository: Repository): PatchMail {
  const name = String(nextNumber(repository)).padStart(4, '0');
  return readMail(state(repository, name) ?? '', state(repository, 'keep') === 't\n');
}

async function resume(call: GitCall, how: string, shown: string): Promise<number> {
  const repository = call.repository();
  const mail = currentMail(repository);
  if (how === 'show-current-patch') {
    await call.print(shown === 'diff' ? mail.patch : mail.text);
    return 0;
  }
  if (how === 'abort') {
    const before = repository.readState('ORIG_HEAD')?.trim();
    if (before !== undefined && before !== (await repository.tryResolve('HEAD')))
      await repository.moveHead(before, 'am --abort');
  }
  if (how === 'abort' || how === 'skip') await resetHard(repository, await repository.headFiles());
  if (how === 'abort' || how === 'quit') {
    repository.writeState(STATE, undefined);
    return 0;
  }
  if (how === 'continue') {
    await tell(call, `Applying: ${mail.message.split('\n')[0]}\n`);
    if (!(await commitResolved(call, mail))) return 128;
  }
  repository.writeState(`${STATE}/next`, `${nextNumber(repository) + 1}\n`);
  return await applyAll(call);
}

/** False, with the reason told, when there is nothing to commit yet. */
async function commitResolved(call: GitCall, mail: PatchMail): Promise<boolean> {
  const repository = call.repository();
  const files = repository.indexMap();
  const head = await repository.tryResolve('HEAD');
  const same = head !== undefined && (await repository.readCommit(head)).tree === (await repository.writeTree(files));
  const problem = repository.conflicts().size > 0 ? UNMERGED : same ? NO_CHANGES : undefined;
  if (problem === undefined) await commitMail(repository, mail, files);
  else await call.print(`${problem}\n${ADVICE}\n`);
  return problem === undefined;
}

const UNMERGED = `You still have unmerged paths in your index.
You should 'git add' each file with resolved conflicts to mark them as such.
You might run \`git rm\` on a file to accept "deleted by them" for it.`;

const NO_CHANGES = `No changes - did you forget to use 'git add'?
If there is nothing left to stage, chances are that something else
already introduced the same changes; you might want to skip this patch.`;

const ADVICE = `When you have resolved this problem, run "git am --continue".
If you prefer to skip this patch, run "git am --skip" instead.
To restore the original branch and stop patching, run "git am --abort".`;

async function tell(call: GitCall, text: string): Promise<void> {
  if (state(call.repository(), 'quiet') !== 't\n') await call.print(text);
}

async function applyAll(call: GitCall): Promise<number> {
  const repository = call.repository();
  const last = Number(state(repository, 'last'));
  for (let number = nextNumber(repository); number <= last; number += 1) {
    repository.writeState(`${STATE}/next`, `${number}\n`);
    const mail = currentMail(repository);
    const title = mail.message.split('\n')[0] ?? '';
    await tell(call, `Applying: ${title}\n`);
    const files = await applyMail(call, mail, title);
    if (!files) {
      await call.warn("hint: Use 'git am --show-current-patch=diff' to see the failed patch\n");
      await call.print(`Patch failed at ${String(number).padStart(4, '0')} ${title}\n${ADVICE}\n`);
      return 128;
    }
    await commitMail(repository, mail, files);
  }
  repository.writeState(STATE, undefined);
  return 0;
}

/** The files with the patch in them, in work tree and index too; undefined when it does not fit. */
async function applyMail(call: GitCall, mail: PatchMail, title: string): Promise<FileMap | undefined> {
  const repository = call.repository();
  const patches = parsePatch(mail.patch);
  const ours = repository.indexMap();
  const direct = await patchFiles(treeSource(repository, ours), patches, PATCH_OPTIONS);
  if (direct.problems.length === 0) {
    const to = await writePatched(repository, ours, direct.files);
    await moveWorkTree(repository, { from: ours, to, operation: 'am', advice: 'apply patches' });
    return to;
  }
  if (state(repository, 'threeway') !== 't\n') {
    await call.warn(direct.problems.map((problem) => `error: ${problem}\n`).join(''));
    return undefined;
  }
  const base = await patchedBase(repository, patches, PATCH_OPTIONS);
  const made = base && (await patchFiles(treeSource(repository, base), patches, PATCH_OPTIONS));
  if (!base || !made || made.problems.length > 0) {
    await call.warn('error: sha1 information is lacking or useless.\nerror: could not build fake ancestor\n');
    return undefined;
  }
  const load = loadFrom(repository);
  const differing = await findFileChanges(
    { before: ours, after: base, loadBefore: load, loadAfter: load },
    () => true,
    false,
  );
  await tell(call, 'Using index info to reconstruct a base tree...\n');
  await tell(call, differing.map(({ status, path }) => `${status}\t${path}\n`).join(''));
  await tell(call, 'Falling back to patching base and 3-way merge...\n');
  const theirs = await writePatched(repository, base, made.files);
  const labels = { ours: 'HEAD', theirs: title };
  const merged = await mergeInto(repository, { base, ours, theirs }, labels, 'am');
  await conflictReport(call, merged, labels);
  if (merged.conflicts.length === 0) return merged.files;
  await call.warn('error: Failed to merge in the changes.\n');
  return undefined;
}

async function commitMail(repository: Repository, mail: PatchMail, files: FileMap): Promise<void> {
  const head = await repository.tryResolve('HEAD');
  const committer = await identity(repository, 'COMMITTER');
  const line = `Signed-off-by: ${committer.name} <${committer.email}>`;
  const signs = state(repository, 'sign') === 't\n' && !mail.message.includes(line);
  const trailing = /\n\n(?:[\w-]+: .*\n?)+$/.test(mail.message);
  const message = signs ? `${mail.message}${trailing ? '' : '\n'}${line}\n` : mail.message;
  const oid = await writeCommitObject(repository, {
    tree: await repository.writeTree(files),
    parents: head === undefined ? [] : [head],
    author: mail.author,
    committer,
    message,
  });
  await repository.moveHead(oid, `am: ${mail.message.split('\n')[0]}`);
}
