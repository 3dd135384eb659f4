/** cp mv rm. */

import {
  O_CREAT,
  O_RDONLY,
  O_TRUNC,
  O_WRONLY,
  S_IFDIR,
  S_IFIFO,
  S_IFLNK,
  S_IFMT,
  S_IFREG,
} from '../../kernel/file-modes.ts';
import type { Stat } from '../../kernel/syscalls.ts';
import { describeError, errorCode } from '../errors.ts';
import { openPath } from '../open.ts';
import { baseName, directoryName, joinPath, resolvePath } from '../paths.ts';
import { Reader, Writer } from '../streams.ts';
import type { Utility, UtilityContext } from '../utility.ts';
import { agrees } from './agrees.ts';
import { attempt, isDirectory } from './files.ts';
import { fileType } from './format.ts';
import { lastValue, type Options, parseOptions } from './options.ts';
import { placeOnTrail, type Trail } from './trail.ts';
import { wrongUse } from './wrong-use.ts';

interface Transfer {
  sources: string[];
  /** Destination of a source. */
  destination(source: string): string;
}

async function readTransfer(context: UtilityContext, options: Options): Promise<Transfer | undefined> {
  const folder = lastValue(options, 't');
  const sources = folder === undefined ? options.operands.slice(0, -1) : options.operands;
  const target = folder ?? options.operands.at(-1);
  const [only] = options.operands;
  if (target === undefined) await wrongUse(context, 'missing file operand');
  else if (sources.length === 0) await wrongUse(context, `missing destination file operand after '${only}'`);
  else {
    const into = !options.flags.has('T') && isDirectory(context, target);
    if (into || sources.length === 1) {
      return { sources, destination: (source) => (into ? joinPath(target, baseName(source)) : target) };
    }
    await context.complain(
      `target '${target}'${context.sys.call('statOrNull', context.resolve(target), true) ? ' is not a directory' : ': No such file or directory'}`,
    );
  }
  return undefined;
}

export const cp: Utility = async (context) => {
  const options = parseOptions(context.args, {
    short: 'rRafpvnt:TdLPHuilsbxS:',
    long: {
      recursive: 'r',
      archive: 'a',
      force: 'f',
      verbose: 'v',
      'no-clobber': 'n',
      'target-directory=': 't',
      preserve: 'p',
      'preserve=': 'p',
      'no-preserve=': 'no-preserve',
      parents: 'parents',
      update: 'u',
      'update=': 'u',
      interactive: 'i',
      link: 'l',
      'symbolic-link': 's',
      'no-target-directory': 'T',
      dereference: 'L',
      'no-dereference': 'd',
      backup: 'b',
      'backup=': 'backup',
      'suffix=': 'S',
      'reflink=': 'reflink',
      'remove-destination': 'f',
    },
  });
  if (options.problem) return await wrongUse(context, options.problem);
  const transfer = await readTransfer(context, options);
  if (!transfer) return 1;
  if (options.flags.has('parents') && !isDirectory(context, lastValue(options, 't') ?? options.operands.at(-1) ?? ''))
    return await wrongUse(context, 'with --parents, the destination must be a directory');
  const copier = new Copier(context, options.flags, backupOf(context, options));
  const last = lastValue(options, 't') ?? options.operands.at(-1) ?? '';
  for (const source of transfer.sources) {
    const destination = options.flags.has('parents') ? joinPath(last, source) : transfer.destination(source);
    if (options.flags.has('parents'))
      context.sys.call('mkdir', context.resolve(directoryName(destination)), 0o777, true);
    await copier.copy(source, destination);
  }
  return copier.status;
};

/** Where `-b` and `--backup` put what is in the way: `file~`, or `file.~1~` and on. */
function backupOf(context: UtilityContext, options: Options): (path: string) => string | undefined {
  const { flags } = options;
  const kind = lastValue(options, 'backup') ?? context.env.get('VERSION_CONTROL') ?? 'existing';
  if ((!flags.has('b') && !flags.has('backup')) || kind === 'none' || kind === 'off') return () => undefined;
  const suffix = lastValue(options, 'S') ?? '~';
  return (path) => {
    const exists = (name: string) => context.sys.call('statOrNull', name, false) !== null;
    let number = 1;
    while (exists(`${path}.~${number}~`)) number += 1;
    const numbered = kind === 'numbered' || kind === 't' || (kind !== 'simple' && kind !== 'never' && number > 1);
    return numbered ? `${path}.~${number}~` : path + suffix;
  };
}

class Copier {
  status = 0;
  readonly #context: UtilityContext;
  readonly #flags: ReadonlySet<string>;
  readonly #recursive: boolean;
  readonly #backup: (path: string) => string | undefined;

  constructor(context: UtilityContext, flags: ReadonlySet<string>, backup: (path: string) => string | undefined) {
    this.#backup = backup;
    this.#context = context;
    this.#flags = flags;
    this.#recursive = ['r', 'R', 'a'].some((flag) => flags.has(flag));
  }

  async #fail(message: string): Promise<void> {
    this.status = 1;
    await this.#context.complain(message);
  }

  async copy(source: string, destination: string, outer?: Trail): Promise<void> {
    const { sys } = this.#context;
    const from = this.#context.resolve(source);
    const to = this.#context.resolve(destination);
    const asLinks = this.#recursive || this.#flags.has('P') || this.#flags.has('d');
    const stat = await this.#statSource(source, !asLinks || this.#flags.has('L'));
    if (!stat) return;
    const old = sys.call('statOrNull', to, true);
    if (this.#flags.has('n') && old) return;
    if (this.#flags.has('u') && old && old.mtimeMs >= stat.mtimeMs) return;
    if (old && old.ino === stat.ino && old.dev === stat.dev)
      return await this.#fail(`'${source}' and '${destination}' are the same file`);
    const type = stat.mode & S_IFMT;
    if (type === S_IFDIR) return await this.#copyFolder({ path: source, stat, outer }, destination);
    if (old && this.#flags.has('i') && !(await confirm(this.#context, `overwrite '${destination}'?`))) return;
    const kept = old ? this.#backup(to) : undefined;
    if (kept !== undefined) sys.call('rename', to, kept);
    const done = await attempt(this.#context, `cannot create regular file '${destination}'`, async () => {
      if (this.#flags.has('l')) sys.call('link', from, to);
      else if (this.#flags.has('s')) sys.call('symlink', source, to);
      else if (type === S_IFLNK) {
        sys.call('remove', to, true);
        sys.call('symlink', sys.call('readlink', from), to);
      } else if (type === S_IFIFO && this.#recursive) {
        sys.call('remove', to, true);
        sys.call('mkfifo', to, stat.mode & 0o7777);
      } else if (type !== S_IFREG || (old && (old.mode & S_IFMT) !== S_IFREG)) await this.#copyBytes(from, to);
      else sys.call('copyFile', from, to, 0);
      if (this.#flags.has('p') || this.#flags.has('a')) sys.call('utimes', to, stat.atimeMs, stat.mtimeMs, false);
    });
    if (!done) this.status = 1;
    else if (this.#flags.has('v')) await this.#context.stdout.line(`'${source}' -> '${destination}'`);
  }

  /** Null when it cannot be had, of which has been told. */
  async #statSource(source: string, follow: boolean): Promise<Stat | null> {
    try {
      return this.#context.sys.call('stat', this.#context.resolve(source), follow);
    } catch (error) {
      if (errorCode(error) === undefined) throw error;
      await this.#fail(`cannot stat '${source}': ${describeError(error)}`);
      return null;
    }
  }

  /** From or to what is no file. */
  async #copyBytes(from: string, to: string): Promise<void> {
    const { sys } = this.#context;
    const input = await openPath(sys, from, O_RDONLY, this.#context);
    try {
      const output = await openPath(sys, to, O_WRONLY | O_CREAT | O_TRUNC, this.#context);
      try {
        const writer = new Writer(output, true);
        for await (const chunk of new Reader(input).chunks()) await writer.write(chunk);
      } finally {
        output.release();
      }
    } finally {
      input.release();
    }
  }

  async #copyFolder(folder: Trail, destination: string): Promise<void> {
    const { sys, cwd } = this.#context;
    const { path: source, stat, outer } = folder;
    if (placeOnTrail(outer, stat) !== undefined)
      return await this.#fail(`cannot copy cyclic symbolic link '${source}'`);
    if (!this.#recursive) return await this.#fail(`-r not specified; omitting directory '${source}'`);
    const [from, to] = [resolvePath(cwd, source), resolvePath(cwd, destination)];
    if (`${to}/`.startsWith(`${from}/`))
      return await this.#fail(`cannot copy a directory, '${source}', into itself, '${destination}'`);
    const old = sys.call('statOrNull', to, true);
    if (old && (old.mode & S_IFMT) !== S_IFDIR) {
      return await this.#fail(`cannot overwrite non-directory '${destination}' with directory '${source}'`);
    }
    if (
      !old &&
      !(await attempt(
        this.#context,
        `cannot create directory '${destination}'`,
        () => void sys.call('mkdir', to, stat.mode & 0o7777, false),
      ))
    ) {
      this.status = 1;
      return;
    }
    if (this.#flags.has('v') && !old) await this.#context.stdout.line(`'${source}' -> '${destination}'`);
    for (const name of sys.call('readdir', from).names)
      await this.copy(joinPath(source, name), joinPath(destination, name), folder);
  }
}

const confirm = (context: UtilityContext, question: string): Promise<boolean> =>
  agrees(context, `${context.name}: ${question} `);

export const mv: Utility = async (context) => {
  const options = parseOptions(context.args, {
    short: 'fvnt:TiubS:',
    long: {
      force: 'f',
      verbose: 'v',
      'no-clobber': 'n',
      'target-directory=': 't',
      'no-target-directory': 'T',
      interactive: 'i',
      update: 'u',
      'update=': 'u',
      backup: 'b',
      'backup=': 'backup',
      'suffix=': 'S',
    },
  });
  if (options.problem) return await wrongUse(context, options.problem);
  const transfer = await readTransfer(context, options);
  if (!transfer) return 1;
  let status = 0;
  const backup = backupOf(context, options);
  for (const source of transfer.sources) {
    const destination = transfer.destination(source);
    if (!(await moveOne(context, { source, destination, flags: options.flags, backup }))) status = 1;
    else if (options.flags.has('v')) await context.stdout.line(`renamed '${source}' -> '${destination}'`);
  }
  return status;
};

async function moveOne(
  context: UtilityContext,
  move: {
    source: string;
    destination: string;
    flags: ReadonlySet<string>;
    backup: (path: string) => string | undefined;
  },
): Promise<boolean> {
  const { source, destination, flags, backup } = move;
  const [from, to] = [resolvePath(context.cwd, source), resolvePath(context.cwd, destination)];
  const stat = context.sys.call('statOrNull', from, false);
  const old = context.sys.call('statOrNull', to, true);
  const fail = async (message: string) => {
    await context.complain(message);
    return false;
  };
  if (!stat) return await fail(`cannot stat '${source}': No such file or directory`);
  if (old && flags.has('n')) return true;
  if (old && flags.has('u') && old.mtimeMs >= stat.mtimeMs) return true;
  if (from === to) return await fail(`'${source}' and '${destination}' are the same file`);
  const folder = (stat.mode & S_IFMT) === S_IFDIR;
  if (folder && `${to}/`.startsWith(`${from}/`))
    return await fail(`cannot move '${source}' to a subdirectory of itself, '${destination}'`);
  if (old && folder && (old.mode & S_IFMT) !== S_IFDIR)
    return await fail(`cannot overwrite non-directory '${destination}' with directory '${source}'`);
  if (old && flags.has('i') && !(await confirm(context, `overwrite '${destination}'?`))) return false;
  return await attempt(context, `cannot move '${source}' to '${destination}'`, () => {
    const kept = old ? backup(to) : undefined;
    if (kept !== undefined) context.sys.call('rename', to, kept);
    context.sys.call('rename', from, to);
  });
}

export const rm: Utility = async (context) => {
  const options = parseOptions(context.args, {
    short: 'rRfvdiI',
    long: {
      recursive: 'r',
      force: 'f',
      verbose: 'v',
      dir: 'd',
      interactive: 'i',
      'interactive=': 'i-when',
      'preserve-root': 'root',
      'no-preserve-root': 'no-root',
      'one-file-system': 'one',
    },
  });
  if (options.problem) return await wrongUse(context, options.problem);
  const force = options.flags.has('f');
  if (options.operands.length === 0) return force ? 0 : await wrongUse(context, 'missing operand');
  const when = lastValue(options, 'i-when');
  const flags = new Set(options.flags);
  if (when === 'always' || when === 'yes') flags.add('i');
  const once = (flags.has('I') || when === 'once') && !flags.has('i');
  const recursive = flags.has('r') || flags.has('R');
  const count = options.operands.length;
  if (once && (recursive || count > 3)) {
    const what = `remove ${count} argument${count === 1 ? '' : 's'}${recursive ? ' recursively' : ''}?`;
    if (!(await confirm(context, what))) return 0;
  }
  let status = 0;
  for (const name of options.operands) if (!(await removeOne(context, name, flags))) status = 1;
  return status;
};

async function removeOne(context: UtilityContext, name: string, flags: ReadonlySet<string>): Promise<boolean> {
  const recursive = flags.has('r') || flags.has('R');
  const fail = async (reason: string) => {
    await context.complain(`cannot remove '${name}': ${reason}`);
    return false;
  };
  if (recursive && /(^|\/)\.\.?\/*$/.test(name)) {
    await context.complain(`refusing to remove '.' or '..' directory: skipping '${name}'`);
    return false;
  }
  if (resolvePath(context.cwd, name) === '/') {
    await context.complain(
      `it is dangerous to operate recursively on '/'\n${context.name}: use --no-preserve-root to override this failsafe`,
    );
    return false;
  }
  const path = context.resolve(name.replace(/(.)\/+$/, '$1'));
  const stat = context.sys.call('statOrNull', path, false);
  if (!stat) return flags.has('f') ? true : await fail('No such file or directory');
  const folder = (stat.mode & S_IFMT) === S_IFDIR;
  if (folder && !recursive && !flags.has('d')) return await fail('Is a directory');
  const kind = stat.size === 0 && !folder ? 'regular empty file' : fileType(stat.mode);
  const asked = flags.has('i') && !flags.has('f');
  const children = folder && recursive ? context.sys.call('readdir', path).names : [];
  // A folder that is not empty is asked about twice: before what is in it, and after.
  if (asked && children.length > 0 && !(await confirm(context, `descend into directory '${name}'?`))) return true;
  if (folder && recursive && (flags.has('v') || asked)) {
    let complete = true;
    for (const child of children) if (!(await removeOne(context, joinPath(name, child), flags))) complete = false;
    if (!complete) return false;
  }
  if (asked && !(await confirm(context, `remove ${kind} '${name}'?`))) return true;
  if (asked && folder && context.sys.call('readdir', path).names.length > 0) return await fail('Directory not empty');
  const removed = await attempt(context, `cannot remove '${name}'`, () => {
    if (folder && recursive) context.sys.call('remove', path, true);
    else context.sys.call(folder ? 'rmdir' : 'unlink', path);
  });
  if (removed && flags.has('v')) await context.stdout.line(`removed ${folder ? 'directory ' : ''}'${name}'`);
  return removed;
}
