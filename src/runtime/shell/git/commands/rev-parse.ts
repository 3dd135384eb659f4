/** git rev-parse. */
import type { GitCall, GitCommand } from '../call.ts';
import { GitError } from '../git-error.ts';
import { listRefs, shortRef } from '../refs.ts';
import type { Repository } from '../repository.ts';
import { trackedName } from '../revisions.ts';
import { mergeBase } from './diff.ts';

/** What the options ask of the repository itself. */
function factsOf(call: GitCall): Readonly<Record<string, string>> {
  const repository = call.repository();
  const { bare, root, gitdir, commonDir } = repository;
  const prefix = bare ? '' : repository.relative('.', call.cwd);
  const atTop = call.cwd === root;
  const linked = commonDir !== gitdir;
  const folder = atTop && !linked ? (bare ? '.' : '.git') : gitdir;
  return {
    '--git-dir': folder,
    '--absolute-git-dir': gitdir,
    '--git-common-dir': linked ? commonDir : folder,
    '--is-inside-work-tree': String(!bare),
    '--is-inside-git-dir': String(bare),
    '--is-bare-repository': String(bare),
    '--is-shallow-repository': 'false',
    '--show-prefix': prefix === '' ? '' : `${prefix}/`,
    '--show-cdup': prefix === '' ? '' : '../'.repeat(prefix.split('/').length),
    '--show-object-format': 'sha1',
    ...(bare ? {} : { '--show-toplevel': root }),
  };
}

const LISTS: Readonly<Record<string, string>> = {
  '--all': 'refs',
  '--branches': 'refs/heads',
  '--tags': 'refs/tags',
  '--remotes': 'refs/remotes',
};

export const revParse: GitCommand = async (call) => {
  const repository = call.repository();
  const options = call.args.filter((arg) => arg.startsWith('-'));
  const has = (name: string) => options.includes(name);
  const facts = factsOf(call);
  const shown = (oid: string) => {
    const short = options.find((option) => option.startsWith('--short'));
    return short === undefined ? oid : oid.slice(0, Number(short.slice('--short='.length) || 7));
  };
  for (let index = 0; index < call.args.length; index += 1) {
    const arg = call.args[index] ?? '';
    const fact = facts[arg];
    const list = LISTS[arg];
    if (fact !== undefined) await call.print(`${fact}\n`);
    else if (arg === '--show-toplevel') throw new GitError('this operation must be run in a work tree');
    else if (list !== undefined)
      for (const { oid } of await listRefs(repository, list)) await call.print(`${shown(oid)}\n`);
    else if (arg === '--git-path') {
      index += 1;
      await call.print(`${facts['--git-dir']}/${call.args[index] ?? ''}\n`);
    } else if (arg === '--') await call.print('--\n');
    else if (!arg.startsWith('-')) {
      const lines = await linesOf(repository, arg, { shown, has });
      if (lines === undefined && (has('-q') || has('--quiet'))) return 1;
      if (lines === undefined && has('--verify')) throw new GitError('Needed a single revision');
      if (lines === undefined) {
        await call.print(`${arg}\n`);
        await repository.resolve(arg);
      }
      for (const line of lines ?? []) await call.print(`${line}\n`);
    }
  }
  return 0;
};

interface Asked {
  shown: (oid: string) => string;
  has: (option: string) => boolean;
}

/** What a name, or a range of two, stands for; undefined when it means nothing. */
async function linesOf(repository: Repository, arg: string, { shown, has }: Asked): Promise<string[] | undefined> {
  const range = /^(.*?)(\.{2,3})(.*)$/.exec(arg);
  if (range && !arg.includes(':')) {
    const [left, right] = [
      await repository.tryResolve(range[1] || 'HEAD'),
      await repository.tryResolve(range[3] || 'HEAD'),
    ];
    if (left === undefined || right === undefined) return undefined;
    if (range[2] === '..') return [shown(right), `^${shown(left)}`];
    const base = await mergeBase(repository, left, right);
    return [shown(left), shown(right), ...(base === undefined ? [] : [`^${shown(base)}`])];
  }
  const excluded = arg.startsWith('^') ? '^' : '';
  const name = arg.slice(excluded.length);
  const oid = await repository.tryResolve(name);
  if (oid === undefined) return undefined;
  if (has('--abbrev-ref')) return [shortRef(await refMeant(repository, name))];
  return [has('--symbolic-full-name') ? await refMeant(repository, name) : excluded + shown(oid)];
}

/** The whole name of the ref that a name means; the name itself when it is none. */
async function refMeant(repository: Repository, name: string): Promise<string> {
  if (name === 'HEAD' || name === '@') {
    const branch = repository.branch();
    return branch === undefined ? 'HEAD' : `refs/heads/${branch}`;
  }
  const tracked = trackedName(repository, name);
  if (tracked !== undefined) return tracked;
  for (const ref of [name, `refs/${name}`, `refs/tags/${name}`, `refs/heads/${name}`, `refs/remotes/${name}`])
    if (ref.startsWith('refs/') && (await repository.tryRef(ref)) !== undefined) return ref;
  return name;
}
