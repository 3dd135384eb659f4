/** tar: create, list and extract, with gzip. */
import { gunzipSync, gzipSync } from 'fflate';
import { packTar, type TarEntry, unpackTar } from 'modern-tar';
import { S_IFDIR, S_IFLNK, S_IFMT } from '../../kernel/file-modes.ts';
import { describeError, errorCode } from '../errors.ts';
import { patternToRegExp } from '../expansion/pattern.ts';
import { directoryName, joinPath, resolvePath } from '../paths.ts';
import { lastValue, type Options, parseOptions } from '../utilities/options.ts';
import { strftime } from '../utilities/strftime.ts';
import type { Utility, UtilityContext } from '../utility.ts';

/** tar's own words for a failure. */
async function fail(context: UtilityContext, problem: string): Promise<number> {
  await context.complain(`${problem}\ntar: Error is not recoverable: exiting now`);
  return 2;
}

export const tar: Utility = async (context) => {
  // `tar czf x.tgz dir`: letters without a dash.
  const [first = '', ...rest] = context.args;
  const args = /^[A-Za-z]+$/.test(first) ? bundled(first, rest) : context.args;
  const options = parseOptions(args, {
    short: 'cxtzvf:C:kOphajmP',
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
    },
  });
  if (options.problem) {
    await context.complain(`${options.problem}\nTry 'tar --help' or 'tar --usage' for more information.`);
    return 64;
  }
  const { flags } = options;
  const modes = ['c', 'x', 't'].filter((mode) => flags.has(mode));
  if (modes.length !== 1) {
    await context.complain(
      `You ${modes.length === 0 ? 'must' : 'may not'} specify ${modes.length === 0 ? 'one of the' : 'more than one'} '-Acdtrux', '--delete' or '--test-label' option${modes.length === 0 ? 's' : ''}\nTry 'tar --help' or 'tar --usage' for more information.`,
    );
    return 2;
  }
  return flags.has('c') ? await create(context, options) : await read(context, options);
};

/** As options with dashes; those that take a value take it from the words behind. */
function bundled(letters: string, words: readonly string[]): string[] {
  const rest = [...words];
  const options = [...letters].flatMap((letter) =>
    'fC'.includes(letter) ? [`-${letter}`, rest.shift() ?? ''] : [`-${letter}`],
  );
  return [...options, ...rest];
}

function excluder(options: Options): (path: string) => boolean {
  const tests = (options.values.get('exclude') ?? []).map((pattern) => patternToRegExp(pattern.replace(/\/$/, '')));
  return (path) => {
    const parts = path.replace(/\/$/, '').split('/');
    return tests.some((test) =>
      parts.some(
        (_, index) =>
          test.test(parts.slice(index).join('/')) ||
          test.test(parts.slice(0, index + 1).join('/')) ||
          test.test(parts[index] ?? ''),
      ),
    );
  };
}

async function create(context: UtilityContext, options: Options): Promise<number> {
  const { flags } = options;
  if (options.operands.length === 0)
    return await fail(
      context,
      "Cowardly refusing to create an empty archive\nTry 'tar --help' or 'tar --usage' for more information.",
    );
  const file = lastValue(options, 'f') ?? '-';
  const base = resolvePath(context.cwd, lastValue(options, 'C') ?? '.');
  const excluded = excluder(options);
  const entries: TarEntry[] = [];
  let status = 0;
  const addPath = (name: string): boolean => {
    const path = resolvePath(base, name);
    const stat = context.sys.call('statOrNull', path, false);
    if (!stat) return false;
    if (excluded(name)) return true;
    const kind = stat.mode & S_IFMT;
    const header = {
      mode: stat.mode & 0o7777,
      mtime: new Date(Math.floor(stat.mtimeMs / 1000) * 1000),
      uid: 0,
      gid: 0,
      uname: 'root',
      gname: 'root',
    };
    const stored = name.replace(/^\/+/, '');
    if (kind === S_IFDIR) {
      if (stored !== '')
        entries.push({ header: { ...header, name: `${stored.replace(/\/$/, '')}/`, size: 0, type: 'directory' } });
      for (const child of context.sys.call('readdir', path).names) addPath(joinPath(name, child));
    } else if (kind === S_IFLNK) {
      entries.push({
        header: { ...header, name: stored, size: 0, type: 'symlink', linkname: context.sys.call('readlink', path) },
      });
    } else {
      const body = new Uint8Array(context.sys.call('readFile', path));
      entries.push({ header: { ...header, name: stored, size: body.length, type: 'file' }, body });
    }
    return true;
  };
  for (const operand of options.operands) {
    if (operand.startsWith('/')) await context.complain("Removing leading `/' from member names");
    if (addPath(operand)) continue;
    await context.complain(`${operand}: Cannot stat: No such file or directory`);
    status = 2;
  }
  if (flags.has('v')) {
    const told = file === '-' ? context.stderr : context.stdout;
    for (const { header } of entries) await told.write(`${header.name}\n`);
  }
  const packed = await packTar(entries);
  const gzip = flags.has('z') || (flags.has('a') && /\.t?gz$/.test(file));
  const bytes = gzip ? gzipSync(packed, { mtime: 0 }) : packed;
  if (file === '-') await context.stdout.write(bytes);
  else writeFile(context, resolvePath(context.cwd, file), bytes, 0o666);
  if (status !== 0) await context.complain('Exiting with failure status due to previous errors');
  return status;
}

function writeFile(context: UtilityContext, path: string, bytes: Uint8Array, mode: number): void {
  const fd = context.sys.call('open', path, 0o1101, mode);
  try {
    for (let rest = bytes; rest.length > 0; ) rest = rest.subarray(context.sys.call('write', fd, rest, null));
  } finally {
    context.sys.call('close', fd);
  }
}

async function read(context: UtilityContext, options: Options): Promise<number> {
  const file = lastValue(options, 'f') ?? '-';
  let bytes: Uint8Array;
  try {
    bytes =
      file === '-'
        ? await context.stdin.bytes()
        : new Uint8Array(context.sys.call('readFile', resolvePath(context.cwd, file)));
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return await fail(context, `${file}: Cannot open: ${describeError(error)}`);
  }
  let entries: Awaited<ReturnType<typeof unpackTar>>;
  try {
    const plain = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
    entries = await unpackTar(new Uint8Array(plain));
  } catch {
    await context.complain('This does not look like a tar archive');
    await context.complain('Exiting with failure status due to previous errors');
    return 2;
  }
  const excluded = excluder(options);
  const wanted = options.operands.map((operand) => operand.replace(/\/$/, ''));
  const found = new Set<string>();
  const chosen = entries.filter(({ header }) => {
    const name = header.name.replace(/\/$/, '');
    if (excluded(name)) return false;
    const match = wanted.find((item) => name === item || name.startsWith(`${item}/`));
    if (match !== undefined) found.add(match);
    return wanted.length === 0 || match !== undefined;
  });
  for (const entry of chosen) await handleEntry(context, options, entry);
  const missing = wanted.filter((item) => !found.has(item));
  for (const item of missing) await context.complain(`${item}: Not found in archive`);
  if (missing.length > 0) await context.complain('Exiting with failure status due to previous errors');
  return missing.length > 0 ? 2 : 0;
}

type Entry = Awaited<ReturnType<typeof unpackTar>>[number];

async function handleEntry(context: UtilityContext, options: Options, { header, data }: Entry): Promise<void> {
  const { flags } = options;
  if (flags.has('t')) {
    await context.stdout.line(flags.has('v') ? longLine(header) : header.name);
    return;
  }
  if (flags.has('v')) await context.stdout.line(header.name);
  const content = data ?? new Uint8Array(0);
  if (flags.has('O')) {
    await context.stdout.write(content);
    return;
  }
  const parts = header.name.split('/').filter((part) => part !== '' && part !== '.');
  const kept = parts.slice(Number(lastValue(options, 'strip') ?? 0));
  // Nothing is written outside of the folder.
  if (kept.length === 0 || kept.includes('..')) return;
  const path = resolvePath(resolvePath(context.cwd, lastValue(options, 'C') ?? '.'), kept.join('/'));
  const { sys } = context;
  if (header.type === 'directory') {
    sys.call('mkdir', path, 0o777, true);
    sys.call('chmod', path, header.mode ?? 0o755);
    return;
  }
  sys.call('mkdir', directoryName(path), 0o777, true);
  sys.call('remove', path, true);
  if (header.type === 'symlink') sys.call('symlink', header.linkname ?? '', path);
  else if (header.type === 'link') sys.call('link', resolvePath(context.cwd, header.linkname ?? ''), path);
  else {
    writeFile(context, path, content, 0o666);
    sys.call('chmod', path, (header.mode ?? 0o644) & 0o777);
    const ms = header.mtime?.getTime() ?? Date.now();
    if (!flags.has('m')) sys.call('utimes', path, ms, ms, true);
  }
}

function longLine({ name, mode = 0o644, size, type, mtime, linkname }: Entry['header']): string {
  const letters = [6, 3, 0]
    .map(
      (shift) =>
        `${(mode >> shift) & 4 ? 'r' : '-'}${(mode >> shift) & 2 ? 'w' : '-'}${(mode >> shift) & 1 ? 'x' : '-'}`,
    )
    .join('');
  const kind = type === 'directory' ? 'd' : type === 'symlink' ? 'l' : '-';
  const arrow = type === 'symlink' ? ` -> ${linkname}` : '';
  return `${kind}${letters} root/root ${String(size ?? 0).padStart(9)} ${strftime('%Y-%m-%d %H:%M', mtime?.getTime() ?? 0)} ${name}${arrow}`;
}
