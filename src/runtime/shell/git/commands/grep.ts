/** git grep: searches the files that git knows, in the work tree, in the index or in commits. */
import { S_IFDIR, S_IFMT } from '../../../kernel/file-modes.ts';
import type { GitCall, GitCommand } from '../call.ts';
import { wantsColour } from '../colour.ts';
import { type GitOptions, lastOf } from '../command-line.ts';
import { isBinary } from '../diff-output.ts';
import { GitError } from '../git-error.ts';
import { untrackedFiles } from '../ignored.ts';
import type { Repository } from '../repository.ts';
import { compileExpression, type PatternType } from '../search/expression.ts';
import { linesOf, MatchPrinter, matchingLines, type Showing } from '../search/print-matches.ts';
import { readGrepWords } from '../search/read-options.ts';
import { pathFilter } from '../selection.ts';
import { splitRevisions } from './diff.ts';

interface Searched {
  /** As it is shown. */
  name: string;
  read(): Promise<Uint8Array>;
}

export const grep: GitCommand = async (call) => {
  const { options, tokens } = readGrepWords(call);
  const { flags } = options;
  const repository = call.repository();
  const expression = compileExpression(tokens, {
    type: await patternType(repository, flags),
    ignoreCase: flags.has('i'),
    wholeWords: flags.has('w'),
  });
  const around = lastOf(options, 'C') ?? '0';
  const asks = async (flag: string, key: string) =>
    flags.has(flag) || ((await repository.config(key)) === 'true' && !flags.has(`no-${key.slice('grep.'.length)}`));
  const showing: Showing = {
    expression,
    inverted: flags.has('v'),
    allMatch: flags.has('all-match'),
    numbers: (await asks('n', 'grep.lineNumber')) && !flags.has('no-line-number'),
    columns: await asks('column', 'grep.column'),
    names: !flags.has('h') || flags.has('H'),
    zero: flags.has('z'),
    heading: flags.has('heading'),
    breaks: flags.has('break'),
    onlyMatching: flags.has('o'),
    before: Number(lastOf(options, 'B') ?? around),
    after: Number(lastOf(options, 'A') ?? around),
    functionNames: flags.has('p'),
    wholeFunctions: flags.has('W'),
    most: Number(lastOf(options, 'm') ?? Number.POSITIVE_INFINITY),
    colour: await wantsColour(call, 'grep', options),
  };
  const search = new Search(call, options, showing);
  for (const file of await filesOf(call, options)) if (await search.search(file)) break;
  return search.found ? 0 : 1;
};

/** What is printed of each file, and whether anything was found. */
class Search {
  found = false;
  readonly #call: GitCall;
  readonly #flags: ReadonlySet<string>;
  readonly #showing: Showing;
  readonly #printer: MatchPrinter;

  constructor(call: GitCall, { flags }: GitOptions, showing: Showing) {
    this.#call = call;
    this.#flags = flags;
    this.#showing = showing;
    this.#printer = new MatchPrinter(showing);
  }

  /** True when no other file need be looked at. */
  async search({ name, read }: Searched): Promise<boolean> {
    const has = (flag: string) => this.#flags.has(flag);
    const bytes = await read();
    const binary = !has('a') && isBinary(bytes);
    if (binary && has('I')) return false;
    const lines = linesOf(new TextDecoder().decode(bytes));
    const found = matchingLines(lines, this.#showing);
    const end = has('z') ? '\0' : '\n';
    const shown = this.#showing.colour ? `\x1b[35m${name}\x1b[m` : name;
    if (has('L')) {
      if (found.length > 0) return false;
      this.found = true;
      if (!has('q')) await this.#call.print(`${shown}${end}`);
      return has('q');
    }
    if (found.length === 0) return false;
    this.found = true;
    if (has('q')) return true;
    if (has('l')) await this.#call.print(`${shown}${end}`);
    else if (has('c')) {
      const separator = has('z') ? '\0' : this.#showing.colour ? '\x1b[36m:\x1b[m' : ':';
      await this.#call.print(`${this.#showing.names ? shown + separator : ''}${found.length}\n`);
    } else if (binary) await this.#call.print(`Binary file ${name} matches\n`);
    else await this.#call.print(this.#printer.print(name, lines, found));
    return false;
  }
}

async function patternType(repository: Repository, flags: ReadonlySet<string>): Promise<PatternType> {
  const asked = [...flags].findLast((flag) => flag in TYPES);
  if (asked !== undefined) return TYPES[asked] ?? 'basic';
  const setting = (await repository.config('grep.patternType')) ?? 'default';
  if (setting === 'extended' || setting === 'fixed' || setting === 'perl' || setting === 'basic') return setting;
  return (await repository.config('grep.extendedRegexp')) === 'true' ? 'extended' : 'basic';
}

const TYPES: Record<string, PatternType> = { G: 'basic', E: 'extended', F: 'fixed', P: 'perl' };

/** The files that are searched, in their order. */
async function filesOf(call: GitCall, options: GitOptions): Promise<Searched[]> {
  const repository = call.repository();
  const { flags } = options;
  const plain = flags.has('no-index');
  if (options.paths && !plain) {
    for (const word of options.words)
      if ((await repository.tryResolve(word)) === undefined) throw new GitError(`unable to resolve revision: ${word}`);
  }
  const { revisions, paths } = plain
    ? { revisions: [], paths: [...options.words, ...(options.paths ?? [])] }
    : await splitRevisions(call, options);
  const given = pathFilter(repository, call.cwd, paths);
  const inside = repository.relative('.', call.cwd);
  const isHere = (path: string) => paths.length > 0 || inside === '' || path.startsWith(`${inside}/`);
  const isNear = depthTest(options, paths.length > 0 ? '' : inside);
  const wanted = (path: string) => given(path) && isHere(path) && isNear(path);
  const full = flags.has('full-name') || (await repository.config('grep.fullName')) === 'true';
  const shown = (path: string) => (full ? path : nameFrom(inside, path));
  if (revisions.length > 0) return await filesOfRevisions(repository, revisions, { wanted, shown });
  if (flags.has('cached'))
    return repository.entries
      .filter(({ path, stage }) => stage === 0 && wanted(path))
      .map(({ path, oid }) => ({ name: shown(path), read: async () => await repository.readBlob(oid) }));
  const others = flags.has('untracked') || plain ? untrackedOf(repository, flags) : [];
  const known = repository.entries.map(({ path }) => path);
  return [...new Set([...known, ...others])]
    .filter(wanted)
    .sort((a, b) => (a < b ? -1 : 1))
    .flatMap((path) => {
      const stat = repository.statFile(path);
      if (!stat || (stat.mode & S_IFMT) === S_IFDIR) return [];
      return [{ name: shown(path), read: async () => repository.readFile(path, stat.mode) }];
    });
}

function untrackedOf(repository: Repository, flags: ReadonlySet<string>): string[] {
  const others = untrackedFiles(repository, { all: true });
  const withIgnored = flags.has('no-exclude-standard') || (flags.has('no-index') && !flags.has('exclude-standard'));
  const ignored = withIgnored ? untrackedFiles(repository, { all: true, ignored: true }) : [];
  return [...others, ...ignored.flatMap((path) => (path.endsWith('/') ? filesBelow(repository, path) : [path]))];
}

function filesBelow(repository: Repository, folder: string): string[] {
  const { sys } = repository.context;
  const { names, types } = sys.call('readdir', repository.absolute(folder));
  return names.flatMap((name, index) => {
    if (types[index] === FOLDER) return filesBelow(repository, `${folder}${name}/`);
    return types[index] === FILE ? [`${folder}${name}`] : [];
  });
}

/** As of `Entries`. */
const FILE = 1;
const FOLDER = 2;

interface Selecting {
  wanted: (path: string) => boolean;
  shown: (path: string) => string;
}

async function filesOfRevisions(
  repository: Repository,
  revisions: readonly string[],
  { wanted, shown }: Selecting,
): Promise<Searched[]> {
  const files: Searched[] = [];
  for (const revision of revisions) {
    const separator = revision.includes(':') ? '/' : ':';
    for (const [path, { oid }] of await repository.readTree(await repository.resolve(revision)))
      if (wanted(path))
        files.push({ name: `${revision}${separator}${shown(path)}`, read: async () => await repository.readBlob(oid) });
  }
  return files;
}

/** A path as it is called in a folder of the repository. */
function nameFrom(folder: string, path: string): string {
  if (folder === '') return path;
  const [from, to] = [folder.split('/'), path.split('/')];
  let same = 0;
  while (same < from.length && from[same] === to[same]) same += 1;
  return [...from.slice(same).map(() => '..'), ...to.slice(same)].join('/');
}

/** `--max-depth`: so many folders below this one. */
function depthTest(options: GitOptions, folder: string): (path: string) => boolean {
  const most = Number(lastOf(options, 'max-depth') ?? (options.flags.has('no-recursive') ? 0 : -1));
  if (most < 0) return () => true;
  return (path) => path.slice(folder === '' ? 0 : folder.length + 1).split('/').length - 1 <= most;
}
