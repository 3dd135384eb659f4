/** What find's -printf and -ls print of a file. */
import type { Stat } from '../../kernel/syscalls.ts';
import { directoryName } from '../paths.ts';
import type { UtilityContext } from '../utility.ts';
import type { Found } from './find.ts';
import { fileType, formatMode, userName } from './format.ts';
import { strftime, zoneOf } from './strftime.ts';

const ESCAPES: Record<string, string> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '0': '\0',
  '\\': '\\',
  a: '\x07',
  f: '\f',
  v: '\v',
};
const TYPE_LETTERS: Record<string, string> = {
  'regular file': 'f',
  directory: 'd',
  'symbolic link': 'l',
  fifo: 'p',
  socket: 's',
  'character special file': 'c',
};

const typeLetter = (stat: Stat): string => TYPE_LETTERS[fileType(stat.mode)] ?? 'U';

const seconds = (ms: number) => `${Math.floor(ms / 1000)}.${String(Math.floor(ms % 1000)).padStart(3, '0')}0000000`;

/** One `%k` letter with the time's own letter; @ is seconds since the epoch. */
function timeField(ms: number, letter: string, zone: ReturnType<typeof zoneOf>): string {
  if (letter === '@') return seconds(ms);
  if (letter === '+') return `${strftime('%Y-%m-%d+%H:%M:%S', ms, zone)}.${seconds(ms).split('.')[1]}`;
  if (letter === 'T' || letter === 'S' || letter === 'X')
    return `${strftime(`%${letter}`, ms, zone)}.${seconds(ms).split('.')[1]}`;
  return strftime(`%${letter}`, ms, zone);
}

/** Fills a -printf format in. */
export function formatFound(context: UtilityContext, { path, name, depth, root, stat }: Found, format: string): string {
  const zone = zoneOf(context.env.get('TZ'));
  const date = (ms: number) =>
    `${strftime('%a %b %e %H:%M:%S.', ms, zone)}${seconds(ms).split('.')[1]}${strftime(' %Y', ms, zone)}`;
  const times: Record<string, number> = { A: stat.atimeMs, C: stat.ctimeMs, T: stat.mtimeMs, B: stat.birthtimeMs };
  const link = () =>
    fileType(stat.mode) === 'symbolic link' ? context.sys.call('readlink', context.resolve(path)) : '';
  const fields: Record<string, () => string | number> = {
    p: () => path,
    f: () => name,
    h: () => (path.includes('/') ? directoryName(path) : '.'),
    P: () => path.slice(root.length).replace(/^\//, ''),
    H: () => root,
    d: () => depth,
    s: () => stat.size,
    k: () => Math.ceil(stat.blocks / 2),
    b: () => stat.blocks,
    m: () => (stat.mode & 0o7777).toString(8),
    M: () => formatMode(stat.mode),
    y: () => typeLetter(stat),
    Y: () => {
      const target = context.sys.call('statOrNull', context.resolve(path), true);
      return target ? typeLetter(target) : 'N';
    },
    l: link,
    n: () => stat.nlink,
    i: () => stat.ino,
    D: () => stat.dev,
    u: () => userName(context.env, stat.uid),
    g: () => userName(context.env, stat.gid),
    U: () => stat.uid,
    G: () => stat.gid,
    t: () => date(stat.mtimeMs),
    a: () => date(stat.atimeMs),
    c: () => date(stat.ctimeMs),
    '%': () => '%',
  };
  return format.replace(
    /\\([0-7]{3})|\\c[\s\S]*|\\([\s\S])|%(-?)(\d*)(?:([ACTB])([@+A-Za-z])|([A-Za-z%]))/g,
    (
      all,
      octal?: string,
      escaped?: string,
      left?: string,
      width?: string,
      kind?: string,
      letter?: string,
      field?: string,
    ) => {
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
      if (escaped !== undefined) return ESCAPES[escaped] ?? all;
      const text =
        kind !== undefined ? timeField(times[kind] ?? 0, letter ?? '@', zone) : String(fields[field ?? '']?.() ?? all);
      return left ? text.padEnd(Number(width)) : text.padStart(Number(width));
    },
  );
}

const HALF_YEAR_MS = 31_556_952_000 / 2;

/** A line as `ls -dils` prints it, in the columns of find. */
export function listFound(context: UtilityContext, found: Found): string {
  const { stat, path } = found;
  const zone = zoneOf(context.env.get('TZ'));
  const recent = stat.mtimeMs > Date.now() - HALF_YEAR_MS && stat.mtimeMs <= Date.now();
  const date = strftime(recent ? '%b %e %H:%M' : '%b %e  %Y', stat.mtimeMs, zone);
  const link = formatFound(context, found, '%l');
  const owner = `${userName(context.env, stat.uid).padEnd(8)} ${userName(context.env, stat.gid).padEnd(8)}`;
  const start = `${String(stat.ino).padStart(9)} ${String(Math.ceil(stat.blocks / 2)).padStart(6)}`;
  const size = String(stat.size).padStart(8);
  return `${start} ${formatMode(stat.mode)} ${String(stat.nlink).padStart(3)} ${owner} ${size} ${date} ${path.replaceAll(' ', '\\ ')}${link === '' ? '' : ` -> ${link}`}`;
}
