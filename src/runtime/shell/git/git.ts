/** git: the commands that work on a repository in the sandbox's file system. */

import { BROKEN_PIPE, describeError, errorCode } from '../errors.ts';
import { resolvePath } from '../paths.ts';
import type { Utility, UtilityContext } from '../utility.ts';
import type { GitCall, GitCommand } from './call.ts';
import { am } from './commands/am.ts';
import { apply } from './commands/apply.ts';
import { archive } from './commands/archive.ts';
import { bisect } from './commands/bisect.ts';
import { annotate, blame } from './commands/blame.ts';
import { branch } from './commands/branch.ts';
import * as checkouts from './commands/checkout.ts';
import { clean } from './commands/clean.ts';
import { clone } from './commands/clone.ts';
import { commit } from './commands/commit.ts';
import { config } from './commands/config.ts';
import { describe } from './commands/describe.ts';
import { diff } from './commands/diff.ts';
import { diffIndex, diffTree, whatchanged } from './commands/diff-plumbing.ts';
import { fetch, lsRemote } from './commands/fetch.ts';
import { formatPatch } from './commands/format-patch.ts';
import { grep } from './commands/grep.ts';
import { init, nothing } from './commands/init.ts';
import * as logs from './commands/log.ts';
import * as merges from './commands/merge.ts';
import { notes } from './commands/notes.ts';
import * as objects from './commands/objects.ts';
import * as plumbing from './commands/plumbing.ts';
import { pull } from './commands/pull.ts';
import { push } from './commands/push.ts';
import { rebase } from './commands/rebase.ts';
import { forEachRef, showRef } from './commands/refs.ts';
import { remote } from './commands/remote.ts';
import * as replays from './commands/replay.ts';
import { reset } from './commands/reset.ts';
import { revList } from './commands/rev-list.ts';
import { revParse } from './commands/rev-parse.ts';
import { shortlog } from './commands/shortlog.ts';
import * as staging from './commands/staging.ts';
import { stash } from './commands/stash.ts';
import { status } from './commands/status.ts';
import { tag } from './commands/tag.ts';
import { updateIndex } from './commands/update-index.ts';
import { showVariable } from './commands/var.ts';
import { worktree } from './commands/worktree.ts';
import { configFiles, readConfigValue, withSetting } from './config-file.ts';
import { GitError } from './git-error.ts';
import { Repository } from './repository.ts';
import { VERSION } from './version.ts';

const commands: Readonly<Record<string, GitCommand>> = {
  am,
  add: staging.add,
  apply,
  archive,
  bisect,
  annotate,
  blame,
  cherry: plumbing.cherry,
  'commit-tree': objects.commitTree,
  'count-objects': objects.countObjects,
  'diff-index': diffIndex,
  'diff-tree': diffTree,
  'name-rev': plumbing.nameRev,
  'update-index': updateIndex,
  'update-ref': plumbing.updateRef,
  var: showVariable,
  whatchanged,
  worktree,
  branch,
  'cat-file': objects.catFile,
  'check-ignore': plumbing.checkIgnore,
  checkout: checkouts.checkout,
  'cherry-pick': replays.cherryPick,
  clean,
  clone,
  commit,
  config,
  describe,
  diff,
  fetch,
  'format-patch': formatPatch,
  fsck: nothing,
  'for-each-ref': forEachRef,
  gc: nothing,
  maintenance: nothing,
  'pack-refs': nothing,
  prune: nothing,
  grep,
  'hash-object': objects.hashObject,
  init,
  log: logs.log,
  'ls-files': plumbing.lsFiles,
  'ls-remote': lsRemote,
  'ls-tree': plumbing.lsTree,
  merge: merges.merge,
  'merge-base': plumbing.mergeBaseCommand,
  mv: staging.mv,
  notes,
  pull,
  push,
  rebase,
  reflog: plumbing.reflog,
  remote,
  reset,
  restore: checkouts.restore,
  'rev-list': revList,
  'rev-parse': revParse,
  revert: replays.revert,
  rm: staging.rm,
  shortlog,
  show: logs.show,
  stash,
  'show-ref': showRef,
  status,
  switch: checkouts.switchBranch,
  'symbolic-ref': plumbing.symbolicRef,
  tag,
  'write-tree': objects.writeTree,
};

/** Commands of git that are not written yet: who types one learns that it is no mistake of spelling. */
const missing = new Set(
  'annotate bundle citool daemon difftool fast-export fast-import filter-branch gui help instaweb lfs mergetool merge-file merge-tree multi-pack-index p4 range-diff read-tree repack replace request-pull rerere send-email show-branch sparse-checkout stripspace submodule subtree svn unpack-objects update-server-info verify-commit verify-tag web--browse'.split(
    ' ',
  ),
);

/** What needs files, and not commits alone. */
const inWorkTree = new Set(
  'add am checkout clean commit grep ls-files mv pull rebase reset restore revert rm stash status switch cherry-pick merge'.split(
    ' ',
  ),
);

export const git: Utility = async (given) => {
  let context = given;
  let cwd = context.cwd;
  let index = 0;
  for (; context.args[index]?.startsWith('-'); index += 1) {
    const arg = context.args[index] ?? '';
    if (arg === '-C') {
      index += 1;
      cwd = resolvePath(cwd, context.args[index] ?? '.');
    } else if (arg === '-c') {
      index += 1;
      context = { ...context, env: withSetting(context.env, context.args[index] ?? '') };
    } else if (arg.startsWith('--git-dir') || arg.startsWith('--work-tree')) {
      const [option = '', given] = arg.split('=');
      if (given === undefined) index += 1;
      const name = option === '--git-dir' ? 'GIT_DIR' : 'GIT_WORK_TREE';
      context = { ...context, env: new Map([...context.env, [name, given ?? context.args[index] ?? '']]) };
    } else if (arg === '--version' || arg === '-v') return await printLine(context, `git version ${VERSION}`);
    else if (arg === '--help' || arg === '-h') break;
    else if (
      arg !== '--no-pager' &&
      arg !== '-P' &&
      arg !== '-p' &&
      arg !== '--paginate' &&
      arg !== '--no-optional-locks'
    ) {
      await context.stderr.print(`unknown option: ${arg}\n`);
      return 129;
    }
  }
  const [name, ...args] = context.args.slice(index);
  if (name === 'version') return await printLine(context, `git version ${VERSION}`);
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    await printLine(
      context,
      `usage: git [-C <path>] <command> [<args>]\n\nThese commands work here:\n   ${Object.keys(commands).join(' ')}`,
    );
    return name === undefined ? 1 : 0;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) {
    const alias = aliasOf(context, cwd, name);
    if (alias !== undefined) return await runAlias(context, { alias, name, args, cwd });
    if (missing.has(name)) {
      await context.stderr.print(`fatal: git ${name} is not available in this sandbox\n`);
      return 128;
    }
    await context.stderr.print(`git: '${name}' is not a git command. See 'git --help'.\n${similarCommands(name)}`);
    return 1;
  }
  return await runCommand(context, command, { name, args, cwd });
};

/** What the configuration makes of a name that is no command. */
function aliasOf(context: UtilityContext, cwd: string, name: string): string | undefined {
  let gitdir: string | undefined;
  try {
    gitdir = Repository.find(context, cwd).commonDir;
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
  }
  return readConfigValue(context, configFiles(context, gitdir), `alias.${name}`);
}

interface AliasCall {
  alias: string;
  name: string;
  args: readonly string[];
  cwd: string;
}

/** `!command` is a shell's, from the top of the work tree; the rest are words of git. */
async function runAlias(context: UtilityContext, { alias, name, args, cwd }: AliasCall): Promise<number> {
  if (alias.startsWith('!')) {
    const command = alias.slice(1);
    return await context.run(['sh', '-c', `${command} "$@"`, command, ...args], {
      cwd: Repository.find(context, cwd).root,
    });
  }
  const words = (alias.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? []).map((word) => word.replace(/["']/g, ''));
  if (words[0] === name) {
    await context.stderr.print(`fatal: alias loop detected: expansion of '${name}' does not terminate:\n`);
    return 128;
  }
  return await git({ ...context, cwd, args: [...words, ...args] });
}

/** The commands that a mistyped one is close to. */
function similarCommands(name: string): string {
  const scored = Object.keys(commands).map((command) => ({ command, score: distance(name, command) }));
  const best = Math.min(...scored.map(({ score }) => score));
  const close = scored.filter(({ score }) => score === best && score < 7).map(({ command }) => command);
  if (close.length === 0) return '';
  return `\nThe most similar command${close.length === 1 ? ' is' : 's are'}\n${close.map((command) => `\t${command}\n`).join('')}`;
}

/** Of git's weights: an exchange of neighbours costs nothing, another letter 2, one more 1, one less 3. */
function distance(from: string, to: string): number {
  if (to.startsWith(from)) return 0;
  let before: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, j) => j);
  for (let i = 0; i < from.length; i += 1) {
    const row = [(i + 1) * 3];
    for (let j = 0; j < to.length; j += 1) {
      let cost = (last[j] ?? 0) + (from[i] === to[j] ? 0 : 2);
      if (i > 0 && j > 0 && from[i - 1] === to[j] && from[i] === to[j - 1])
        cost = Math.min(cost, before[j - 1] ?? cost);
      row.push(Math.min(cost, (last[j + 1] ?? 0) + 3, (row[j] ?? 0) + 1));
    }
    before = last;
    last = row;
  }
  return last[to.length] ?? 0;
}

async function printLine(context: UtilityContext, text: string): Promise<number> {
  await context.stdout.line(text);
  return 0;
}

async function runCommand(
  context: UtilityContext,
  command: GitCommand,
  { name, args, cwd }: { name: string; args: string[]; cwd: string },
): Promise<number> {
  let repository: Repository | undefined;
  const call: GitCall = {
    context,
    args,
    cwd,
    repository: () => {
      repository ??= Repository.find(context, cwd);
      return repository;
    },
    print: async (text) => await context.stdout.write(text),
    warn: async (text) => {
      await context.stdout.flush();
      await context.stderr.print(text);
    },
  };
  try {
    if (inWorkTree.has(name) && isBare(call)) throw new GitError('this operation must be run in a work tree');
    return await command(call);
  } catch (error) {
    return await failure(context, error);
  }
}

function isBare(call: GitCall): boolean {
  try {
    return call.repository().bare;
  } catch (error) {
    // Commands that can do without a repository say so themselves.
    if (error instanceof GitError) return false;
    throw error;
  }
}

async function failure(context: UtilityContext, error: unknown): Promise<number> {
  if (errorCode(error) === 'EPIPE') return BROKEN_PIPE;
  await context.stdout.flush();
  if (error instanceof GitError) {
    const kind = error.kind === 'none' ? '' : `${error.kind}: `;
    await context.stderr.print(`${error.before}${error.message === '' ? '' : `${kind}${error.message}\n`}`);
    return error.status;
  }
  if (errorCode(error) === undefined) throw error;
  await context.stderr.print(`fatal: ${describeError(error)}\n`);
  return 128;
}
