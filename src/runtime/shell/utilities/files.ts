/** mkdir rmdir touch ln chmod. */

import { S_IFDIR, S_IFLNK, S_IFMT } from '../../kernel/file-modes.ts';
import { describeError, errorCode } from '../errors.ts';
import { baseName, directoryName, joinPath } from '../paths.ts';
import type { Utility, UtilityContext } from '../utility.ts';
import { formatMode } from './format.ts';
import { lastValue, parseOptions } from './options.ts';
import { parseDate } from './parse-date.ts';
import { zoneOf } from './strftime.ts';
import { wrongUse } from './wrong-use.ts';

/** Does `action`; a failed system call is reported with `message` before the reason. True on success. */
export async function attempt(context: UtilityContext, message: string, action: () => unknown): Promise<boolean> {
  try {
    await action();
    return true;
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    await context.complain(`${message}: ${describeError(error)}`);
    return false;
  }
}

export function isDirectory(context: UtilityContext, path: string, follow = true): boolean {
  const stat = context.sys.call('statOrNull', context.resolve(path), follow);
  return stat !== null && (stat.mode & S_IFMT) === S_IFDIR;
}

export const mkdir: Utility = async (context) => {
  const options = parseOptions(context.args, { short: 'pvm:', long: { parents: 'p', verbose: 'v', 'mode=': 'm' } });
  if (options.problem) return await wrongUse(context, options.problem);
  if (options.operands.length === 0) return await wrongUse(context, 'missing operand');
  const given = lastValue(options, 'm');
  const mode = given === undefined ? null : changeMode(0o777 & ~context.sys.call('umask', null), given, true);
  if (mode === undefined) {
    await context.complain(`invalid mode ‘${given}’`);
    return 1;
  }
  let status = 0;
  for (const name of options.operands) {
    const parents = options.flags.has('p');
    const missing = options.flags.has('v') ? (parents ? missingFolders(context, name) : [name]) : [];
    const blocked = parents ? fileAbove(context, name) : undefined;
    const made = await attempt(context, `cannot create directory ‘${blocked ?? name}’`, () => {
      const path = context.resolve(name);
      const isThere = mode !== null && isDirectory(context, path);
      context.sys.call('mkdir', path, 0o777, parents);
      // The mode that was asked for is not masked, and is that of the last folder alone.
      if (mode !== null && !isThere) context.sys.call('chmod', path, mode);
    });
    if (!made) status = 1;
    else for (const folder of missing) await context.stdout.line(`${context.name}: created directory '${folder}'`);
  }
  return status;
};

/** The folders that `mkdir -p` would make, outermost first. */
export function missingFolders(context: UtilityContext, path: string): string[] {
  const folders: string[] = [];
  for (let at = path.replace(/\/+$/, ''); at !== '.' && at !== '' && at !== '/'; at = directoryName(at)) {
    if (context.sys.call('statOrNull', context.resolve(at), true)) break;
    folders.unshift(at);
  }
  return folders;
}

/** The part of a path that is no folder, where one is needed. */
function fileAbove(context: UtilityContext, path: string): string | undefined {
  for (let at = directoryName(path); at !== '.' && at !== '/'; at = directoryName(at)) {
    const stat = context.sys.call('statOrNull', context.resolve(at), true);
    if (stat) return (stat.mode & S_IFMT) === S_IFDIR ? undefined : at;
  }
  return undefined;
}

export const rmdir: Utility = async (context) => {
  const options = parseOptions(context.args, {
    short: 'pv',
    long: { parents: 'p', verbose: 'v', 'ignore-fail-on-non-empty': 'ignore' },
  });
  if (options.problem) return await wrongUse(context, options.problem);
  if (options.operands.length === 0) return await wrongUse(context, 'missing operand');
  let status = 0;
  for (const operand of options.operands) {
    for (let name = operand; name !== '.' && name !== '/'; name = directoryName(name)) {
      if (options.flags.has('ignore') && isFilled(context, name)) break;
      if (options.flags.has('v')) await context.stdout.line(`${context.name}: removing directory, '${name}'`);
      const removed = await attempt(context, `failed to remove '${name}'`, () => {
        context.sys.call('rmdir', context.resolve(name));
      });
      if (!removed) status = 1;
      if (!removed || !options.flags.has('p')) break;
    }
  }
  return status;
};

function isFilled(context: UtilityContext, name: string): boolean {
  return isDirectory(context, name) && context.sys.call('readdir', context.resolve(name)).names.length > 0;
}

export const touch: Utility = async (context) => {
  const options = parseOptions(context.args, {
    short: 'acfhmr:d:t:',
    long: { 'no-create': 'c', 'reference=': 'r', 'date=': 'd', 'time=': 'time', 'no-dereference': 'h' },
  });
  if (options.problem) return await wrongUse(context, options.problem);
  if (options.operands.length === 0) return await wrongUse(context, 'missing file operand');
  const reference = lastValue(options, 'r');
  const stamp = lastValue(options, 't');
  const date = stamp === undefined ? lastValue(options, 'd') : dateOfStamp(stamp);
  const time =
    reference === undefined
      ? date === undefined
        ? Date.now()
        : parseDate(date, Date.now(), zoneOf(context.env.get('TZ')))
      : context.sys.call('stat', context.resolve(reference), true).mtimeMs;
  if (time === undefined) {
    await context.complain(`invalid date format ‘${stamp ?? date}’`);
    return 1;
  }
  let status = 0;
  for (const name of options.operands) {
    const path = context.resolve(name);
    const done = await attempt(context, `cannot touch '${name}'`, () => {
      const stat = context.sys.call('statOrNull', path, true);
      if (!stat && options.flags.has('c')) return;
      if (!stat) context.sys.call('close', context.sys.call('open', path, 0o101, 0o666));
      const only = options.flags.has('a') !== options.flags.has('m') && stat;
      context.sys.call(
        'utimes',
        path,
        only && options.flags.has('m') ? stat.atimeMs : time,
        only && options.flags.has('a') ? stat.mtimeMs : time,
        true,
      );
    });
    if (!done) status = 1;
  }
  return status;
};

/** `[[CC]YY]MMDDhhmm[.ss]` in words that `parseDate` reads; what is wrong stays as it is. */
function dateOfStamp(stamp: string): string {
  const match = /^(?:(\d\d)?(\d\d))?(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d\d))?$/.exec(stamp);
  if (!match) return stamp;
  const [, century, short, month, day, hour, minute, second = '00'] = match;
  const year =
    short === undefined ? new Date().getFullYear() : `${century ?? (Number(short) < 69 ? '20' : '19')}${short}`;
  return `${year}-${month}-${day} ${hour}:${minute}:${second}`;
}

export const ln: Utility = async (context) => {
  const options = parseOptions(context.args, {
    short: 'sfnvrTt:ib',
    long: {
      symbolic: 's',
      force: 'f',
      'no-dereference': 'n',
      verbose: 'v',
      relative: 'r',
      'no-target-directory': 'T',
      'target-directory=': 't',
      interactive: 'i',
      backup: 'b',
    },
  });
  if (options.problem) return await wrongUse(context, options.problem);
  const [first] = options.operands;
  if (first === undefined) return await wrongUse(context, 'missing file operand');
  const folder = lastValue(options, 't');
  const several = options.operands.length > 1 && folder === undefined;
  const last = folder ?? (several ? (options.operands.at(-1) ?? '.') : '.');
  const targets = several ? options.operands.slice(0, -1) : options.operands;
  let status = 0;
  for (const target of targets) {
    const place =
      isDirectory(context, last, !options.flags.has('n')) && !options.flags.has('T')
        ? joinPath(last, baseName(target))
        : last;
    const symbolic = options.flags.has('s');
    if (!symbolic && !context.sys.call('statOrNull', context.resolve(target), false)) {
      await context.complain(`failed to access '${target}': No such file or directory`);
      status = 1;
      continue;
    }
    const obstacle = options.flags.has('f') ? obstacleTo(context, target, place) : null;
    if (obstacle !== null) {
      await context.complain(obstacle);
      status = 1;
      continue;
    }
    const made = await attempt(context, `failed to create ${symbolic ? 'symbolic' : 'hard'} link '${place}'`, () => {
      if (options.flags.has('f') && context.sys.call('statOrNull', context.resolve(place), false))
        context.sys.call('unlink', context.resolve(place));
      if (symbolic)
        context.sys.call('symlink', options.flags.has('r') ? fromPlace(target, place) : target, context.resolve(place));
      else context.sys.call('link', context.resolve(target), context.resolve(place));
    });
    if (!made) status = 1;
    else if (options.flags.has('v')) await context.stdout.line(`'${place}' ${symbolic ? '->' : '=>'} '${target}'`);
  }
  return status;

  function fromPlace(target: string, place: string): string {
    return relativePath(directoryName(context.resolve(place)), context.resolve(target));
  }
};

/** Why `ln -f` must not put a link to the target in place of what is there; null where it may. */
function obstacleTo({ sys, resolve }: UtilityContext, target: string, place: string): string | null {
  const old = sys.call('statOrNull', resolve(place), false);
  if (!old) return null;
  if ((old.mode & S_IFMT) === S_IFDIR) return `${place}: cannot overwrite directory`;
  const source = sys.call('statOrNull', resolve(target), true);
  const isSame = source?.ino === old.ino && (old.nlink === 1 || resolve(target) === resolve(place));
  return isSame ? `'${target}' and '${place}' are the same file` : null;
}

/** How the second path is written seen from the first, both absolute. */
export function relativePath(from: string, to: string): string {
  const [a, b] = [from.split('/').filter(Boolean), to.split('/').filter(Boolean)];
  let same = 0;
  while (same < a.length && a[same] === b[same]) same += 1;
  return [...a.slice(same).map(() => '..'), ...b.slice(same)].join('/') || '.';
}

const PERMISSIONS: Record<string, number> = { r: 4, w: 2, x: 1 };

/** Applies `755` or `u+x,go-w`; undefined when the text is not a mode. */
export function changeMode(mode: number, text: string, directory: boolean): number | undefined {
  if (/^[0-7]{1,4}$/.test(text)) return Number.parseInt(text, 8);
  let result = mode & 0o7777;
  for (const clause of text.split(',')) {
    const match = /^([ugoa]*)([-+=])([rwxXst]*)$/.exec(clause);
    if (!match) return undefined;
    const [, who = '', operator, letters = ''] = match;
    let bits = 0;
    for (const letter of letters) {
      if (letter === 'X') bits |= directory || (mode & 0o111) !== 0 ? 1 : 0;
      else bits |= PERMISSIONS[letter] ?? 0;
    }
    result = changeSpecial(result, { who, operator: operator ?? '=', letters });
    for (const [letter, shift] of [
      ['u', 6],
      ['g', 3],
      ['o', 0],
    ] as const) {
      if (who !== '' && !who.includes(letter) && !who.includes('a')) continue;
      if (operator === '+') result |= bits << shift;
      else if (operator === '-') result &= ~(bits << shift);
      else result = (result & ~(7 << shift)) | (bits << shift);
    }
  }
  return result;
}

/** The bits set-user-id, set-group-id and sticky. */
function changeSpecial(
  mode: number,
  { who, operator, letters }: { who: string; operator: string; letters: string },
): number {
  const all = who === '' || who.includes('a');
  let bits = 0;
  if (letters.includes('s')) bits |= (all || who.includes('u') ? 0o4000 : 0) | (all || who.includes('g') ? 0o2000 : 0);
  if (letters.includes('t') && (all || who.includes('o'))) bits |= 0o1000;
  return operator === '-' ? mode & ~bits : mode | bits;
}

export const chmod: Utility = async (context) => {
  // A mode like `-x` is no option.
  const isMode = (arg: string) => /^-[rwxXst]+$/.test(arg);
  const given = context.args.find(isMode);
  const options = parseOptions(
    context.args.filter((arg) => arg !== given),
    {
      short: 'Rvcf',
      long: { recursive: 'R', verbose: 'v', changes: 'c', silent: 'f', quiet: 'f', 'reference=': 'reference' },
    },
  );
  if (options.problem) return await wrongUse(context, options.problem);
  const names = [...options.operands];
  const reference = lastValue(options, 'reference');
  const model = reference === undefined ? undefined : context.sys.call('stat', context.resolve(reference), true);
  const text = model ? (model.mode & 0o7777).toString(8) : (given ?? names.shift());
  const recursive = options.flags.has('R');
  if (text === undefined) return await wrongUse(context, 'missing operand');
  if (names.length === 0) return await wrongUse(context, `missing operand after ‘${text}’`);
  if (changeMode(0o644, text, false) === undefined) return await wrongUse(context, `invalid mode: ‘${text}’`);
  let status = 0;
  const change = async (name: string, isNamed = false): Promise<void> => {
    const link = context.sys.call('statOrNull', context.resolve(name), false);
    // What a link within a folder leads to may lie outside, or around it.
    if (!isNamed && link && (link.mode & S_IFMT) === S_IFLNK) {
      if (options.flags.has('v'))
        await context.stdout.line(`neither symbolic link '${name}' nor referent has been changed`);
      return;
    }
    const stat = context.sys.call('statOrNull', context.resolve(name), true);
    if (!stat) {
      await context.complain(
        link ? `cannot operate on dangling symlink '${name}'` : `cannot access '${name}': No such file or directory`,
      );
      status = 1;
      return;
    }
    const directory = (stat.mode & S_IFMT) === S_IFDIR;
    const mode = changeMode(stat.mode, text, directory);
    if (mode === undefined) {
      await wrongUse(context, `invalid mode: ‘${text}’`);
      status = 1;
      return;
    }
    if (
      !(await attempt(context, `changing permissions of '${name}'`, () =>
        context.sys.call('chmod', context.resolve(name), mode),
      ))
    )
      status = 1;
    else await tell(name, stat.mode & 0o7777, mode);
    if (recursive && directory)
      for (const child of context.sys.call('readdir', context.resolve(name)).names) await change(joinPath(name, child));
  };
  for (const name of names) await change(name, true);
  return status;

  async function tell(name: string, before: number, after: number): Promise<void> {
    const show = (mode: number) => `${mode.toString(8).padStart(4, '0')} (${formatMode(mode).slice(1)})`;
    if (before !== after && (options.flags.has('v') || options.flags.has('c')))
      await context.stdout.line(`mode of '${name}' changed from ${show(before)} to ${show(after)}`);
    else if (options.flags.has('v')) await context.stdout.line(`mode of '${name}' retained as ${show(after)}`);
  }
};
