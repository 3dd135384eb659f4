/** The tests and options of find. */
import type { Stat } from '../../kernel/syscalls.ts';
import { patternToRegExp } from '../expansion/pattern.ts';
import { changeMode } from './files.ts';
import type { Found } from './find.ts';
import { type FindReader, FindSyntaxError, type Predicate } from './find-reader.ts';
import { fileType, userName } from './format.ts';
import { parseDate } from './parse-date.ts';
import { posixToRegExp } from './posix-regexp.ts';
import { zoneOf } from './strftime.ts';

const TYPE_LETTERS: Record<string, string> = {
  f: 'regular file',
  d: 'directory',
  l: 'symbolic link',
  p: 'fifo',
  s: 'socket',
  c: 'character special file',
};
const SIZE_UNITS: Record<string, number> = { c: 1, w: 2, b: 512, k: 1024, M: 1048576, G: 1073741824 };

const EXTENDED = /^(posix-extended|posix-egrep|egrep|awk|gnu-awk|posix-awk)$/;

/** A test, with its argument. Undefined: the word is none. Throws {@link FindSyntaxError}. */
export function readTest(reader: FindReader, name: string): Predicate | undefined {
  switch (name) {
    case '-name':
    case '-iname': {
      const pattern = patternToRegExp(reader.value(name), { ignoreCase: name === '-iname' });
      return (_, found) => pattern.test(found.name);
    }
    case '-path':
    case '-wholename':
    case '-ipath': {
      const pattern = patternToRegExp(reader.value(name), { ignoreCase: name === '-ipath' });
      return (_, found) => pattern.test(found.path);
    }
    case '-lname':
    case '-ilname': {
      const pattern = patternToRegExp(reader.value(name), { ignoreCase: name === '-ilname' });
      return (context, { path, stat }) =>
        fileType(stat.mode) === 'symbolic link' && pattern.test(context.sys.call('readlink', context.resolve(path)));
    }
    case '-regextype':
      reader.regexType = reader.value(name);
      return () => true;
    case '-regex':
    case '-iregex':
      return readRegex(reader, name);
    case '-xtype':
    case '-type': {
      const value = reader.value(name);
      const types = value.split(',').map((letter) => TYPE_LETTERS[letter]);
      if (types.includes(undefined)) throw new FindSyntaxError(`Unknown argument to -type: ${value}`);
      return (context, found) => {
        const followed = name === '-xtype' ? context.sys.call('statOrNull', context.resolve(found.path), true) : null;
        return types.includes(fileType((followed ?? found.stat).mode));
      };
    }
    case '-maxdepth':
      reader.maxDepth = readDepth(reader, name);
      return () => true;
    case '-mindepth':
      reader.minDepth = readDepth(reader, name);
      return () => true;
    case '-d':
    case '-depth':
      reader.depthFirst = true;
      return () => true;
    case '-follow':
      reader.follow = true;
      return () => true;
    case '-true':
      return () => true;
    case '-false':
      return () => false;
    case '-xdev':
    case '-mount':
    case '-noleaf':
    case '-daystart':
    case '-warn':
    case '-nowarn':
    case '-ignore_readdir_race':
      return () => true;
    case '-empty':
      return (context, found) =>
        fileType(found.stat.mode) === 'directory'
          ? context.sys.call('readdir', context.resolve(found.path)).names.length === 0
          : fileType(found.stat.mode) === 'regular file' && found.stat.size === 0;
    case '-size':
      return readSize(reader, name);
    case '-newer':
      return readNewer(reader, 'm', 'm', name);
    case '-anewer':
    case '-cnewer':
      return readNewer(reader, name[1] ?? 'm', 'm', name);
    case '-mtime':
    case '-mmin':
    case '-atime':
    case '-amin':
    case '-ctime':
    case '-cmin':
      return readAge(reader, name);
    case '-links':
      return readNumber(reader, name, (found) => found.stat.nlink);
    case '-inum':
      return readNumber(reader, name, (found) => found.stat.ino);
    case '-uid':
      return readNumber(reader, name, (found) => found.stat.uid);
    case '-gid':
      return readNumber(reader, name, (found) => found.stat.gid);
    case '-user':
    case '-group': {
      const wanted = reader.value(name);
      const id = name === '-user' ? 'uid' : 'gid';
      return ({ env }, { stat }) => wanted === String(stat[id]) || wanted === userName(env, stat[id]);
    }
    case '-nouser':
    case '-nogroup':
      return () => false;
    case '-samefile': {
      const { ino, dev } = readReference(reader, reader.value(name));
      return (_, { stat }) => stat.ino === ino && stat.dev === dev;
    }
    case '-perm':
      return readPermissions(reader, name);
    case '-executable':
      return (_, found) => (found.stat.mode & 0o111) !== 0;
    case '-readable':
    case '-writable':
      return () => true;
    default: {
      const times = /^-newer([aBcm])([aBcmt])$/.exec(name);
      return times ? readNewer(reader, times[1] ?? 'm', times[2] ?? 'm', name) : undefined;
    }
  }
}

function readDepth(reader: FindReader, name: string): number {
  const value = reader.value(name);
  if (!/^\d+$/.test(value))
    throw new FindSyntaxError(`Expected a positive decimal integer argument to ${name}, but got ‘${value}’`);
  return Number(value);
}

function readReference(reader: FindReader, path: string): Stat {
  const stat = reader.context.sys.call('statOrNull', reader.context.resolve(path), true);
  if (!stat) throw new FindSyntaxError(`‘${path}’: No such file or directory`);
  return stat;
}

/** -newerXY: the time X of a file is later than the time Y of another, or than the date that `t` gives. */
function readNewer(reader: FindReader, own: string, other: string, name: string): Predicate {
  const value = reader.value(name);
  const at =
    other === 't'
      ? parseDate(value, Date.now(), zoneOf(reader.context.env.get('TZ')))
      : timeOf(readReference(reader, value), other);
  if (at === undefined) throw new FindSyntaxError(`I cannot figure out how to interpret ‘${value}’ as a date or time`);
  return (_, { stat }) => timeOf(stat, own) > at;
}

function readNumber(reader: FindReader, name: string, measure: (found: Found) => number): Predicate {
  const value = reader.value(name);
  const match = /^([-+]?)(\d+)$/.exec(value);
  if (!match) throw new FindSyntaxError(`invalid argument \`${value}' to \`${name}'`);
  return (_, found) => compareSigned(measure(found), match[1] ?? '', Number(match[2]));
}

function readRegex(reader: FindReader, name: string): Predicate {
  const source = reader.value(name);
  const isExtended = EXTENDED.test(reader.regexType);
  // Emacs' syntax has + and ? of the extended, groups and alternatives of the basic one.
  const basic = reader.regexType === 'emacs' ? source.replace(/\\[\s\S]|\[\^?\]?[^\]]*\]|[+?]/g, swapRepeat) : source;
  const pattern = posixToRegExp(isExtended ? source : basic, isExtended);
  const expression = new RegExp(`^(?:${pattern})$`, name === '-iregex' ? 'isu' : 'su');
  return (_, found) => expression.test(found.path);
}

function readSize(reader: FindReader, name: string): Predicate {
  const value = reader.value(name);
  const match = /^([-+]?)(\d+)([cwbkMG]?)$/.exec(value);
  if (!match) throw new FindSyntaxError(`Invalid argument \`${value}' to -size`);
  const unit = SIZE_UNITS[match[3] || 'b'] ?? 512;
  return (_, found) => compareSigned(Math.ceil(found.stat.size / unit), match[1] ?? '', Number(match[2]));
}

function readAge(reader: FindReader, name: string): Predicate {
  const value = reader.value(name);
  const match = /^([-+]?)(\d+(?:\.\d+)?)$/.exec(value);
  if (!match) throw new FindSyntaxError(`invalid argument \`${value}' to \`${name}'`);
  const unit = name.endsWith('time') ? 86_400_000 : 60_000;
  return (_, { stat }) => {
    const age = (Date.now() - timeOf(stat, name[1] ?? 'm')) / unit;
    return compareSigned(name.endsWith('time') ? Math.floor(age) : Math.ceil(age), match[1] ?? '', Number(match[2]));
  };
}

function readPermissions(reader: FindReader, name: string): Predicate {
  const value = reader.value(name);
  const match = /^([-/]?)(.+)$/.exec(value);
  const mode = changeMode(0, match?.[2] ?? '', false);
  if (!match || mode === undefined) throw new FindSyntaxError(`invalid mode ‘${value}’`);
  return (_, { stat }) =>
    match[1] === '-'
      ? (stat.mode & mode) === mode
      : match[1] === '/'
        ? mode === 0 || (stat.mode & mode) !== 0
        : (stat.mode & 0o7777) === mode;
}

const swapRepeat = (part: string) =>
  part === '+' || part === '?' ? `\\${part}` : /^\\[+?]$/.test(part) ? part.slice(1) : part;

function timeOf(stat: Stat, letter: string): number {
  if (letter === 'a') return stat.atimeMs;
  return letter === 'c' ? stat.ctimeMs : letter === 'B' ? stat.birthtimeMs : stat.mtimeMs;
}

function compareSigned(value: number, sign: string, wanted: number): boolean {
  if (sign === '+') return value > wanted;
  return sign === '-' ? value < wanted : value === wanted;
}
