/** zip: makes, changes and lists archives. */

import { deflateSync, unzipSync, type Zippable, zipSync } from 'fflate';
import { S_IFDIR, S_IFLNK, S_IFMT } from '../../kernel/file-modes.ts';
import { append } from '../../kernel/large-lists.ts';
import { patternToRegExp } from '../expansion/pattern.ts';
import { joinPath } from '../paths.ts';
import { placeOnTrail, type Trail } from '../utilities/trail.ts';
import type { Utility, UtilityContext } from '../utility.ts';
import { writeBytes } from './write-bytes.ts';
import { readDirectory, savedPercent } from './zip-directory.ts';

interface Asked {
  flags: Set<string>;
  level: number;
  names: string[];
  included: RegExp[];
  excluded: RegExp[];
  folder: string | undefined;
  problem: string | undefined;
}

const FLAGS = 'rqjumdyfDXoTv@gSlkA';
const LONG: Readonly<Record<string, string>> = {
  'recurse-paths': 'r',
  quiet: 'q',
  'junk-paths': 'j',
  update: 'u',
  move: 'm',
  delete: 'd',
  symlinks: 'y',
  freshen: 'f',
  'no-dir-entries': 'D',
  'no-extra': 'X',
  'show-files': 'sf',
  filesync: 'FS',
  exclude: 'x',
  include: 'i',
};

/** Zip's own rules: `-x` and `-i` take all words up to the next option. */
function readArguments(args: readonly string[]): Asked {
  const asked: Asked = {
    flags: new Set(),
    level: 6,
    names: [],
    included: [],
    excluded: [],
    folder: undefined,
    problem: undefined,
  };
  let list: RegExp[] | undefined;
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? '';
    if (list && !arg.startsWith('-')) {
      if (arg === '@') list = undefined;
      else list.push(patternToRegExp(arg));
      continue;
    }
    list = undefined;
    if (!arg.startsWith('-') || arg === '-') {
      asked.names.push(arg);
      continue;
    }
    const [long, value] = arg.startsWith('--') ? arg.slice(2).split('=') : [];
    const letters = long === undefined ? arg.slice(1) : (LONG[long] ?? '');
    if (letters === '') asked.problem ??= `Invalid command arguments (long option '${long}' not supported)`;
    if (letters === 'sf' || letters === 'FS') asked.flags.add(letters);
    else
      for (let at = 0; at < letters.length; at += 1) {
        const letter = letters[at] ?? '';
        const rest = letters.slice(at + 1) || value;
        if (letter === 'x' || letter === 'i') {
          list = letter === 'x' ? asked.excluded : asked.included;
          if (rest) list.push(patternToRegExp(rest));
          break;
        }
        if (letter === 'b' || letter === 'n' || letter === 't') {
          if (!rest) index += 1;
          break;
        }
        if (/\d/.test(letter)) asked.level = Number(letter);
        else if (FLAGS.includes(letter)) asked.flags.add(letter);
        else asked.problem ??= `Invalid command arguments (short option '${letter}' not supported)`;
      }
  }
  return asked;
}

interface Item {
  name: string;
  bytes: Uint8Array;
  mtimeMs: number;
  mode: number;
  /** Where it lies, of what is added now. */
  path?: string;
}

async function fail(context: UtilityContext, problem: string, status: number): Promise<number> {
  await context.stdout.write(`\nzip error: ${problem}\n`);
  return status;
}

export const zip: Utility = async (context) => {
  const asked = readArguments(context.args);
  if (asked.problem !== undefined) return await fail(context, asked.problem, 16);
  const { flags } = asked;
  const [archive, ...names] = asked.names;
  if (archive === undefined) return await fail(context, 'Nothing to do!', 12);
  if (flags.has('@'))
    append(
      names,
      (await context.stdin.text()).split('\n').filter((line) => line !== ''),
    );
  const shown = archive === '-' || /\.\w+$/.test(archive) ? archive : `${archive}.zip`;
  const path = context.resolve(shown);
  const old = archive !== '-' && context.sys.call('statOrNull', path, true) ? readItems(context, path) : [];
  if (flags.has('sf') && names.length === 0) return await listItems(context, old);
  if (flags.has('d')) return await remove(context, { asked, items: old, path, shown, names });
  const found = gather(context, asked, { names, path });
  for (const name of found.missing) await context.stdout.write(`\tzip warning: name not matched: ${name}\n`);
  if (found.items.length === 0) return await fail(context, `Nothing to do! (${shown})`, 12);
  if (flags.has('sf')) return await listItems(context, found.items);
  const known = new Map(old.map((item) => [item.name, item]));
  const chosen = found.items.filter((item) => {
    const before = known.get(item.name);
    if (flags.has('f')) return before !== undefined && item.mtimeMs - before.mtimeMs >= 2000;
    return !flags.has('u') || before === undefined || item.mtimeMs - before.mtimeMs >= 2000;
  });
  const updated = new Set(chosen.map(({ name }) => name).filter((name) => known.has(name)));
  const next = new Map([...known, ...chosen.map((item): [string, Item] => [item.name, item])]);
  const bytes = pack([...next.values()], asked.level);
  if (!flags.has('q')) {
    const told = archive === '-' ? context.stderr : context.stdout;
    const packed = new Map(readDirectory(bytes)?.map((member) => [member.name, member]));
    for (const { name } of chosen) {
      const member = packed.get(name);
      const how = member?.stored === false ? 'deflated' : 'stored';
      const saved = member?.stored === false ? savedPercent(member) : 0;
      await told.write(`${updated.has(name) ? 'updating' : '  adding'}: ${name} (${how} ${saved}%)\n`);
    }
  }
  if (archive === '-') await context.stdout.write(bytes);
  else if (chosen.length > 0 || old.length === 0) writeBytes(context, path, bytes);
  if (flags.has('m')) for (const { path: place } of [...chosen].reverse()) if (place) removeOne(context, place);
  return 0;
};

function removeOne(context: UtilityContext, path: string): void {
  const stat = context.sys.call('statOrNull', path, false);
  if (!stat) return;
  if ((stat.mode & S_IFMT) !== S_IFDIR) context.sys.call('unlink', path);
  else if (context.sys.call('readdir', path).names.length === 0) context.sys.call('rmdir', path);
}

interface Removal {
  asked: Asked;
  items: readonly Item[];
  path: string;
  shown: string;
  names: readonly string[];
}

async function remove(context: UtilityContext, { asked, items, path, shown, names }: Removal): Promise<number> {
  const tests = names.map((name) => patternToRegExp(name));
  const isGone = ({ name }: Item) =>
    tests.some((test) => test.test(name)) && !asked.excluded.some((test) => test.test(name));
  for (const [index, name] of names.entries())
    if (!items.some((item) => tests[index]?.test(item.name)))
      await context.stdout.write(`\tzip warning: name not matched: ${name}\n`);
  const gone = items.filter(isGone);
  if (gone.length === 0) return await fail(context, `Nothing to do! (${shown})`, 12);
  if (!asked.flags.has('q')) for (const { name } of gone) await context.stdout.write(`deleting: ${name}\n`);
  const left = items.filter((item) => !isGone(item));
  if (left.length > 0) writeBytes(context, path, pack(left, asked.level));
  else {
    await context.stdout.write('\tzip warning: zip file empty\n');
    context.sys.call('unlink', path);
  }
  return 0;
}

async function listItems(context: UtilityContext, items: readonly Item[]): Promise<number> {
  const total = items.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const lines = items.map(({ name }) => `  ${name}\n`).join('');
  await context.stdout.write(`Archive contains:\n${lines}Total ${items.length} entries (${total} bytes)\n`);
  return 0;
}

function readItems(context: UtilityContext, path: string): Item[] {
  const bytes = new Uint8Array(context.sys.call('readFile', path));
  const contents = unzipSync(bytes);
  return (readDirectory(bytes) ?? []).map(({ name, mtimeMs, mode }) => ({
    name,
    mtimeMs,
    mode,
    bytes: contents[name] ?? new Uint8Array(0),
  }));
}

function gather(
  context: UtilityContext,
  { flags, included, excluded }: Asked,
  { names, path }: { names: readonly string[]; path: string },
): { items: Item[]; missing: string[] } {
  const items = new Map<string, Item>();
  const missing: string[] = [];
  const { sys } = context;
  const wanted = (name: string) =>
    (included.length === 0 || included.some((test) => test.test(name))) && !excluded.some((test) => test.test(name));
  const add = (name: string, outer?: Trail): boolean => {
    const full = context.resolve(name);
    const stat = sys.call('statOrNull', full, !flags.has('y'));
    if (!stat) return false;
    if (full === path) return true;
    const plain = name.replace(/^(\.?\/)+/, '').replace(/\/+$/, '');
    const isFolder = (stat.mode & S_IFMT) === S_IFDIR;
    const stored = flags.has('j') ? (plain.split('/').at(-1) ?? plain) : isFolder ? `${plain}/` : plain;
    const item = { name: stored, mtimeMs: stat.mtimeMs, mode: stat.mode, path: full };
    if (!isFolder) {
      const link = (stat.mode & S_IFMT) === S_IFLNK;
      const bytes = link
        ? new TextEncoder().encode(sys.call('readlink', full))
        : new Uint8Array(sys.call('readFile', full));
      if (wanted(stored)) items.set(stored, { ...item, bytes });
      return true;
    }
    if (!flags.has('j') && !flags.has('D') && plain !== '' && plain !== '.' && wanted(stored))
      items.set(stored, { ...item, bytes: new Uint8Array(0) });
    if ((flags.has('r') || outer) && placeOnTrail(outer, stat) === undefined)
      for (const child of sys.call('readdir', full).names) add(joinPath(name, child), { path: full, stat, outer });
    return true;
  };
  for (const name of names) if (!add(name)) missing.push(name);
  return { items: [...items.values()], missing };
}

/** Made on Unix, with modes. */
function pack(items: readonly Item[], level: number): Uint8Array {
  const files: Zippable = {};
  for (const { name, bytes, mtimeMs, mode } of items) {
    // What would not get smaller is stored.
    const small = bytes.length === 0 || (level > 0 && deflateSync(bytes, { level: level as 6 }).length >= bytes.length);
    const at = Math.max(mtimeMs, Date.UTC(1980, 0, 2));
    const use = (small ? 0 : level) as 0 | 6;
    files[name] = [bytes, { mtime: at, os: 3, attrs: (mode << 16) | (name.endsWith('/') ? 16 : 0), level: use }];
  }
  return zipSync(files);
}
