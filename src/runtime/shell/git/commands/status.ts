/** git status. */

import type { GitCall, GitCommand } from '../call.ts';
import { type FileChange, findFileChanges } from '../changes.ts';
import { GREEN, painted, RED, wantsColour } from '../colour.ts';
import { lastOf, readOptions } from '../command-line.ts';
import { quotePath } from '../diff-output.ts';
import { untrackedFiles } from '../ignored.ts';
import { movesOf } from '../reflog.ts';
import type { Repository } from '../repository.ts';
import { pathFilter } from '../selection.ts';
import { porcelainV2 } from '../status-v2.ts';
import { distanceWords, standingOf, standingText } from '../tracking.ts';
import { loadFrom, loadWorkTree, workTreeMap } from './diff.ts';

export interface StatusReport {
  staged: FileChange[];
  unstaged: FileChange[];
  untracked: string[];
  conflicts: string[];
}

export async function readStatus(
  repository: Repository,
  { all = false, wanted = () => true }: { all?: boolean; wanted?: (path: string) => boolean } = {},
): Promise<StatusReport> {
  const index = repository.indexMap();
  const conflicts = repository.conflicts();
  const plain = (path: string) => wanted(path) && !conflicts.has(path);
  const load = loadFrom(repository);
  const before = await repository.headFiles();
  const staged = await findFileChanges({ before, after: index, loadBefore: load, loadAfter: load }, plain);
  const work = { before: index, after: workTreeMap(repository), loadBefore: load, loadAfter: loadWorkTree(repository) };
  const unstaged = await findFileChanges(work, plain, false);
  const untracked = untrackedFiles(repository, { all }).filter((path) => wanted(path.replace(/\/$/, '')));
  return { staged, unstaged, untracked, conflicts: [...conflicts].filter(wanted) };
}

export const status: GitCommand = async (call) => {
  const given = call.args.map((arg) =>
    /^-u(no|all|normal)?$/.test(arg) ? `--untracked-files=${arg.slice(2) || 'all'}` : arg,
  );
  const options = readOptions(given, {
    flags:
      's short b branch no-branch porcelain long z u untracked-files ignored no-ignored no-renames find-renames renames M v uno unormal uall show-stash no-show-stash ahead-behind no-ahead-behind column no-column ignore-submodules',
    values: '',
    aliases: { s: 'short', b: 'branch' },
  });
  const repository = call.repository();
  const { flags, values } = options;
  const mode = values.get('untracked-files')?.at(-1) ?? (flags.has('untracked-files') ? 'all' : 'normal');
  const wanted = pathFilter(repository, call.cwd, [...options.words, ...(options.paths ?? [])]);
  const report = await readStatus(repository, {
    all: mode === 'all',
    wanted,
  });
  if (mode === 'no') report.untracked = [];
  if (lastOf(options, 'porcelain') === 'v2') {
    const ignored = flags.has('ignored') ? untrackedFiles(repository, { all: false, ignored: true }) : [];
    const ask = { branch: flags.has('branch'), zero: flags.has('z'), ignored };
    await call.print(await porcelainV2(repository, report, ask));
    return 0;
  }
  const colour = await wantsColour(call, 'status');
  if (flags.has('short') || flags.has('porcelain')) {
    // Paths of the porcelain format are those of the repository, the others are relative.
    const shown = flags.has('porcelain') ? (path: string) => path : relativeTo(repository, call.cwd);
    const ignored = flags.has('ignored') ? untrackedFiles(repository, { all: false, ignored: true }) : [];
    await call.print(
      await shortStatus(repository, report, {
        branch: flags.has('branch'),
        zero: flags.has('z'),
        shown,
        ignored,
        colour: colour && !flags.has('porcelain') && !flags.has('z'),
      }),
    );
  } else
    await call.print(
      await longStatus(repository, report, relativeTo(repository, call.cwd), { colour, all: mode !== 'no' }),
    );
  return 0;
};

/** Paths as seen from a folder. */
export function relativeTo(repository: Repository, cwd: string): (path: string) => string {
  const folder = repository.relative('.', cwd);
  if (folder === '') return (path) => path;
  const from = folder.split('/');
  return (path) => {
    const to = path.split('/');
    let same = 0;
    while (same < from.length && same < to.length - 1 && from[same] === to[same]) same += 1;
    return [...from.slice(same).map(() => '..'), ...to.slice(same)].join('/') || './';
  };
}

interface ShortOptions {
  branch: boolean;
  zero: boolean;
  shown: (path: string) => string;
  ignored: readonly string[];
  colour: boolean;
}

async function shortStatus(
  repository: Repository,
  report: StatusReport,
  { branch, zero, shown, ignored, colour }: ShortOptions,
): Promise<string> {
  const rows = new Map<string, { x: string; y: string; from?: string }>();
  for (const { path, status: letter, oldPath } of report.staged) {
    rows.set(path, { x: letter, y: ' ', ...(letter === 'R' ? { from: oldPath } : {}) });
  }
  for (const { path, status: letter } of report.unstaged)
    rows.set(path, { ...(rows.get(path) ?? { x: ' ' }), y: letter });
  for (const path of report.conflicts) rows.set(path, conflictLetters(repository, path));
  const end = zero ? '\0' : '\n';
  const name = (path: string) => {
    if (zero) return path;
    const quoted = quotePath(shown(path));
    return / /.test(quoted) && !quoted.startsWith('"') ? `"${quoted}"` : quoted;
  };
  const conflicts = new Set(report.conflicts);
  const letters = (path: string, x: string, y: string) => {
    const first = conflicts.has(path) ? RED : GREEN;
    return [painted(first, x, colour && x !== ' '), painted(RED, y, colour && y !== ' ')].join('');
  };
  let text = branch ? `## ${await branchLine(repository, colour)}${end}` : '';
  for (const [path, { x, y, from }] of [...rows].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (from === undefined) text += `${letters(path, x, y)} ${name(path)}${end}`;
    else text += zero ? `${x}${y} ${path}\0${from}\0` : `${letters(path, x, y)} ${name(from)} -> ${name(path)}\n`;
  }
  for (const path of report.untracked) text += `${painted(RED, '??', colour)} ${name(path)}${end}`;
  for (const path of ignored) text += `${painted(RED, '!!', colour)} ${name(path)}${end}`;
  return text;
}

/** `main...origin/main [ahead 1]`. */
async function branchLine(repository: Repository, colour: boolean): Promise<string> {
  const branch = repository.branch();
  if (branch === undefined) return painted(RED, 'HEAD (no branch)', colour);
  const name = painted(GREEN, branch, colour);
  const fresh = (await repository.tryResolve('HEAD')) === undefined ? 'No commits yet on ' : '';
  const standing = await standingOf(repository, branch);
  if (!standing) return fresh + name;
  const plain = distanceWords(standing);
  const words = plain.replace(
    /(ahead|behind) (\d+)/g,
    (_, word: string, count: string) => `${word} ${painted(word === 'ahead' ? GREEN : RED, count, colour)}`,
  );
  return `${fresh}${name}...${painted(RED, standing.shown, colour)}${words === '' ? '' : ` [${words}]`}`;
}

export function conflictLetters(repository: Repository, path: string): { x: string; y: string } {
  const stages = new Set(repository.entries.filter((entry) => entry.path === path).map(({ stage }) => stage));
  if (!stages.has(1))
    return stages.has(2) ? (stages.has(3) ? { x: 'A', y: 'A' } : { x: 'A', y: 'U' }) : { x: 'U', y: 'A' };
  return stages.has(2)
    ? stages.has(3)
      ? { x: 'U', y: 'U' }
      : { x: 'U', y: 'D' }
    : { x: stages.has(3) ? 'D' : 'D', y: stages.has(3) ? 'U' : 'D' };
}

const WORDS: Record<FileChange['status'], string> = {
  A: 'new file:   ',
  M: 'modified:   ',
  D: 'deleted:    ',
  R: 'renamed:    ',
  T: 'typechange: ',
};
const CONFLICTS: Record<string, string> = {
  UU: 'both modified:   ',
  AA: 'both added:      ',
  UD: 'deleted by them: ',
  DU: 'deleted by us:   ',
  AU: 'added by us:     ',
  UA: 'added by them:   ',
  DD: 'both deleted:    ',
};

export async function longStatus(
  repository: Repository,
  report: StatusReport,
  shown: (path: string) => string,
  {
    committing = false,
    colour = false,
    all = true,
  }: { committing?: boolean; colour?: boolean /** Untracked files were looked for. */; all?: boolean } = {},
): Promise<string> {
  const { staged, unstaged, untracked, conflicts } = report;
  const head = await repository.tryResolve('HEAD');
  const branch = repository.branch();
  let text =
    rebaseText(repository, { conflicts: conflicts.length > 0, staged: staged.length > 0 }) ??
    detachedText(repository, branch);
  const standing = branch === undefined || head === undefined ? '' : standingText(await standingOf(repository, branch));
  text += standing;
  if (head === undefined) text += committing ? '\nInitial commit\n' : '\nNo commits yet\n';
  text += operationText(repository, conflicts.length > 0);
  const name = (path: string) => quotePath(shown(path));
  const row =
    (paint: string) =>
    ({ status: letter, path, oldPath }: FileChange) =>
      `\t${painted(paint, `${WORDS[letter]}${letter === 'R' ? `${name(oldPath)} -> ` : ''}${name(path)}`, colour)}\n`;
  const sections: string[] = [];
  if (staged.length > 0) {
    const merging =
      repository.readState('MERGE_HEAD') !== undefined || repository.readState('CHERRY_PICK_HEAD') !== undefined;
    const hint = head === undefined ? 'git rm --cached <file>..."' : 'git restore --staged <file>..."';
    sections.push(
      `Changes to be committed:\n${merging ? '' : `  (use "${hint} to unstage)\n`}${staged.map(row(GREEN)).join('')}`,
    );
  }
  if (conflicts.length > 0) {
    const rows = conflicts.map((path) => {
      const { x, y } = conflictLetters(repository, path);
      return `\t${painted(RED, `${CONFLICTS[x + y]}${name(path)}`, colour)}\n`;
    });
    const unstage =
      repository.readState('MERGE_HEAD') || repository.readState('CHERRY_PICK_HEAD')
        ? ''
        : '  (use "git restore --staged <file>..." to unstage)\n';
    const removed = rows.some((row) => row.includes('deleted by'));
    const mark = removed
      ? 'git add/rm <file>..." as appropriate to mark resolution'
      : 'git add <file>..." to mark resolution';
    sections.push(`Unmerged paths:\n${unstage}  (use "${mark})\n${rows.join('')}`);
  }
  if (unstaged.length > 0) {
    const removed = unstaged.some((change) => change.status === 'D');
    sections.push(
      `Changes not staged for commit:\n  (use "git add${removed ? '/rm' : ''} <file>..." to update what will be committed)\n  (use "git restore <file>..." to discard changes in working directory)\n${unstaged.map(row(RED)).join('')}`,
    );
  }
  if (untracked.length > 0) {
    sections.push(
      `Untracked files:\n  (use "git add <file>..." to include in what will be committed)\n${untracked.map((path) => `\t${painted(RED, name(path), colour)}\n`).join('')}`,
    );
  }
  const busy = operationText(repository, false) !== '' || text.includes('\n  (');
  const gap = head === undefined || busy || standing !== '' ? '\n' : '';
  text += sections.length > 0 ? gap + sections.map((section) => `${section}\n`).join('') : gap;
  if (staged.length > 0 && conflicts.length === 0) return text;
  if (conflicts.length > 0 || unstaged.length > 0)
    return `${text}no changes added to commit (use "git add" and/or "git commit -a")\n`;
  if (untracked.length > 0)
    return `${text}nothing added to commit but untracked files present (use "git add" to track)\n`;
  return `${text}${head === undefined ? 'nothing to commit (create/copy files and use "git add" to track)' : all ? 'nothing to commit, working tree clean' : 'nothing to commit (use -u to show untracked files)'}\n`;
}

function detachedText(repository: Repository, branch: string | undefined): string {
  if (branch !== undefined) return `On branch ${branch}\n`;
  const head = repository.readState('HEAD')?.trim() ?? '';
  const start = movesOf(repository, 'HEAD').find(({ reason }) => reason.startsWith('checkout: moving from'))?.after;
  const moved = start !== undefined && start !== head;
  return `HEAD detached ${moved ? 'from' : 'at'} ${(moved ? start : head).slice(0, 7)}\n`;
}

/** Where a rebase stands; undefined when there is none. */
function rebaseText(
  repository: Repository,
  { conflicts, staged }: { conflicts: boolean; staged: boolean },
): string | undefined {
  const state = (name: string) => repository.readState(`rebase-merge/${name}`);
  const onto = state('onto')?.slice(0, 7);
  if (onto === undefined) return undefined;
  const lines = (name: string) =>
    (state(name) ?? '')
      .split('\n')
      .filter((line) => /^[a-z]/.test(line))
      .map((line) => line.replace(/^(\w+ [\da-f]{7})[\da-f]{33}/, '$1'));
  const [done, next] = [lines('done'), lines('git-rebase-todo')];
  const count = (number: number, what: string) => `${number} ${what}command${number === 1 ? '' : 's'}`;
  const plural = (number: number) => (number === 1 ? '' : 's');
  let text = `interactive rebase in progress; onto ${onto}\n`;
  text += `Last command${plural(done.length)} done (${count(done.length, '')} done):\n`;
  text += done
    .slice(-2)
    .map((line) => `   ${line}\n`)
    .join('');
  if (done.length > 2) text += '  (see more in file .git/rebase-merge/done)\n';
  if (next.length === 0) text += 'No commands remaining.\n';
  else {
    text += `Next command${plural(next.length)} to do (${count(next.length, 'remaining ')}):\n`;
    text += next
      .slice(0, 2)
      .map((line) => `   ${line}\n`)
      .join('');
    text += '  (use "git rebase --edit-todo" to view and edit)\n';
  }
  const branch = state('head-name')?.trim().replace('refs/heads/', '');
  const what = state('stopped-sha') === undefined && !staged ? 'editing a commit while rebasing' : 'rebasing';
  text += `You are currently ${what} branch '${branch}' on '${onto}'.\n`;
  if (conflicts)
    return `${text}  (fix conflicts and then run "git rebase --continue")\n  (use "git rebase --skip" to skip this patch)\n  (use "git rebase --abort" to check out the original branch)\n`;
  if (what !== 'rebasing')
    return `${text}  (use "git commit --amend" to amend the current commit)\n  (use "git rebase --continue" once you are satisfied with your changes)\n`;
  return `${text}  (all conflicts fixed: run "git rebase --continue")\n`;
}

const MAILING = `You are in the middle of an am session.
  (fix conflicts and then run "git am --continue")
  (use "git am --skip" to skip this patch)
  (use "git am --abort" to restore the original branch)
`;

function operationText(repository: Repository, conflicts: boolean): string {
  if (repository.readState('rebase-apply/applying') !== undefined) return MAILING;
  if (repository.readState('MERGE_HEAD') !== undefined) {
    if (!conflicts) return 'All conflicts fixed but you are still merging.\n  (use "git commit" to conclude merge)\n';
    return 'You have unmerged paths.\n  (fix conflicts and run "git commit")\n  (use "git merge --abort" to abort the merge)\n';
  }
  const bisecting = repository.readState('BISECT_START')?.trim();
  if (bisecting !== undefined)
    return `You are currently bisecting, started from branch '${bisecting}'.\n  (use "git bisect reset" to get back to the original branch)\n`;
  const pick = repository.readState('CHERRY_PICK_HEAD');
  const reverted = repository.readState('REVERT_HEAD');
  // Between two commits of several none is named.
  const several = repository.readState('sequencer/todo') !== undefined;
  if (pick === undefined && reverted === undefined && !several) return '';
  const command = reverted === undefined ? 'cherry-pick' : 'revert';
  const commit = several ? undefined : (pick ?? reverted);
  const doing = reverted === undefined ? 'cherry-picking' : 'reverting';
  const next = conflicts
    ? `(fix conflicts and run "git ${command} --continue")`
    : commit === undefined
      ? `(run "git ${command} --continue" to continue)`
      : `(all conflicts fixed: run "git ${command} --continue")`;
  const first =
    commit === undefined
      ? `${command === 'revert' ? 'Revert' : 'Cherry-pick'} currently in progress.`
      : `You are currently ${doing} commit ${commit.slice(0, 7)}.`;
  return `${first}\n  ${next}\n  (use "git ${command} --skip" to skip this patch)\n  (use "git ${command} --abort" to cancel the ${command} operation)\n`;
}

export type { GitCall };
