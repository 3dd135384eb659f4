/** git for-each-ref, show-ref. */
import { patternToRegExp } from '../../expansion/pattern.ts';
import type { GitCommand } from '../call.ts';
import { lastOf, readOptions } from '../command-line.ts';
import { GitError } from '../git-error.ts';
import { formatRef } from '../ref-format.ts';
import { listRefs, type Ref } from '../refs.ts';
import type { Repository } from '../repository.ts';

export const forEachRef: GitCommand = async (call) => {
  const options = readOptions(call.args, { flags: 'shell ignore-case', values: 'format sort count points-at' });
  const repository = call.repository();
  const format = lastOf(options, 'format') ?? '%(objectname) %(objecttype)\t%(refname)';
  const at = lastOf(options, 'points-at');
  const wanted = at === undefined ? undefined : await repository.resolve(at);
  const tests = options.words.map((word) => {
    const pattern = patternToRegExp(word);
    return ({ name }: Ref) => pattern.test(name) || name.startsWith(`${word.replace(/\/$/, '')}/`);
  });
  const found = (await listRefs(repository)).filter(
    (ref) => (tests.length === 0 || tests.some((test) => test(ref))) && (wanted === undefined || ref.oid === wanted),
  );
  const sorted = await sortRefs(repository, found, lastOf(options, 'sort'));
  for (const ref of sorted.slice(0, Number(lastOf(options, 'count') ?? found.length)))
    await call.print(`${await formatRef(repository, format, ref)}\n`);
  return 0;
};

/** By a field, numbers by their size; `-` turns the order round. */
export async function sortRefs(
  repository: Repository,
  refs: readonly Ref[],
  order: string | undefined,
): Promise<Ref[]> {
  if (order === undefined) return [...refs];
  const field = order.replace(/^-/, '').replace(/^(?:version|v):/, '');
  const format = `%(${field.endsWith('date') ? `${field}:unix` : field})`;
  const keys = new Map<Ref, string>();
  for (const ref of refs) keys.set(ref, await formatRef(repository, format, ref));
  const numeric = /date$/.test(field) || /^-?(?:version|v):/.test(order);
  const compare = (a: string, b: string) =>
    numeric ? a.localeCompare(b, 'en', { numeric }) : a < b ? -1 : a > b ? 1 : 0;
  const sign = order.startsWith('-') ? -1 : 1;
  return [...refs].sort((a, b) => sign * compare(keys.get(a) ?? '', keys.get(b) ?? ''));
}

export const showRef: GitCommand = async (call) => {
  const options = readOptions(call.args, {
    flags: 'heads tags head s hash verify q quiet d dereference',
    values: 'abbrev',
    aliases: { s: 'hash', q: 'quiet', d: 'dereference' },
  });
  const repository = call.repository();
  const { flags } = options;
  const head = flags.has('head') ? await repository.tryResolve('HEAD') : undefined;
  const refs = [...(head === undefined ? [] : [{ name: 'HEAD', oid: head }]), ...(await listRefs(repository))];
  const kinds = [flags.has('heads') ? 'refs/heads/' : [], flags.has('tags') ? 'refs/tags/' : []].flat();
  const exact = flags.has('verify');
  const fits = ({ name }: Ref) =>
    (kinds.length === 0 || kinds.some((kind) => name.startsWith(kind))) &&
    (options.words.length === 0 ||
      options.words.some((word) => name === word || (!exact && name.endsWith(`/${word}`))));
  const found = refs.filter(fits);
  if (found.length === 0 && exact && !flags.has('quiet')) throw new GitError(`'${options.words[0]}' - not a valid ref`);
  for (const { name, oid } of flags.has('quiet') ? [] : found) {
    await call.print(flags.has('hash') ? `${oid}\n` : `${oid} ${name}\n`);
    const peeled = flags.has('dereference') ? await repository.peel(oid) : oid;
    if (peeled !== oid) await call.print(flags.has('hash') ? `${peeled}\n` : `${peeled} ${name}^{}\n`);
  }
  return found.length > 0 ? 0 : 1;
};
