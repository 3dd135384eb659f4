/** git blame: which commit each line of a file comes from. */
import { diffLines, splitLines } from '../../line-diff/hunks.ts';
import type { GitCommand } from '../call.ts';
import { lastOf, readOptions } from '../command-line.ts';
import { GitError } from '../git-error.ts';
import { dateText } from '../log-format.ts';
import type { CommitInfo, Repository } from '../repository.ts';

/** A line of the file as it is asked for, and where it stands in the commit that is looked at. */
interface Pending {
  line: number;
  at: number;
}

interface Origin {
  /** Undefined: not committed yet. */
  commit: CommitInfo | undefined;
}

export const blame: GitCommand = async (call) => {
  const options = readOptions(call.args, {
    flags: 's e show-email l w root t f show-name n show-number porcelain p line-porcelain M C',
    values: 'L date since abbrev',
    aliases: { 'show-email': 'e' },
  });
  const repository = call.repository();
  const words = [...options.words, ...(options.paths ?? [])];
  const name = words.pop();
  if (name === undefined) throw new GitError('usage: git blame [<options>] [<rev>] [--] <file>', 129, '', 'none');
  const path = repository.relative(name, call.cwd);
  const [revision] = words;
  const start = await repository.readCommit(await repository.resolve(revision ?? 'HEAD'));
  const committed = await linesAt(repository, start.oid, path);
  if (committed === undefined) throw new GitError(`no such path '${path}' in ${revision ?? 'HEAD'}`);
  const text = revision === undefined ? readWorkFile(repository, path) : committed;
  const origins: Origin[] = text.map(() => ({ commit: undefined }));
  await assign(repository, {
    path,
    origins,
    start,
    pending: unchanged(committed, text).map(([at, line]) => ({ line, at })),
  });
  const lines = text.map((content, index) => ({ content, number: index + 1, commit: origins[index]?.commit }));
  const shown = lines.filter(({ number }) => isShown(lastOf(options, 'L'), number));
  const who = ({ commit }: Origin) =>
    options.flags.has('e')
      ? `<${commit?.author.email ?? 'not.committed.yet'}>`
      : (commit?.author.name ?? 'Not Committed Yet');
  const width = Math.max(0, ...shown.map((line) => who(line).length));
  const digits = String(shown.at(-1)?.number ?? 0).length;
  const length = options.flags.has('l') ? 40 : 8;
  for (const line of shown) {
    const { commit, number } = line;
    const id =
      commit === undefined
        ? '0'.repeat(length)
        : commit.parents.length === 0 && !options.flags.has('root')
          ? `^${commit.oid.slice(0, length - 1)}`
          : commit.oid.slice(0, length);
    const now = { timestamp: Math.floor(Date.now() / 1000), timezoneOffset: 0 };
    const date = dateText(commit?.author ?? now, lastOf(options, 'date') ?? 'iso');
    const author = options.flags.has('s') ? '' : `(${who(line).padEnd(width)} ${date} `;
    await call.print(`${id} ${author}${String(number).padStart(digits)}) ${line.content.replace(/\n$/, '')}\n`);
  }
  return 0;
};

function readWorkFile(repository: Repository, path: string): string[] {
  const { sys } = repository.context;
  return splitLines(new TextDecoder().decode(sys.call('readFile', repository.absolute(path))));
}

async function linesAt(repository: Repository, oid: string, path: string): Promise<string[] | undefined> {
  const file = (await repository.readTree(oid)).get(path);
  return file && splitLines(new TextDecoder().decode(await repository.readBlob(file.oid)));
}

/** Pairs of lines, from 0, that both texts have in common. */
function unchanged(before: readonly string[], after: readonly string[]): [number, number][] {
  const pairs: [number, number][] = [];
  let [i, j] = [0, 0];
  const same = (end: number) => {
    for (; i < end; i += 1, j += 1) pairs.push([i, j]);
  };
  for (const change of diffLines(before, after)) {
    same(change.left);
    [i, j] = [change.leftEnd, change.rightEnd];
  }
  same(before.length);
  return pairs;
}

interface Search {
  path: string;
  origins: Origin[];
  start: CommitInfo;
  pending: Pending[];
}

/** Hands each line back to the first parent that has it; what none has is the commit's own. */
async function assign(repository: Repository, { path, origins, start, pending }: Search): Promise<void> {
  const queue = [{ commit: start, pending }];
  for (let item = queue.shift(); item; item = queue.shift()) {
    const { commit } = item;
    const own = (await linesAt(repository, commit.oid, path)) ?? [];
    let left = item.pending;
    for (const parent of commit.parents) {
      const lines = await linesAt(repository, parent, path);
      if (lines === undefined || left.length === 0) continue;
      const places = new Map(unchanged(lines, own).map(([before, after]) => [after, before]));
      const passed = left.flatMap(({ line, at }) => {
        const before = places.get(at);
        return before === undefined ? [] : [{ line, at: before }];
      });
      left = left.filter(({ at }) => !places.has(at));
      if (passed.length > 0) queue.push({ commit: await repository.readCommit(parent), pending: passed });
    }
    for (const { line } of left) origins[line] = { commit };
  }
}

/** `-L 2,5`, `-L 2,+3`, `-L ,5`. */
function isShown(range: string | undefined, number: number): boolean {
  if (range === undefined) return true;
  const match = /^(\d*)(?:,(\+?)(\d*))?$/.exec(range);
  if (!match) throw new GitError(`-L argument not 'start,end:file': ${range}`);
  const first = Number(match[1] || '1');
  const last = match[3] ? Number(match[3]) + (match[2] === '+' ? first - 1 : 0) : Number.POSITIVE_INFINITY;
  return number >= first && number <= last;
}
