/** zip and unzip. */
import { unzipSync, type Zippable, zipSync } from 'fflate';
import { S_IFDIR, S_IFMT } from '../../kernel/file-modes.ts';
import { patternToRegExp } from '../expansion/pattern.ts';
import { directoryName, joinPath, resolvePath } from '../paths.ts';
import { lastValue, parseOptions } from '../utilities/options.ts';
import { wrongUse } from '../utilities/wrong-use.ts';
import type { Utility, UtilityContext } from '../utility.ts';

export const zip: Utility = async (context) => {
  const options = parseOptions(context.args, {
    short: 'rqjx:0123456789',
    long: { 'recurse-paths': 'r', quiet: 'q', 'junk-paths': 'j' },
  });
  if (options.problem) return await wrongUse(context, options.problem, 16);
  const [archive, ...names] = options.operands;
  if (archive === undefined || names.length === 0) return await wrongUse(context, 'Nothing to do!', 12);
  const path = context.resolve(/\.\w+$/.test(archive) ? archive : `${archive}.zip`);
  const excluded = (options.values.get('x') ?? []).map((pattern) => patternToRegExp(pattern));
  const files: Zippable = {};
  const addPath = (name: string) => {
    const full = context.resolve(name);
    const stat = context.sys.call('statOrNull', full, true);
    if (!stat || full === path || excluded.some((test) => test.test(name))) return;
    const stored = options.flags.has('j') ? (name.split('/').at(-1) ?? name) : name.replace(/^(\.?\/)+/, '');
    if ((stat.mode & S_IFMT) !== S_IFDIR)
      files[stored] = [new Uint8Array(context.sys.call('readFile', full)), { mtime: stat.mtimeMs }];
    else if (options.flags.has('r'))
      for (const child of context.sys.call('readdir', full).names) addPath(joinPath(name, child));
  };
  for (const name of names) addPath(name);
  if (!options.flags.has('q')) for (const name of Object.keys(files)) await context.stdout.line(`  adding: ${name}`);
  write(context, path, zipSync(files));
  return 0;
};

function write(context: UtilityContext, path: string, bytes: Uint8Array): void {
  context.sys.call('mkdir', directoryName(path), 0o777, true);
  const fd = context.sys.call('open', path, 0o1101, 0o666);
  for (let rest = bytes; rest.length > 0; ) rest = rest.subarray(context.sys.call('write', fd, rest, null));
  context.sys.call('close', fd);
}

export const unzip: Utility = async (context) => {
  const options = parseOptions(context.args, { short: 'oqlpnjd:x:', long: {} });
  if (options.problem) return await wrongUse(context, options.problem, 10);
  const [archive, ...wanted] = options.operands;
  if (archive === undefined) return await wrongUse(context, 'no archive', 10);
  const path = [archive, `${archive}.zip`]
    .map((name) => context.resolve(name))
    .find((name) => context.sys.call('statOrNull', name, true));
  if (path === undefined) {
    await context.stderr.print(`unzip:  cannot find or open ${archive}, ${archive}.zip or ${archive}.ZIP.\n`);
    return 9;
  }
  const tests = wanted.map((pattern) => patternToRegExp(pattern));
  const files = Object.entries(unzipSync(new Uint8Array(context.sys.call('readFile', path)))).filter(
    ([name]) => tests.length === 0 || tests.some((test) => test.test(name)),
  );
  const target = resolvePath(context.cwd, lastValue(options, 'd') ?? '.');
  const quiet = options.flags.has('q');
  if (!quiet && !options.flags.has('p')) await context.stdout.line(`Archive:  ${archive}`);
  for (const [name, bytes] of files) {
    if (options.flags.has('l')) await context.stdout.line(`${String(bytes.length).padStart(9)}  ${name}`);
    else if (options.flags.has('p')) await context.stdout.write(bytes);
    else if (!name.split('/').includes('..')) {
      if (name.endsWith('/')) context.sys.call('mkdir', resolvePath(target, name), 0o777, true);
      else write(context, resolvePath(target, name), bytes);
      if (!quiet) await context.stdout.line(`  inflating: ${name}`);
    }
  }
  return 0;
};
