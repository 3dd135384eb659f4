/** tar: create, list and extract, with gzip. */

import { gzipSync } from 'fflate';
import { packTar, type TarEntry } from 'modern-tar';
import { S_IFCHR, S_IFDIR, S_IFIFO, S_IFLNK, S_IFMT, S_IFSOCK } from '../../kernel/file-modes.ts';
import { append } from '../../kernel/large-lists.ts';
import type { Stat } from '../../kernel/syscalls.ts';
import { describeError, errorCode } from '../errors.ts';
import { patternToRegExp } from '../expansion/pattern.ts';
import { directoryName, joinPath, resolvePath } from '../paths.ts';
import { readWholeText } from '../utilities/inputs.ts';
import { lastValue, type Options, parseOptions } from '../utilities/options.ts';
import { zoneOf } from '../utilities/strftime.ts';
import { placeOnTrail, type Trail } from '../utilities/trail.ts';
import type { Utility, UtilityContext } from '../utility.ts';
import { MISSING_COMPRESSORS } from './missing-compressors.ts';
import { type Entry, fail, failMissing, readArchive } from './tar-archive.ts';
import { type Attributes, attributesOf } from './tar-attributes.ts';
import { longLine } from './tar-list.ts';
import { excluder, folderOf, missingFolder, placeOf, renamer, topLevel } from './tar-names.ts';
import { writeBytes } from './write-bytes.ts';

export const tar: Utility = async (context) => {
  // `tar czf x.tgz dir`: letters without a dash.
  const [first = '', ...rest] = context.args;
  const args = /^[A-Za-z]+$/.test(first) ? bundled(first, rest) : context.args;
  const options = parseOptions(args, {
    short: 'cxtrudAzvf:C:kOphajJmPwWT:X:l',
    long: {
      create: 'c',
      extract: 'x',
      get: 'x',
      list: 't',
      gzip: 'z',
      gunzip: 'z',
      verbose: 'v',
      'file=': 'f',
      'directory=': 'C',
      'strip-components=': 'strip',
      'exclude=': 'exclude',
      'to-stdout': 'O',
      'auto-compress': 'a',
      'keep-old-files': 'k',
      append: 'r',
      catenate: 'A',
      concatenate: 'A',
      'one-top-level': 'top',
      'one-top-level=': 'top',
      update: 'u',
      delete: 'delete',
      diff: 'd',
      compare: 'd',
      'files-from=': 'T',
      'exclude-from=': 'X',
      'exclude-vcs': 'exclude-vcs',
      'transform=': 'transform',
      'xform=': 'transform',
      wildcards: 'wildcards',
      'no-wildcards': 'no-wildcards',
      'no-recursion': 'no-recursion',
      'absolute-names': 'P',
      'skip-old-files': 'skip',
      overwrite: 'overwrite',
      touch: 'm',
      'same-permissions': 'p',
      'preserve-permissions': 'p',
      'no-same-owner': 'no-same-owner',
      'no-same-permissions': 'no-same-permissions',
      'owner=': 'owner',
      'group=': 'group',
      'mtime=': 'mtime',
      'mode=': 'mode',
      'sort=': 'sort',
      'format=': 'format',
      'numeric-owner': 'numeric-owner',
      dereference: 'h',
      null: 'null',
      xz: 'J',
      bzip2: 'j',
      version: 'version',
      totals: 'totals',
      'no-auto-compress': 'no-a',
      'warning=': 'warning',
      'full-time': 'full-time',
    },
  });
  if (options.problem) {
    await context.complain(`${options.problem}\nTry 'tar --help' or 'tar --usage' for more information.`);
    return 64;
  }
  const { flags } = options;
  if (flags.has('version')) {
    await context.stdout.line('tar (GNU tar) 1.34');
    return 0;
  }
  const compressor = MISSING_COMPRESSORS.find(({ flag }) => flag !== undefined && flags.has(flag));
  if (compressor) return await failMissing(context, compressor);
  const modes = MODES.filter((mode) => flags.has(mode));
  if (modes.length !== 1) {
    await context.complain(
      `You ${modes.length === 0 ? "must specify one of the '-Acdtrux', '--delete' or '--test-label' options" : "may not specify more than one '-Acdtrux', '--delete' or  '--test-label' option"}\nTry 'tar --help' or 'tar --usage' for more information.`,
    );
    return 2;
  }
  const listed = await withListed(context, options);
  if (typeof listed === 'number') return listed;
  const missing = flags.has('t') ? undefined : missingFolder(context, options);
  if (missing !== undefined) return await fail(context, `${missing}: Cannot open: No such file or directory`);
  if (flags.has('c')) return await create(context, listed);
  return flags.has('x') || flags.has('t') ? await read(context, listed) : await change(context, listed);
};

const MODES = ['c', 'x', 't', 'r', 'u', 'd', 'A', 'delete'];

/** The names that `-T` brings, behind those that were given; patterns of `-X` and `--exclude-vcs` beside the others. */
async function withListed(context: UtilityContext, options: Options): Promise<Options | number> {
  const lines = async (name: string): Promise<string[]> => {
    const text = await readWholeText(context, name);
    return text.split(options.flags.has('null') ? '\0' : '\n').filter((line) => line !== '');
  };
  const operands = [...options.operands];
  const exclude = [...(options.values.get('exclude') ?? [])];
  if (options.flags.has('exclude-vcs'))
    exclude.push('.git', '.gitignore', '.gitattributes', '.gitmodules', '.svn', '.hg', '.hgignore', 'CVS');
  for (const [letter, list] of [['T', operands] as const, ['X', exclude] as const]) {
    for (const name of options.values.get(letter) ?? []) {
      try {
        append(list, await lines(name));
      } catch (error) {
        if (errorCode(error) === undefined) throw error;
        return await fail(context, `${name}: Cannot ${letter === 'T' ? 'stat' : 'open'}: ${describeError(error)}`);
      }
    }
  }
  return { ...options, operands, values: new Map([...options.values, ['exclude', exclude]]) };
}

/** As options with dashes; those that take a value take it from the words behind. */
function bundled(letters: string, words: readonly string[]): string[] {
  const rest = [...words];
  const options = [...letters].flatMap((letter) =>
    'fCTX'.includes(letter) ? [`-${letter}`, rest.shift() ?? ''] : [`-${letter}`],
  );
  return [...options, ...rest];
}

interface Gathered {
  entries: TarEntry[];
  status: number;
}

/** The files of the operands, as members of an archive. */
async function gather(context: UtilityContext, options: Options, told: UtilityContext['stdout']): Promise<Gathered> {
  const excluded = excluder(options);
  const rename = renamer(options);
  const attributes = attributesOf(context, options);
  let base = context.cwd;
  const entries: TarEntry[] = [];
  const loops: string[] = [];
  const unread: string[] = [];
  const sockets: string[] = [];
  /** By inode, the member that has the content. */
  const first = new Map<number, string>();
  /** False when there is nothing of that name. */
  const addPath = (name: string, outer?: Trail): boolean => {
    let failing = 'stat';
    try {
      const path = resolvePath(base, name);
      const stat = context.sys.call('statOrNull', path, options.flags.has('h'));
      if (!stat) return false;
      failing = 'open';
      return addMember(name, { path, stat, outer });
    } catch (error) {
      if (errorCode(error) === undefined) throw error;
      unread.push(`${name}: Cannot ${failing}: ${describeError(error)}`);
      return true;
    }
  };
  const addMember = (name: string, { path, stat, outer }: Trail): boolean => {
    if (excluded(name)) return true;
    const kind = stat.mode & S_IFMT;
    if (kind === S_IFDIR && placeOnTrail(outer, stat) !== undefined) {
      loops.push(name);
      return true;
    }
    const header = headerOf(stat, attributes);
    const stored = rename(options.flags.has('P') ? name : name.replace(/^\/+/, ''));
    if (kind === S_IFDIR) {
      if (stored !== '')
        entries.push({ header: { ...header, name: `${stored.replace(/\/$/, '')}/`, size: 0, type: 'directory' } });
      if (options.flags.has('no-recursion')) return true;
      for (const child of context.sys.call('readdir', path).names)
        addPath(joinPath(name, child), { path, stat, outer });
    } else if (kind === S_IFLNK) {
      entries.push({
        header: { ...header, name: stored, size: 0, type: 'symlink', linkname: context.sys.call('readlink', path) },
      });
    } else if (kind === S_IFSOCK) {
      sockets.push(name);
    } else if (kind === S_IFIFO || kind === S_IFCHR) {
      const type = kind === S_IFIFO ? 'fifo' : 'character-device';
      entries.push({ header: { ...header, name: stored, size: 0, type } });
    } else if (stat.nlink > 1 && stored !== (first.get(stat.ino) ?? stored)) {
      entries.push({ header: { ...header, name: stored, size: 0, type: 'link', linkname: first.get(stat.ino) ?? '' } });
    } else {
      first.set(stat.ino, stored);
      const body = new Uint8Array(context.sys.call('readFile', path));
      entries.push({ header: { ...header, name: stored, size: body.length, type: 'file' }, body });
    }
    return true;
  };
  let status = 0;
  for (const [index, operand] of options.operands.entries()) {
    const given = options.given[index];
    // What `-T` brings comes behind all options.
    base = folderOf(context, options, given && (given.get('C') ?? 0));
    if (operand.startsWith('/') && !options.flags.has('P'))
      await context.complain("Removing leading `/' from member names");
    if (addPath(operand)) continue;
    await context.complain(`${operand}: Cannot stat: No such file or directory`);
    status = 2;
  }
  for (const name of sockets) await context.complain(`${name}: socket ignored`);
  for (const problem of unread) await context.complain(problem);
  if (unread.length > 0) status = 2;
  // GNU tar follows such a link as long as a path may be.
  for (const name of loops) await context.complain(`${name}: recursive directory loop; not dumped`);
  if (options.flags.has('v')) for (const { header } of entries) await told.write(`${header.name}\n`);
  return { entries, status };
}

function headerOf({ mode, mtimeMs }: Stat, { mtime, owner, group, changeMode }: Attributes) {
  const time = mtime ?? new Date(Math.floor(mtimeMs / 1000) * 1000);
  return { mode: changeMode(mode), mtime: time, ...owner, ...group };
}

async function create(context: UtilityContext, options: Options): Promise<number> {
  const { flags } = options;
  if (options.operands.length === 0)
    return await fail(
      context,
      "Cowardly refusing to create an empty archive\nTry 'tar --help' or 'tar --usage' for more information.",
    );
  const file = lastValue(options, 'f') ?? '-';
  const compressor = flags.has('a') ? MISSING_COMPRESSORS.find(({ ending }) => ending.test(file)) : undefined;
  if (compressor) return await failMissing(context, compressor);
  const { entries, status } = await gather(context, options, file === '-' ? context.stderr : context.stdout);
  const packed = await packTar(entries);
  const gzip = flags.has('z') || (flags.has('a') && /\.t?gz$/.test(file));
  const bytes = gzip ? gzipSync(packed, { mtime: 0 }) : packed;
  if (file === '-') await context.stdout.write(bytes);
  else writeBytes(context, resolvePath(context.cwd, file), bytes, 0o666);
  if (status !== 0) await context.complain('Exiting with failure status due to previous errors');
  return status;
}

async function read(context: UtilityContext, options: Options): Promise<number> {
  const entries = await readArchive(context, options);
  if (typeof entries === 'number') return entries;
  const excluded = excluder(options);
  const wanted = options.operands.map((operand) => operand.replace(/\/$/, ''));
  const patterns = options.flags.has('wildcards') ? wanted.map((item) => patternToRegExp(item)) : [];
  const found = new Set<string>();
  const chosen = entries.filter(({ header }) => {
    const name = header.name.replace(/\/$/, '');
    if (excluded(name)) return false;
    const match = wanted.find(
      (item, index) => name === item || name.startsWith(`${item}/`) || patterns[index]?.test(name),
    );
    if (match !== undefined) found.add(match);
    return wanted.length === 0 || match !== undefined;
  });
  const [changeName, putBelow] = [renamer(options), topLevel(options)];
  const rename = (name: string) => putBelow(changeName(name));
  let kept = true;
  for (const { header, data } of chosen)
    kept =
      (await handleEntry(context, options, {
        header: { ...header, name: rename(header.name) },
        ...(data ? { data } : {}),
      })) && kept;
  const missing = wanted.filter((item) => !found.has(item));
  for (const item of missing) await context.complain(`${item}: Not found in archive`);
  const failed = missing.length > 0 || !kept;
  if (failed) await context.complain('Exiting with failure status due to previous errors');
  return failed ? 2 : 0;
}

/** `-r`, `-u`, `--delete`, `-d`: what changes an archive, or compares it. */
async function change(context: UtilityContext, options: Options): Promise<number> {
  const { flags } = options;
  const file = lastValue(options, 'f');
  if (file === undefined) return await fail(context, "Options '-Aru' are incompatible with '-f -'");
  const path = resolvePath(context.cwd, file);
  const present = flags.has('r') || flags.has('u') ? context.sys.call('statOrNull', path, true) !== null : true;
  const entries = present ? await readArchive(context, options) : [];
  if (typeof entries === 'number') return entries;
  if (flags.has('d')) return await compareMembers(context, options, entries);
  let next: TarEntry[] = entries.map(({ header, data }) => ({ header, body: data ?? new Uint8Array(0) }));
  let status = 0;
  if (flags.has('delete')) {
    const gone = (name: string) =>
      options.operands.some(
        (item) => name.replace(/\/$/, '') === item.replace(/\/$/, '') || name.startsWith(`${item}/`),
      );
    for (const item of options.operands) {
      if (entries.some(({ header }) => header.name.replace(/\/$/, '') === item || header.name.startsWith(`${item}/`)))
        continue;
      await context.complain(`${item}: Not found in archive`);
      status = 2;
    }
    next = next.filter(({ header }) => !gone(header.name));
  } else if (flags.has('A')) {
    for (const name of options.operands) {
      const more = await readArchive(context, { ...options, values: new Map([...options.values, ['f', [name]]]) });
      if (typeof more === 'number') return more;
      append(
        next,
        more.map(({ header, data }) => ({ header, body: data ?? new Uint8Array(0) })),
      );
    }
  } else {
    const gathered = await gather(context, options, context.stdout);
    status = gathered.status;
    const times = new Map(entries.map(({ header }) => [header.name, header.mtime?.getTime() ?? 0]));
    const isNewer = ({ header }: TarEntry) => (header.mtime?.getTime() ?? 0) > (times.get(header.name) ?? -1);
    append(next, flags.has('u') ? gathered.entries.filter(isNewer) : gathered.entries);
  }
  writeBytes(context, path, await packTar(next), 0o666);
  if (status !== 0) await context.complain('Exiting with failure status due to previous errors');
  return status;
}

async function compareMembers(context: UtilityContext, options: Options, entries: readonly Entry[]): Promise<number> {
  let differ = false;
  const tell = async (name: string, what: string) => {
    differ = true;
    await context.stdout.line(`${name}: ${what}`);
  };
  for (const { header, data } of entries) {
    const path = resolvePath(folderOf(context, options), header.name);
    const stat = context.sys.call('statOrNull', path, false);
    if (!stat) {
      differ = true;
      await context.stdout.flush();
      await context.complain(`${header.name}: Warning: Cannot stat: No such file or directory`);
      continue;
    }
    if ((stat.mode & 0o777) !== ((header.mode ?? 0) & 0o777)) await tell(header.name, 'Mode differs');
    if (header.type !== 'file') continue;
    if (Math.floor(stat.mtimeMs / 1000) !== Math.floor((header.mtime?.getTime() ?? 0) / 1000))
      await tell(header.name, 'Mod time differs');
    const bytes = new Uint8Array(context.sys.call('readFile', path));
    const stored = data ?? new Uint8Array(0);
    if (bytes.length !== stored.length) await tell(header.name, 'Size differs');
    else if (bytes.some((byte, index) => byte !== stored[index])) await tell(header.name, 'Contents differ');
  }
  return differ ? 1 : 0;
}

/** False for what could not be written. */
async function handleEntry(context: UtilityContext, options: Options, { header, data }: Entry): Promise<boolean> {
  const { flags } = options;
  if (flags.has('t')) {
    const style = { zone: zoneOf(context.env.get('TZ')), isNumeric: flags.has('numeric-owner') };
    await context.stdout.line(flags.has('v') ? longLine(header, style) : header.name);
    return true;
  }
  const path = placeOf(context, options, header.name);
  if (flags.has('v') && path !== null) await context.stdout.line(header.name);
  const content = data ?? new Uint8Array(0);
  if (flags.has('O')) {
    await context.stdout.write(content);
    return true;
  }
  if (path === null) return true;
  const { sys } = context;
  if (header.type === 'directory') {
    sys.call('mkdir', path, 0o777, true);
    sys.call('chmod', path, header.mode ?? 0o755);
    return true;
  }
  sys.call('mkdir', directoryName(path), 0o777, true);
  if ((flags.has('k') || flags.has('skip')) && sys.call('statOrNull', path, false)) {
    if (flags.has('skip')) return true;
    await context.complain(`${header.name}: Cannot open: File exists`);
    return false;
  }
  sys.call('remove', path, true);
  if (header.type === 'symlink') sys.call('symlink', header.linkname ?? '', path);
  else if (header.type === 'link') sys.call('link', placeOf(context, options, header.linkname ?? '') ?? '', path);
  else if (header.type === 'fifo') sys.call('mkfifo', path, header.mode ?? 0o644);
  else {
    writeBytes(context, path, content, 0o666);
    sys.call('chmod', path, (header.mode ?? 0o644) & 0o777);
    const ms = header.mtime?.getTime() ?? Date.now();
    if (!flags.has('m')) sys.call('utimes', path, ms, ms, true);
  }
  return true;
}
