/** git cat-file, hash-object, write-tree, commit-tree, count-objects: objects by themselves. */

import * as git from 'isomorphic-git';
import { readWhole } from '../../utilities/inputs.ts';
import type { GitCall, GitCommand } from '../call.ts';
import { readOptions } from '../command-line.ts';
import { quotePath } from '../diff-output.ts';
import { GitError } from '../git-error.ts';
import { identity } from '../identity.ts';
import { blobId } from '../repository.ts';
import { writeCommitObject } from '../write-commit.ts';
import { cleanMessage } from './commit.ts';

export const hashObject: GitCommand = async (call) => {
  const options = readOptions(call.args, { flags: 'w stdin no-filters stdin-paths', values: 't path' });
  const { context } = call;
  const inputs: Uint8Array[] = [];
  for (const name of options.words) inputs.push(await readWhole(context, name));
  if (options.flags.has('stdin')) inputs.unshift(new Uint8Array(await context.stdin.bytes()));
  for (const bytes of inputs) {
    const oid = options.flags.has('w') ? await call.repository().writeBlob(bytes) : blobId(bytes);
    await call.print(`${oid}\n`);
  }
  return 0;
};

export const catFile: GitCommand = async (call) => {
  const options = readOptions(call.args, { flags: 'p t s e batch batch-check', values: '' });
  if (options.flags.has('batch') || options.flags.has('batch-check'))
    return await catMany(call, options.flags.has('batch'));
  const repository = call.repository();
  const name = options.words.at(-1) ?? '';
  const oid = await repository.tryResolve(name);
  if (oid === undefined || !(await repository.hasObject(oid))) {
    if (options.flags.has('e')) return oid === undefined ? 128 : 1;
    throw new GitError(`Not a valid object name ${name}`);
  }
  const { type, object } = await git.readObject({ ...repository.base, oid, format: 'content' });
  const bytes = object as Uint8Array;
  if (options.flags.has('e')) return 0;
  if (options.flags.has('t')) await call.print(`${type}\n`);
  else if (options.flags.has('s')) await call.print(`${bytes.length}\n`);
  else if (type === 'tree') {
    for (const entry of (await git.readTree({ ...repository.base, oid })).tree) {
      await call.print(`${entry.mode.padStart(6, '0')} ${entry.type} ${entry.oid}\t${quotePath(entry.path)}\n`);
    }
  } else await call.context.stdout.write(new Uint8Array(bytes));
  return 0;
};

/** The objects that standard input names. */
async function catMany(call: GitCall, withContent: boolean): Promise<number> {
  const repository = call.repository();
  const names = (await call.context.stdin.text()).split('\n').filter((line) => line !== '');
  for (const name of names) {
    const oid = await repository.tryResolve(name);
    if (oid === undefined || !(await repository.hasObject(oid))) {
      await call.print(`${name} missing\n`);
      continue;
    }
    const { type, object } = await git.readObject({ ...repository.base, oid, format: 'content' });
    const bytes = object as Uint8Array;
    await call.print(`${oid} ${type} ${bytes.length}\n`);
    if (!withContent) continue;
    await call.context.stdout.write(new Uint8Array(bytes));
    await call.print('\n');
  }
  return 0;
}

export const writeTree: GitCommand = async (call) => {
  const repository = call.repository();
  await call.print(`${await repository.writeTree(repository.indexMap())}\n`);
  return 0;
};

export const commitTree: GitCommand = async (call) => {
  const options = readOptions(call.args, { flags: '', values: 'p m F' });
  const repository = call.repository();
  const tree = await repository.tryResolve(options.words[0] ?? '');
  if (tree === undefined) throw new GitError(`not a valid object name ${options.words[0] ?? ''}`);
  const parents: string[] = [];
  for (const name of options.values.get('p') ?? []) parents.push(await repository.resolve(name));
  const given = options.values.get('m')?.join('\n\n');
  const oid = await writeCommitObject(repository, {
    tree,
    parents,
    author: await identity(repository, 'AUTHOR'),
    committer: await identity(repository, 'COMMITTER'),
    message: given === undefined ? await call.context.stdin.text() : cleanMessage(given),
  });
  await call.print(`${oid}\n`);
  return 0;
};

const BLOCK_KB = 4;

export const countObjects: GitCommand = async (call) => {
  const options = readOptions(call.args, { flags: 'v verbose H human-readable' });
  const repository = call.repository();
  const { sys } = repository.context;
  const namesIn = (folder: string) => {
    const path = `${repository.commonDir}/objects/${folder}`;
    return sys.call('statOrNull', path, true) ? sys.call('readdir', path).names : [];
  };
  const folders = namesIn('').filter((name) => /^[\da-f]{2}$/.test(name));
  let [count, size] = [0, 0];
  for (const folder of folders)
    for (const name of namesIn(folder)) {
      const bytes = sys.call('stat', `${repository.commonDir}/objects/${folder}/${name}`, true).size;
      count += 1;
      size += Math.ceil(bytes / 1024 / BLOCK_KB) * BLOCK_KB;
    }
  const packs = namesIn('pack').filter((name) => name.endsWith('.pack')).length;
  await call.print(
    options.flags.has('v') || options.flags.has('verbose')
      ? `count: ${count}\nsize: ${size}\nin-pack: 0\npacks: ${packs}\nsize-pack: 0\nprune-packable: 0\ngarbage: 0\nsize-garbage: 0\n`
      : `${count} objects, ${size} kilobytes\n`,
  );
  return 0;
};
