/** git blame and annotate: which commit each line of a file comes from. */
import { greatest } from '../../../kernel/large-lists.ts';
import { diffLines, splitLines } from '../../line-diff/hunks.ts';
import type { GitCall, GitCommand } from '../call.ts';
import { type GitOptions, lastOf, readOptions } from '../command-line.ts';
import { linesOf } from '../file-lines.ts';
import { GitError } from '../git-error.ts';
import { zoneText } from '../identity.ts';
import { readRanges } from '../line-ranges.ts';
import { dateText, subject } from '../log-format.ts';
import type { CommitInfo, Repository } from '../repository.ts';

/** A line of the file as it is asked for, and where it stands in the commit that is looked at. */
interface Pending {
  line: number;
  at: number;
}

interface Origin {
  /** Undefined: not committed yet. */
  commit: CommitInfo | undefined;
  /** Where the line stands there, from 0. */
  at: number;
  /** The commit before that has the file, too. */
  previous: string | undefined;
}

interface BlamedLine extends Origin {
  content: string;
  number: number;
}

const FLAGS =
  's e show-email l w root t f show-name n show-number porcelain p line-porcelain M C b c minimal no-progress progress show-stats first-parent';

export const blame: GitCommand = async (call) => {
  const options = readOptions(call.args, {
    flags: FLAGS,
    values: 'L date since abbrev',
    aliases: { 'show-email': 'e', 'show-name': 'f', 'show-number': 'n', p: 'porcelain' },
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
  const origins = text.map((_, at): Origin => ({ commit: undefined, at, previous: start.oid }));
  await assign(repository, {
    path,
    origins,
    start,
    pending: unchanged(committed, text).map(([at, line]) => ({ line, at })),
  });
  const lines = text.map((content, index): BlamedLine => {
    const origin = origins[index] ?? { commit: undefined, at: index, previous: undefined };
    return { ...origin, content: content.replace(/\n$/, ''), number: index + 1 };
  });
  const asked = options.values.get('L');
  const ranges = asked
    ? readRanges(
        asked,
        lines.map(({ content }) => content),
        path,
      )
    : undefined;
  const shown = ranges
    ? lines.filter((_, index) => ranges.some((range) => index >= range.start && index < range.end))
    : lines;
  if (options.flags.has('porcelain') || options.flags.has('line-porcelain')) {
    await call.print(porcelain(shown, path, options.flags.has('line-porcelain')));
    return 0;
  }
  await printLines(call, shown, { options, path });
  return 0;
};

/** The older form of the same. */
export const annotate: GitCommand = async (call) => await blame({ ...call, args: ['-c', ...call.args] });

const DEFAULT_LENGTH = 7;

async function printLines(
  call: GitCall,
  shown: readonly BlamedLine[],
  { options, path }: { options: GitOptions; path: string },
): Promise<void> {
  const has = (flag: string) => options.flags.has(flag);
  const who = ({ commit }: Origin) =>
    has('e') ? `<${commit?.author.email ?? 'not.committed.yet'}>` : (commit?.author.name ?? 'Not Committed Yet');
  const width = greatest(
    shown.map((line) => who(line).length),
    0,
  );
  const digits = String(shown.at(-1)?.number ?? 0).length;
  const atDigits = String(
    greatest(
      shown.map(({ at }) => at + 1),
      0,
    ),
  ).length;
  const length = has('l') ? 40 : Number(lastOf(options, 'abbrev') ?? DEFAULT_LENGTH) + 1;
  const dated = ({ commit }: Origin) => {
    const when = commit?.author ?? { timestamp: Math.floor(Date.now() / 1000), timezoneOffset: 0 };
    if (has('t')) return `${when.timestamp} ${zoneText(when.timezoneOffset)}`;
    return dateText(when, lastOf(options, 'date') ?? 'iso');
  };
  let text = '';
  for (const line of shown) {
    const { commit, number, content } = line;
    const isBoundary = commit !== undefined && commit.parents.length === 0 && !has('root');
    const oid = commit?.oid ?? '0'.repeat(40);
    if (has('c')) {
      text += `${oid.slice(0, length)}\t(${who(line).padStart(10)}\t${dated(line).padStart(10)}\t${number})${content}\n`;
      continue;
    }
    const marked = isBoundary ? (has('b') ? ' '.repeat(length) : `^${oid.slice(0, length - 1)}`) : oid.slice(0, length);
    const parts = [marked];
    if (has('f')) parts.push(path);
    if (has('n')) parts.push(String(line.at + 1).padStart(atDigits));
    if (!has('s')) parts.push(`(${who(line).padEnd(width)} ${dated(line).padStart(10)}`);
    text += `${parts.join(' ')} ${String(number).padStart(digits)}) ${content}\n`;
  }
  await call.print(text);
}

/** For programs: of each group of lines where it comes from, of each commit what it is. */
function porcelain(shown: readonly BlamedLine[], path: string, always: boolean): string {
  const told = new Set<string>();
  let text = '';
  for (const [index, line] of shown.entries()) {
    const oid = line.commit?.oid ?? '0'.repeat(40);
    const before = shown[index - 1];
    const isNext = before !== undefined && follows(before, line);
    let count = 1;
    while (!isNext && follows(shown[index + count - 1] ?? line, shown[index + count])) count += 1;
    text += `${oid} ${line.at + 1} ${line.number}${isNext ? '' : ` ${count}`}\n`;
    if (always || !told.has(oid)) text += aboutCommit(line, path);
    told.add(oid);
    text += `\t${line.content}\n`;
  }
  return text;
}

const follows = (before: BlamedLine, line: BlamedLine | undefined): boolean =>
  line !== undefined &&
  line.commit?.oid === before.commit?.oid &&
  line.at === before.at + 1 &&
  line.number === before.number + 1;

function aboutCommit({ commit, previous }: BlamedLine, path: string): string {
  const now = Math.floor(Date.now() / 1000);
  const nobody = { name: 'Not Committed Yet', email: 'not.committed.yet', timestamp: now, timezoneOffset: 0 };
  const person = (role: string, { name, email, timestamp, timezoneOffset } = nobody) =>
    `${role} ${name}\n${role}-mail <${email}>\n${role}-time ${timestamp}\n${role}-tz ${zoneText(timezoneOffset)}\n`;
  let text = person('author', commit?.author) + person('committer', commit?.committer);
  text += `summary ${commit ? subject(commit) : `Version of ${path} from ${path}`}\n`;
  if (previous !== undefined) text += `previous ${previous} ${path}\n`;
  if (commit?.parents.length === 0) text += 'boundary\n';
  return `${text}filename ${path}\n`;
}

function readWorkFile(repository: Repository, path: string): string[] {
  const { sys } = repository.context;
  return splitLines(new TextDecoder().decode(sys.call('readFile', repository.absolute(path))));
}

async function linesAt(repository: Repository, oid: string, path: string): Promise<string[] | undefined> {
  return await linesOf(repository, await repository.readTree(oid), path);
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
    let previous: string | undefined;
    for (const parent of commit.parents) {
      const lines = await linesAt(repository, parent, path);
      if (lines === undefined) continue;
      previous ??= parent;
      if (left.length === 0) continue;
      const places = new Map(unchanged(lines, own).map(([before, after]) => [after, before]));
      const passed = left.flatMap(({ line, at }) => {
        const before = places.get(at);
        return before === undefined ? [] : [{ line, at: before }];
      });
      left = left.filter(({ at }) => !places.has(at));
      if (passed.length > 0) queue.push({ commit: await repository.readCommit(parent), pending: passed });
    }
    for (const { line, at } of left) origins[line] = { commit, at, previous };
  }
}
