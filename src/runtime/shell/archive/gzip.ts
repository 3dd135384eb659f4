/** gzip, gunzip, zcat. */
import { gzipSync } from 'fflate';
import { describeError, errorCode } from '../errors.ts';
import { readWhole } from '../utilities/inputs.ts';
import { parseOptions } from '../utilities/options.ts';
import { wrongUse } from '../utilities/wrong-use.ts';
import type { Utility, UtilityContext } from '../utility.ts';
import { gunzip } from './gunzip.ts';
import { GzipList } from './gzip-list.ts';

export const gzip: Utility = async (context) => {
  const options = parseOptions(context.args, {
    short: 'cdfklnqrtv123456789',
    long: {
      stdout: 'c',
      'to-stdout': 'c',
      decompress: 'd',
      uncompress: 'd',
      force: 'f',
      keep: 'k',
      list: 'l',
      test: 't',
      quiet: 'q',
      verbose: 'v',
      best: '9',
      fast: '1',
    },
  });
  if (options.problem) return await wrongUse(context, options.problem);
  const { flags } = options;
  const unpack = flags.has('d') || flags.has('t') || context.name === 'gunzip' || context.name === 'zcat';
  const level = Number([...'123456789'].find((digit) => flags.has(digit)) ?? '6') as 6;
  const change = (bytes: Uint8Array) => (unpack ? gunzip(bytes) : gzipSync(bytes, { level, mtime: 0 }));
  let status = 0;
  const list = flags.has('l') ? new GzipList(!flags.has('q')) : undefined;
  for (const name of options.operands.length > 0 ? options.operands : ['-']) {
    try {
      if (list) {
        const packed = packedName(context, name);
        const unpacked = name === '-' ? 'stdout' : convertedName(packed, true);
        await context.stdout.print(list.add(unpacked, await readWhole(context, packed)));
      } else
        await convert(context, name, { change, unpack, toStdout: flags.has('c') || context.name === 'zcat', flags });
    } catch (error) {
      if (error instanceof LeftAlone) {
        await context.stderr.write(`gzip: ${error.message}\n`);
        status = error.status === FAILED ? FAILED : status || error.status;
        continue;
      }
      const known = errorCode(error);
      const bad = (unpack || list) && error instanceof Error && (known === undefined || /^\d+$/.test(known));
      // gunzip and zcat are scripts of gzip.
      await context.stderr.print(
        bad
          ? `\ngzip: ${name === '-' ? 'stdin' : name}: not in gzip format\n`
          : `gzip: ${name}: ${describeError(error)}\n`,
      );
      status = 1;
    }
  }
  if (list) await context.stdout.print(list.end());
  return status;
};

const FAILED = 1;
const WARNED = 2;

/** Why a file stays as it is, and what that makes of the exit code. */
class LeftAlone extends Error {
  readonly status: 0 | typeof FAILED | typeof WARNED;

  constructor(message: string, status: LeftAlone['status']) {
    super(message);
    this.status = status;
  }
}

/** What the file is called afterwards. */
const convertedName = (name: string, unpack: boolean) =>
  unpack ? name.replace(/\.tgz$/, '.tar').replace(/\.gz$/, '') : `${name}.gz`;

/** Of a packed file the suffix may be left out. */
function packedName(context: UtilityContext, name: string): string {
  if (name === '-') return name;
  const exists = (path: string) => context.sys.call('statOrNull', context.resolve(path), true);
  return !exists(name) && exists(`${name}.gz`) ? `${name}.gz` : name;
}

interface Conversion {
  change: (bytes: Uint8Array) => Uint8Array;
  unpack: boolean;
  toStdout: boolean;
  flags: ReadonlySet<string>;
}

async function convert(
  context: UtilityContext,
  given: string,
  { change, unpack, toStdout, flags }: Conversion,
): Promise<void> {
  const { sys } = context;
  const name = unpack ? packedName(context, given) : given;
  if (name === '-') {
    const bytes = change(await context.stdin.bytes());
    if (!flags.has('t')) await context.stdout.write(bytes);
    return;
  }
  const path = context.resolve(name);
  if (!sys.call('statOrNull', path, true)) {
    const tried = unpack && !/\.t?gz$/.test(name) ? `${name}.gz` : name;
    throw new LeftAlone(`${tried}: No such file or directory`, FAILED);
  }
  const suffix = /\.t?gz$/.exec(name)?.[0];
  if (unpack && !toStdout && !flags.has('t') && suffix === undefined)
    throw new LeftAlone(`${name}: unknown suffix -- ignored`, WARNED);
  if (!unpack && !toStdout && suffix !== undefined)
    throw new LeftAlone(`${name} already has ${suffix} suffix -- unchanged`, 0);
  const bytes = change(new Uint8Array(sys.call('readFile', path)));
  if (flags.has('t')) return;
  if (toStdout) {
    await context.stdout.write(bytes);
    return;
  }
  const stat = sys.call('stat', path, true);
  const target = convertedName(path, unpack);
  if (!flags.has('f') && sys.call('statOrNull', target, true))
    throw new LeftAlone(`${convertedName(name, unpack)} already exists;\tnot overwritten`, WARNED);
  const fd = sys.call('open', target, 0o1101, stat.mode & 0o777);
  for (let rest: Uint8Array = bytes; rest.length > 0; ) rest = rest.subarray(sys.call('write', fd, rest, null));
  sys.call('close', fd);
  sys.call('utimes', target, stat.atimeMs, stat.mtimeMs, true);
  if (!flags.has('k')) sys.call('unlink', path);
}
