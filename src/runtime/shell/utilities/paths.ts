/** realpath readlink mktemp stat du. */
import { S_IFDIR, S_IFLNK, S_IFMT } from '../../kernel/file-modes.ts';
import { describeError, errorCode } from '../errors.ts';
import { patternToRegExp } from '../expansion/pattern.ts';
import { joinPath, resolvePath } from '../paths.ts';
import type { Utility, UtilityContext } from '../utility.ts';
import { relativePath } from './files.ts';
import { fileType, formatMode, formatSize, userName } from './format.ts';
import { lastValue, parseOptions } from './options.ts';
import { wrongUse } from './wrong-use.ts';

/** Resolves every link; the last part need not exist, with `missing` none. */
function canonical(context: UtilityContext, name: string, missing = false): string {
  const path = resolvePath(context.cwd, name);
  if (context.sys.call('statOrNull', path, true)) return context.sys.call('realpath', path);
  const slash = path.lastIndexOf('/');
  if (missing) return joinPath(canonical(context, path.slice(0, slash) || '/', true), path.slice(slash + 1));
  const link = context.sys.call('statOrNull', path, false);
  if (link) return canonical(context, resolvePath(path.slice(0, slash) || '/', context.sys.call('readlink', path)));
  return joinPath(context.sys.call('realpath', path.slice(0, slash) || '/'), path.slice(slash + 1));
}

export const realpath: Utility = async (context) => {
  const options = parseOptions(context.args, {
    short: 'emqsz',
    long: {
      quiet: 'q',
      'relative-to=': 'to',
      'relative-base=': 'base',
      'no-symlinks': 's',
      strip: 's',
      'canonicalize-existing': 'e',
      'canonicalize-missing': 'm',
      zero: 'z',
    },
  });
  if (options.problem) return await wrongUse(context, options.problem);
  if (options.operands.length === 0) return await wrongUse(context, 'missing operand');
  let status = 0;
  for (const name of options.operands) {
    try {
      const path = options.flags.has('e')
        ? context.sys.call('realpath', context.resolve(name))
        : options.flags.has('s')
          ? resolvePath(context.cwd, name)
          : canonical(context, name, options.flags.has('m'));
      const base = lastValue(options, 'base');
      const within = base === undefined ? undefined : canonical(context, base);
      // Only what lies below the base is told from it, or from where else is asked.
      const outside = within !== undefined && `${path}/`.startsWith(`${within}/`.replace('//', '/')) === false;
      const to = outside ? undefined : (lastValue(options, 'to') ?? within);
      const shown = to === undefined ? path : relativePath(canonical(context, to), path);
      await context.stdout.write(`${shown}${options.flags.has('z') ? '\0' : '\n'}`);
    } catch (error) {
      if (errorCode(error) === undefined) throw error;
      if (!options.flags.has('q')) await context.complain(`${name}: ${describeError(error)}`);
      status = 1;
    }
  }
  return status;
};

export const readlink: Utility = async (context) => {
  const options = parseOptions(context.args, {
    short: 'femnqsvz',
    long: {
      canonicalize: 'f',
      'canonicalize-existing': 'e',
      'canonicalize-missing': 'm',
      'no-newline': 'n',
      zero: 'z',
    },
  });
  if (options.problem) return await wrongUse(context, options.problem);
  if (options.operands.length === 0) return await wrongUse(context, 'missing operand');
  let status = 0;
  for (const name of options.operands) {
    try {
      const follow = options.flags.has('f') || options.flags.has('e') || options.flags.has('m');
      const path = options.flags.has('e')
        ? context.sys.call('realpath', context.resolve(name))
        : follow
          ? canonical(context, name, options.flags.has('m'))
          : context.sys.call('readlink', context.resolve(name));
      await context.stdout.write(options.flags.has('n') ? path : `${path}\n`);
    } catch (error) {
      if (errorCode(error) === undefined) throw error;
      status = 1;
    }
  }
  return status;
};

export const mktemp: Utility = async (context) => {
  const options = parseOptions(context.args, {
    short: 'dup:qt',
    long: { directory: 'd', 'dry-run': 'u', 'tmpdir=': 'p', tmpdir: 't', quiet: 'q', 'suffix=': 'suffix' },
  });
  if (options.problem) return await wrongUse(context, options.problem);
  const [given] = options.operands;
  const suffix = lastValue(options, 'suffix') ?? '';
  const template = (given ?? 'tmp.XXXXXXXXXX') + suffix;
  const marks = /X{3,}(?=[^X]*$)/.exec(template);
  if (!marks) {
    await context.complain(`too few X's in template ‘${template}’`);
    return 1;
  }
  const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
  const random = Array.from(
    crypto.getRandomValues(new Uint8Array(marks[0].length)),
    (byte) => letters[byte % letters.length],
  ).join('');
  const name = template.slice(0, marks.index) + random + template.slice(marks.index + marks[0].length);
  const folder =
    lastValue(options, 'p') ??
    (given === undefined || options.flags.has('t') ? (context.env.get('TMPDIR') ?? '/tmp') : '');
  const path = folder === '' ? name : joinPath(folder, name);
  const folders = options.flags.has('d');
  try {
    if (folders && !options.flags.has('u')) context.sys.call('mkdir', context.resolve(path), 0o700, false);
    else if (!options.flags.has('u'))
      context.sys.call('close', context.sys.call('open', context.resolve(path), 0o301, 0o600));
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    const shown = folder === '' ? template : joinPath(folder, template);
    if (!options.flags.has('q'))
      await context.complain(
        `failed to create ${folders ? 'directory' : 'file'} via template ‘${shown}’: ${describeError(error)}`,
      );
    return 1;
  }
  await context.stdout.line(path);
  return 0;
};

export const stat: Utility = async (context) => {
  const options = parseOptions(context.args, {
    short: 'c:Lft',
    long: { 'format=': 'c', 'printf=': 'printf', dereference: 'L' },
  });
  if (options.problem) return await wrongUse(context, options.problem);
  if (options.operands.length === 0) return await wrongUse(context, 'missing operand');
  const format = lastValue(options, 'c');
  const raw = lastValue(options, 'printf');
  let status = 0;
  for (const name of options.operands) {
    try {
      const text = describeFile(context, name, { format: format ?? raw, follow: options.flags.has('L') });
      await context.stdout.write(
        raw === undefined ? `${text}\n` : text.replaceAll('\\n', '\n').replaceAll('\\t', '\t'),
      );
    } catch (error) {
      if (errorCode(error) === undefined) throw error;
      await context.complain(`cannot statx '${name}': ${describeError(error)}`);
      status = 1;
    }
  }
  return status;
};

const DEFAULT_FORMAT =
  '  File: %N\n  Size: %-10s\tBlocks: %-10b IO Block: %-6o %F\nDevice: %Hd,%Ld\tInode: %-10i  Links: %h\nAccess: (%04a/%10.10A)  Uid: (%5u/%8U)   Gid: (%5g/%8G)\nAccess: %x\nModify: %y\nChange: %z\n Birth: %w';

function describeFile(
  context: UtilityContext,
  name: string,
  { format = DEFAULT_FORMAT, follow }: { format: string | undefined; follow: boolean },
): string {
  const info = context.sys.call('stat', context.resolve(name), follow);
  const time = (ms: number) => `${new Date(ms).toISOString().replace('T', ' ').replace('Z', '000000')} +0000`;
  const seconds = (ms: number) => String(Math.floor(ms / 1000));
  const type = fileType(info.mode) === 'regular file' && info.size === 0 ? 'regular empty file' : fileType(info.mode);
  const fields: Record<string, () => string> = {
    n: () => name,
    N: () =>
      name + ((info.mode & S_IFMT) === S_IFLNK ? ` -> ${context.sys.call('readlink', context.resolve(name))}` : ''),
    s: () => String(info.size),
    F: () => type,
    a: () => (info.mode & 0o7777).toString(8),
    A: () => formatMode(info.mode),
    f: () => info.mode.toString(16),
    u: () => String(info.uid),
    g: () => String(info.gid),
    U: () => userName(context.env, info.uid),
    G: () => userName(context.env, info.gid),
    h: () => String(info.nlink),
    i: () => String(info.ino),
    d: () => String(info.dev),
    Hd: () => String(Math.floor(info.dev / 256)),
    Ld: () => String(info.dev % 256),
    b: () => String(info.blocks),
    B: () => '512',
    o: () => String(info.blksize),
    x: () => time(info.atimeMs),
    y: () => time(info.mtimeMs),
    z: () => time(info.ctimeMs),
    w: () => time(info.birthtimeMs),
    X: () => seconds(info.atimeMs),
    Y: () => seconds(info.mtimeMs),
    Z: () => seconds(info.ctimeMs),
    W: () => seconds(info.birthtimeMs),
    '%': () => '%',
  };
  return format.replace(
    /%([-0 ]*)(\d+)?(?:\.(\d+))?([HL]?[A-Za-z]|%)/g,
    (all, flags: string, width: string | undefined, most: string | undefined, letter: string) => {
      const text = fields[letter]?.();
      if (text === undefined) return all;
      const shown = most === undefined ? text : text.slice(0, Number(most));
      if (flags.includes('-')) return shown.padEnd(Number(width ?? '0'));
      return shown.padStart(Number(width ?? '0'), flags.includes('0') ? '0' : ' ');
    },
  );
}

export const du: Utility = async (context) => {
  const options = parseOptions(context.args, {
    short: 'shakbcd:mLxDS0t:',
    long: {
      summarize: 's',
      'human-readable': 'h',
      all: 'a',
      bytes: 'b',
      total: 'c',
      'max-depth=': 'd',
      'apparent-size': 'apparent',
      'exclude=': 'exclude',
      'one-file-system': 'x',
      dereference: 'L',
    },
  });
  if (options.problem) return await wrongUse(context, options.problem);
  const excluded = (options.values.get('exclude') ?? []).map((pattern) => patternToRegExp(pattern));
  const deepest = options.flags.has('s') ? 0 : Number(lastValue(options, 'd') ?? 'Infinity');
  const show = async (bytes: number, path: string) => {
    const text = options.flags.has('h')
      ? formatSize(bytes)
      : options.flags.has('b')
        ? String(bytes)
        : String(Math.ceil(bytes / (options.flags.has('m') ? 1_048_576 : 1024)));
    await context.stdout.line(`${text}\t${path}`);
  };
  const measure = async (path: string, depth: number): Promise<number> => {
    const info = context.sys.call('stat', context.resolve(path), false);
    let bytes = options.flags.has('b') || options.flags.has('apparent') ? info.size : info.blocks * 512;
    const folder = (info.mode & S_IFMT) === S_IFDIR;
    if (folder)
      for (const name of context.sys.call('readdir', context.resolve(path)).names)
        if (!excluded.some((pattern) => pattern.test(name))) bytes += await measure(joinPath(path, name), depth + 1);
    if (depth <= deepest && (folder || depth === 0 || options.flags.has('a'))) await show(bytes, path);
    return bytes;
  };
  let status = 0;
  let total = 0;
  for (const path of options.operands.length > 0 ? options.operands : ['.']) {
    try {
      total += await measure(path, 0);
    } catch (error) {
      if (errorCode(error) === undefined) throw error;
      await context.complain(`cannot access '${path}': ${describeError(error)}`);
      status = 1;
    }
  }
  if (options.flags.has('c')) await show(total, 'total');
  return status;
};
