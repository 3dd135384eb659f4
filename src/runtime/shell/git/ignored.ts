/** What the lists of ignored files leave out: `.gitignore` of each folder, and `info/exclude`. */
import ignore, { type Ignore } from 'ignore';
import { S_IFDIR, S_IFMT } from '../../kernel/file-modes.ts';
import type { Repository } from './repository.ts';

interface IgnoreRules {
  /** Folder that the rules are relative to, with its slash. */
  base: string;
  /** Where the list stands, and what is written there. */
  file: string;
  text: string;
  rules: Ignore;
}

export interface IgnoreLine {
  file: string;
  line: number;
  pattern: string;
}

interface Untracked {
  /** Each file; else a folder without any tracked file is one entry, with a slash. */
  all: boolean;
  /** Those that are ignored, and not the others. */
  ignored?: boolean;
  /** Folders that hold nothing, too. */
  empty?: boolean;
  /** A folder with ignored files in it is not one entry: they are to stay. */
  sparing?: boolean;
}

/** Files of the work tree that the index lacks. */
export function untrackedFiles(
  repository: Repository,
  { all, ignored = false, empty = false, sparing = false }: Untracked,
): string[] {
  const tracked = new Set<string>();
  const folders = new Set<string>();
  for (const { path } of repository.entries) {
    tracked.add(path);
    for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) folders.add(path.slice(0, at));
  }
  const found: string[] = [];
  const walk = (folder: string, inherited: readonly IgnoreRules[]) => {
    const rules = [...inherited, ...rulesOf(repository, folder)];
    for (const { name, isFolder } of list(repository, folder)) {
      const path = folder === '' ? name : `${folder}/${name}`;
      if (name === '.git' || (!isFolder && tracked.has(path))) continue;
      const skip = matches(rules, path, isFolder);
      if (!isFolder) {
        if (skip === ignored) found.push(path);
      } else if (folders.has(path) || (all && !skip)) walk(path, rules);
      else if (repository.context.sys.call('statOrNull', `${repository.absolute(path)}/.git`, true))
        found.push(`${path}/`);
      else if (skip) {
        if (ignored) found.push(`${path}/`);
      } else if (ignored || (sparing && holdsIgnored(repository, path, rules))) walk(path, rules);
      else if (empty || hasFiles(repository, path, rules)) found.push(`${path}/`);
    }
  };
  walk('', excluded(repository));
  return found.sort((a, b) => (a < b ? -1 : 1));
}

export function isIgnored(repository: Repository, path: string): boolean {
  return eachStep(repository, path, (rules, part, isFolder) => matches(rules, part, isFolder) || undefined) ?? false;
}

/** The line of a list that decides over a path; one with `!` takes it out of what is ignored. */
export function ignoreRule(repository: Repository, path: string): IgnoreLine | undefined {
  let last: IgnoreLine | undefined;
  const decided = eachStep(repository, path, (rules, part, isFolder) => {
    last = decidingLine(rules, part, isFolder);
    return last?.pattern.startsWith('!') ? undefined : last;
  });
  return decided ?? last;
}

/** Asks for each folder on the way to a path, and for the path, with the rules that hold there, until there is an answer. */
function eachStep<T>(
  repository: Repository,
  path: string,
  ask: (rules: readonly IgnoreRules[], part: string, isFolder: boolean) => T | undefined,
): T | undefined {
  let rules = excluded(repository);
  const parts = path.replace(/\/$/, '').split('/');
  for (let count = 1; count <= parts.length; count += 1) {
    rules = [...rules, ...rulesOf(repository, parts.slice(0, count - 1).join('/'))];
    const part = parts.slice(0, count).join('/');
    const stat = repository.statFile(part);
    const isFolder = count < parts.length || path.endsWith('/') || (stat !== null && (stat.mode & S_IFMT) === S_IFDIR);
    const answer = ask(rules, part, isFolder);
    if (answer !== undefined) return answer;
  }
  return undefined;
}

/** As of `Entries`; git knows nothing of FIFOs and their like. */
const FOLDER = 2;
const LINK = 3;

function list(repository: Repository, folder: string): { name: string; isFolder: boolean }[] {
  const { names, types } = repository.context.sys.call('readdir', repository.absolute(folder));
  return names
    .map((name, index) => ({ name, type: types[index] ?? 0 }))
    .filter(({ type }) => type <= LINK)
    .map(({ name, type }) => ({ name, isFolder: type === FOLDER }));
}

function hasFiles(repository: Repository, folder: string, inherited: readonly IgnoreRules[]): boolean {
  const rules = [...inherited, ...rulesOf(repository, folder)];
  return list(repository, folder).some(({ name, isFolder }) => {
    const path = `${folder}/${name}`;
    return !matches(rules, path, isFolder) && (!isFolder || hasFiles(repository, path, rules));
  });
}

function holdsIgnored(repository: Repository, folder: string, inherited: readonly IgnoreRules[]): boolean {
  const rules = [...inherited, ...rulesOf(repository, folder)];
  return list(repository, folder).some(({ name, isFolder }) => {
    const path = `${folder}/${name}`;
    return matches(rules, path, isFolder) || (isFolder && holdsIgnored(repository, path, rules));
  });
}

const rulesOf = (repository: Repository, folder: string): IgnoreRules[] =>
  readRules(repository, `${repository.absolute(folder)}/.gitignore`, folder === '' ? '' : `${folder}/`);

const excluded = (repository: Repository): IgnoreRules[] =>
  readRules(repository, `${repository.commonDir}/info/exclude`, '');

function readRules(repository: Repository, file: string, base: string): IgnoreRules[] {
  const { sys } = repository.context;
  const stat = sys.call('statOrNull', file, true);
  if (!stat || (stat.mode & S_IFMT) === S_IFDIR) return [];
  const text = new TextDecoder().decode(sys.call('readFile', file));
  const shown = file.startsWith(`${repository.root}/`) ? file.slice(repository.root.length + 1) : file;
  return [{ base, file: shown, text, rules: ignore().add(text) }];
}

/** The last rule that speaks of the path decides. */
function matches(all: readonly IgnoreRules[], path: string, isFolder: boolean): boolean {
  for (const { base, rules } of [...all].reverse()) {
    const result = rules.test(path.slice(base.length) + (isFolder ? '/' : ''));
    if (result.ignored) return true;
    if (result.unignored) return false;
  }
  return false;
}

/** The last line that speaks of a path, of the nearest list that has one. */
function decidingLine(all: readonly IgnoreRules[], path: string, isFolder: boolean): IgnoreLine | undefined {
  for (const { base, file, text } of [...all].reverse()) {
    const lines = text.split('\n');
    for (let index = lines.length - 1; index >= 0; index -= 1) {
      const pattern = (lines[index] ?? '').replace(/\r$/, '');
      if (pattern.trim() === '' || pattern.startsWith('#')) continue;
      const found = ignore()
        .add(pattern.replace(/^!/, ''))
        .test(path.slice(base.length) + (isFolder ? '/' : ''));
      if (found.ignored) return { file, line: index + 1, pattern };
    }
  }
  return undefined;
}
