/** git tag. */
import * as git from 'isomorphic-git';
import { patternToRegExp } from '../../expansion/pattern.ts';
import type { GitCommand } from '../call.ts';
import { lastOf, readOptions } from '../command-line.ts';
import { GitError } from '../git-error.ts';
import { identity } from '../identity.ts';
import { subject } from '../log-format.ts';
import { reachableFrom } from '../reachable.ts';
import { formatRef } from '../ref-format.ts';
import { listRefs, type Ref } from '../refs.ts';
import type { Repository } from '../repository.ts';
import { validName } from './branch.ts';
import { sortRefs } from './refs.ts';

const TAGS = 'refs/tags/';

/** The first line of a tag's message, or of its commit's. */
async function tagSubject(repository: Repository, name: string): Promise<string> {
  const oid = await repository.tryRef(`refs/tags/${name}`);
  const { object, type } = await git.readObject({ ...repository.base, oid: oid ?? '', format: 'content' });
  if (type !== 'tag' || !(object instanceof Uint8Array)) return subject(await repository.readCommit(oid ?? ''));
  const text = new TextDecoder().decode(object);
  return text.slice(text.indexOf('\n\n') + 2).split('\n')[0] ?? '';
}

export const tag: GitCommand = async (call) => {
  const options = readOptions(call.args, {
    flags: 'a annotate d delete f force l list n n1 no-contains',
    values: 'm message sort points-at contains format',
    aliases: { a: 'annotate', d: 'delete', f: 'force', l: 'list', m: 'message' },
  });
  const repository = call.repository();
  const { flags, words } = options;
  const existing = (await git.listTags(repository.base)).sort();
  if (flags.has('delete')) {
    let status = 0;
    for (const name of words) {
      const oid = await repository.tryRef(`refs/tags/${name}`);
      if (oid === undefined) {
        await call.warn(`error: tag '${name}' not found.\n`);
        status = 1;
        continue;
      }
      await git.deleteTag({ ...repository.base, ref: name });
      await call.print(`Deleted tag '${name}' (was ${oid.slice(0, 7)})\n`);
    }
    return status;
  }
  const [name, target = 'HEAD'] = words;
  if (
    name === undefined ||
    flags.has('list') ||
    flags.has('n') ||
    ['points-at', 'contains'].some((key) => flags.has(key))
  ) {
    const patterns = words.map((word) => patternToRegExp(word));
    const fits = ({ name }: Ref) =>
      patterns.length === 0 || patterns.some((pattern) => pattern.test(name.slice(TAGS.length)));
    const found = (await listRefs(repository, 'refs/tags')).filter(fits);
    const shown = await sortRefs(repository, found, lastOf(options, 'sort'));
    const format = lastOf(options, 'format');
    const at = lastOf(options, 'points-at');
    const with_ = lastOf(options, 'contains');
    for (const ref of shown) {
      const item = ref.name.slice(TAGS.length);
      const oid = await repository.resolve(`${item}^{}`);
      if (at !== undefined && oid !== (await repository.resolve(`${at}^{}`))) continue;
      if (with_ !== undefined && !(await reachableFrom(repository, oid)).has(await repository.resolve(`${with_}^{}`)))
        continue;
      if (format !== undefined) await call.print(`${await formatRef(repository, format, ref)}\n`);
      else if (!flags.has('n')) await call.print(`${item}\n`);
      else await call.print(`${item.padEnd(15)} ${await tagSubject(repository, item)}\n`);
    }
    return 0;
  }
  if (existing.includes(name) && !flags.has('force')) throw new GitError(`tag '${name}' already exists`);
  if (!validName(name)) throw new GitError(`'${name}' is not a valid tag name.`);
  const oid = await repository.tryResolve(target);
  if (oid === undefined) throw new GitError(`Failed to resolve '${target}' as a valid ref.`);
  const before = await repository.tryRef(`refs/tags/${name}`);
  const message = options.values.get('message')?.join('\n\n');
  if (message === undefined)
    await git.writeRef({ ...repository.base, ref: `refs/tags/${name}`, value: oid, force: true });
  else {
    const tagger = await identity(repository, 'COMMITTER');
    await git.annotatedTag({
      ...repository.base,
      ref: name,
      // It ends the message with a newline of its own.
      message,
      object: oid,
      tagger,
      force: true,
    });
  }
  if (before !== undefined && before !== (await repository.tryRef(`refs/tags/${name}`)))
    await call.print(`Updated tag '${name}' (was ${before.slice(0, 7)})\n`);
  return 0;
};
