/** git init, config, remote, clean, apply, grep; and those that need a network. */
import { S_IFDIR, S_IFMT } from '../../../kernel/file-modes.ts';
import { applyHunks, reverseHunk } from '../../line-diff/apply-patch.ts';
import { splitLines } from '../../line-diff/hunks.ts';
import { type FilePatch, parsePatch } from '../../line-diff/parse-patch.ts';
import { resolvePath } from '../../paths.ts';
import type { GitCall, GitCommand } from '../call.ts';
import { lastOf, readOptions } from '../command-line.ts';
import {
  changeConfig,
  configFiles,
  globalConfigFile,
  normalizeKey,
  readConfig,
  settingsOfCall,
} from '../config-file.ts';
import { GitError } from '../git-error.ts';
import { pathFilter } from '../selection.ts';
import { writeWhole } from '../system-files.ts';
import { stage } from './commit.ts';

const HINT = `hint: Using 'master' as the name for the initial branch. This default branch name
hint: is subject to change. To configure the initial branch name to use in all
hint: of your new repositories, which will suppress this warning, call:
hint: 
hint: \tgit config --global init.defaultBranch <name>
hint: 
hint: Names commonly chosen instead of 'master' are 'main', 'trunk' and
hint: 'development'. The just-created branch can be renamed via this command:
hint: 
hint: \tgit branch -m <name>
`;

export const init: GitCommand = async (call) => {
  const options = readOptions(call.args, {
    flags: 'q quiet bare',
    values: 'b initial-branch template',
    aliases: { b: 'initial-branch', q: 'quiet' },
  });
  const { sys } = call.context;
  const root = resolvePath(call.cwd, options.words[0] ?? '.');
  const bare = options.flags.has('bare');
  const gitdir = bare ? root : `${root}/.git`;
  const exists = sys.call('statOrNull', `${gitdir}/HEAD`, true) !== null;
  const configured = readConfig(call.context, configFiles(call.context, undefined)).findLast(
    ({ key }) => key === 'init.defaultbranch',
  )?.value;
  const branch = lastOf(options, 'initial-branch') ?? configured ?? 'master';
  const quiet = options.flags.has('quiet');
  if (!exists) {
    if (configured === undefined && !options.values.has('initial-branch') && !quiet) await call.warn(HINT);
    for (const folder of ['objects/info', 'objects/pack', 'refs/heads', 'refs/tags', 'info', 'hooks', 'branches'])
      sys.call('mkdir', `${gitdir}/${folder}`, 0o777, true);
    const write = (name: string, text: string) => writeWhole(sys, `${gitdir}/${name}`, new TextEncoder().encode(text));
    write('HEAD', `ref: refs/heads/${branch}\n`);
    write(
      'config',
      `[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = ${bare}\n${bare ? '' : '\tlogallrefupdates = true\n'}`,
    );
    write('description', "Unnamed repository; edit this file 'description' to name the repository.\n");
    write('info/exclude', EXCLUDE);
  }
  if (!quiet)
    await call.print(`${exists ? 'Reinitialized existing' : 'Initialized empty'} Git repository in ${gitdir}/\n`);
  return 0;
};

const EXCLUDE = `# git ls-files --others --exclude-from=.git/info/exclude
# Lines that start with '#' are comments.
# For a project mostly in C, the following would be a good set of
# exclude patterns (uncomment them if you want to use them):
# *.[oa]
# *~
`;

export const config: GitCommand = async (call) => {
  const options = readOptions(call.args, {
    flags:
      'global local system l list get get-all get-regexp unset unset-all add replace-all z null show-origin name-only bool int e edit remove-section',
    values: 'f file type default',
    aliases: { l: 'list', f: 'file' },
  });
  const { context } = call;
  const { flags } = options;
  const own = () => `${call.repository().gitdir}/config`;
  const file =
    lastOf(options, 'file') ??
    (flags.has('global') ? globalConfigFile(context) : flags.has('system') ? '/etc/gitconfig' : undefined);
  const gitdir = () => {
    try {
      return call.repository().gitdir;
    } catch (error) {
      if (error instanceof GitError) return undefined;
      throw error;
    }
  };
  const anywhere = file === undefined && !flags.has('local');
  const files = file !== undefined ? [file] : flags.has('local') ? [own()] : configFiles(context, gitdir());
  if (flags.has('list')) {
    for (const { key, value } of [...readConfig(context, files), ...(anywhere ? settingsOfCall(context) : [])])
      await call.print(flags.has('name-only') ? `${key}\n` : `${key}=${value}\n`);
    return 0;
  }
  // git 2.46 and later have words for what were options.
  const [first, ...rest] = options.words;
  const verb =
    first !== undefined && ['get', 'set', 'unset', 'list'].includes(first) && !first.includes('.') ? first : undefined;
  const [key, value] = verb === undefined ? options.words : rest;
  if (key === undefined) throw new GitError('usage: git config [<options>]', 129, '', 'none');
  const matches = [...readConfig(context, files), ...(anywhere ? settingsOfCall(context) : [])].filter((entry) =>
    flags.has('get-regexp') ? new RegExp(key, 'u').test(entry.key) : entry.key === normalizeKey(key),
  );
  if (flags.has('get-regexp')) {
    for (const entry of matches) await call.print(`${entry.key} ${entry.value}\n`);
    return matches.length > 0 ? 0 : 1;
  }
  if (!key.includes('.'))
    throw new GitError(`key does not contain a section: ${key}`, value === undefined ? 1 : 2, '', 'error');
  const target = file ?? (flags.has('unset') || flags.has('unset-all') || value !== undefined ? own() : '');
  if (flags.has('unset') || flags.has('unset-all') || verb === 'unset')
    return changeConfig(context, target, key, undefined) ? 0 : 5;
  if (value !== undefined) {
    changeConfig(context, target, key, value);
    return 0;
  }
  const found = matches.at(-1)?.value ?? lastOf(options, 'default');
  if (found === undefined) return 1;
  await call.print(flags.has('get-all') ? matches.map((entry) => `${entry.value}\n`).join('') : `${found}\n`);
  return 0;
};

export const remote: GitCommand = async (call) => {
  const options = readOptions(call.args, { flags: 'v verbose f', values: 't m' });
  const repository = call.repository();
  const [action, name = '', url = ''] = options.words;
  const file = `${repository.gitdir}/config`;
  const remotes = readConfig(call.context, [file]).flatMap(({ key, value }) => {
    const match = /^remote\.(.*)\.url$/.exec(key);
    return match ? [{ name: match[1] ?? '', url: value }] : [];
  });
  const known = remotes.find((item) => item.name === name);
  if (action === undefined) {
    const verbose = options.flags.has('v') || options.flags.has('verbose');
    for (const item of remotes)
      await call.print(
        verbose ? `${item.name}\t${item.url} (fetch)\n${item.name}\t${item.url} (push)\n` : `${item.name}\n`,
      );
    return 0;
  }
  if (action === 'add') {
    if (known) throw new GitError(`remote ${name} already exists.`, 3, '', 'error');
    changeConfig(call.context, file, `remote.${name}.url`, url);
    changeConfig(call.context, file, `remote.${name}.fetch`, `+refs/heads/*:refs/remotes/${name}/*`);
    return 0;
  }
  if (!known) throw new GitError(`No such remote '${name}'`, 2, '', 'error');
  if (action === 'get-url') await call.print(`${known.url}\n`);
  else if (action === 'set-url') changeConfig(call.context, file, `remote.${name}.url`, url);
  else if (action === 'remove' || action === 'rm') {
    for (const key of ['url', 'fetch']) changeConfig(call.context, file, `remote.${name}.${key}`, undefined);
    const text = (repository.readState('config') ?? '').replace(`[remote "${name}"]\n`, '');
    repository.writeState('config', text);
  } else throw new GitError(`Unknown subcommand: ${action}`, 1, '', 'error');
  return 0;
};

/** gc, prune, fsck and their like: objects here need no care. */
export const nothing: GitCommand = async (call) => {
  call.repository();
  return 0;
};

export const clean: GitCommand = async (call) => {
  const options = readOptions(call.args, {
    flags: 'f force d n dry-run x X q quiet i',
    values: 'e exclude',
    aliases: { f: 'force', n: 'dry-run', q: 'quiet' },
  });
  const repository = call.repository();
  const { flags } = options;
  if (!flags.has('force') && !flags.has('dry-run'))
    throw new GitError('clean.requireForce defaults to true and neither -i, -n, nor -f given; refusing to clean');
  const wanted = pathFilter(repository, call.cwd, [...options.words, ...(options.paths ?? [])]);
  const plain = flags.has('X') ? [] : repository.untracked({ all: false });
  const ignored = flags.has('x') || flags.has('X') ? repository.untracked({ all: false, ignored: true }) : [];
  for (const path of [...plain, ...ignored].sort()) {
    if ((path.endsWith('/') && !flags.has('d')) || !wanted(path.replace(/\/$/, ''))) continue;
    if (!flags.has('quiet') || flags.has('dry-run'))
      await call.print(`${flags.has('dry-run') ? 'Would remove' : 'Removing'} ${path}\n`);
    if (!flags.has('dry-run')) call.context.sys.call('remove', repository.absolute(path.replace(/\/$/, '')), true);
  }
  return 0;
};

export const apply: GitCommand = async (call) => {
  const options = readOptions(call.args, {
    flags:
      'R reverse check stat index cached 3 3way v verbose q quiet reject ignore-whitespace ignore-space-change unidiff-zero recount allow-empty numstat summary',
    values: 'p C whitespace directory include exclude',
    aliases: { R: 'reverse' },
  });
  const { context } = call;
  const { flags } = options;
  const inputs =
    options.words.length === 0 || options.words[0] === '-'
      ? [await context.stdin.text()]
      : options.words.map((name) => readPatch(call, name));
  const strip = Number(lastOf(options, 'p') ?? '1');
  const writes: { path: string; text: string | undefined; mode: number | undefined }[] = [];
  for (const text of inputs) {
    const files = parsePatch(text);
    if (files.length === 0)
      throw new GitError('No valid patches in input (allow with "--allow-empty")', 128, '', 'error');
    for (const file of files)
      writes.push(
        ...patchedFile(call, file, {
          strip,
          reverse: flags.has('reverse'),
          ignoreSpace: flags.has('ignore-whitespace') || flags.has('ignore-space-change'),
        }),
      );
  }
  if (flags.has('check') || flags.has('stat') || flags.has('numstat')) return 0;
  for (const { path, text, mode } of writes) {
    const full = resolvePath(call.cwd, path);
    if (text === undefined) context.sys.call('remove', full, true);
    else {
      context.sys.call('mkdir', full.slice(0, full.lastIndexOf('/')) || '/', 0o777, true);
      writeWhole(context.sys, full, new TextEncoder().encode(text));
      if (mode !== undefined) context.sys.call('chmod', full, mode & 0o777);
    }
  }
  if (flags.has('index') || flags.has('cached'))
    await stageWritten(
      call,
      writes.map(({ path }) => path),
    );
  return 0;
};

async function stageWritten(call: GitCall, paths: readonly string[]): Promise<void> {
  const repository = call.repository();
  await stage(
    repository,
    paths.map((path) => repository.relative(path, call.cwd)),
  );
}

function readPatch(call: GitCall, name: string): string {
  const path = resolvePath(call.cwd, name);
  if (!call.context.sys.call('statOrNull', path, true))
    throw new GitError(`can't open patch '${name}': No such file or directory`, 128, '', 'error');
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(call.context.sys.call('readFile', path));
}

interface Patching {
  strip: number;
  reverse: boolean;
  ignoreSpace: boolean;
}

function patchedFile(
  call: GitCall,
  file: FilePatch,
  { strip, reverse, ignoreSpace }: Patching,
): { path: string; text: string | undefined; mode: number | undefined }[] {
  const { sys } = call.context;
  const name = (text: string | undefined) =>
    text === undefined || text === '/dev/null' ? undefined : text.split('/').slice(strip).join('/');
  const names = [file.created ? undefined : name(file.oldName), file.deleted ? undefined : name(file.newName)];
  const [from, to] = reverse ? names.reverse() : names;
  const creates = from === undefined;
  const target = from ?? to ?? '';
  const full = resolvePath(call.cwd, target);
  const stat = sys.call('statOrNull', full, true);
  if (creates && stat) throw new GitError(`${target}: already exists in working directory`, 1, '', 'error');
  if (!creates && (!stat || (stat.mode & S_IFMT) === S_IFDIR))
    throw new GitError(`${target}: No such file or directory`, 1, '', 'error');
  const before = creates ? '' : new TextDecoder('utf-8', { ignoreBOM: true }).decode(sys.call('readFile', full));
  const hunks = reverse ? file.hunks.map(reverseHunk) : file.hunks;
  const { lines, outcomes } = applyHunks(splitLines(before), hunks, { fuzz: 0, ignoreSpace });
  const failed = outcomes.findIndex(({ kind }) => kind === 'failed');
  if (failed !== -1) {
    throw new GitError(
      `patch failed: ${target}:${hunks[failed]?.oldStart}\nerror: ${target}: patch does not apply`,
      1,
      '',
      'error',
    );
  }
  const writes = [
    {
      path: to ?? target,
      text: to === undefined ? undefined : lines.join(''),
      mode: reverse ? undefined : file.newMode,
    },
  ];
  return from !== undefined && to !== undefined && from !== to
    ? [{ path: from, text: undefined, mode: undefined }, ...writes]
    : writes;
}

/** What needs a network says so. */
export const offline: GitCommand = async (call) => {
  const url = call.args.find((arg) => /^(https?|ssh|git):|^[\w.-]+@/.test(arg));
  const name = /^(?:https?|ssh|git):\/\/([^/:]+)/.exec(url ?? '')?.[1] ?? /@([^:]+):/.exec(url ?? '')?.[1];
  throw new GitError(
    name === undefined
      ? 'the sandbox has no network: only local commands of git work here'
      : `unable to access '${url}': Could not resolve host: ${name} (the sandbox has no network)`,
  );
};
