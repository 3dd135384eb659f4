/** How ls, stat, find and du show a file. */
import { S_IFCHR, S_IFDIR, S_IFIFO, S_IFLNK, S_IFMT, S_IFSOCK } from '../../kernel/file-modes.ts';

export function fileType(mode: number): string {
  switch (mode & S_IFMT) {
    case S_IFDIR:
      return 'directory';
    case S_IFLNK:
      return 'symbolic link';
    case S_IFCHR:
      return 'character special file';
    case S_IFIFO:
      return 'fifo';
    case S_IFSOCK:
      return 'socket';
    default:
      return 'regular file';
  }
}

const TYPE_LETTERS: Record<string, string> = {
  directory: 'd',
  'symbolic link': 'l',
  'character special file': 'c',
  fifo: 'p',
  socket: 's',
  'regular file': '-',
};

/** `drwxr-xr-x`. */
export function formatMode(mode: number): string {
  let text = TYPE_LETTERS[fileType(mode)] ?? '-';
  for (const [shift, special, letter] of [
    [6, 0o4000, 's'],
    [3, 0o2000, 's'],
    [0, 0o1000, 't'],
  ] as const) {
    const bits = (mode >> shift) & 7;
    const execute = (bits & 1) !== 0;
    const last = (mode & special) !== 0 ? (execute ? letter : letter.toUpperCase()) : execute ? 'x' : '-';
    text += `${bits & 4 ? 'r' : '-'}${bits & 2 ? 'w' : '-'}${last}`;
  }
  return text;
}

/** 1023, 1.5K, 12M: rounded up, as `ls -h`. */
export function formatSize(bytes: number): string {
  let value = bytes;
  let unit = '';
  for (const next of 'KMGT') {
    if (value < 1024) break;
    value /= 1024;
    unit = next;
  }
  if (unit === '') return String(Math.ceil(value));
  return value < 10 ? (Math.ceil(value * 10) / 10).toFixed(1) + unit : Math.ceil(value) + unit;
}

export function userName(env: ReadonlyMap<string, string>, id: number): string {
  return id === 0 ? 'root' : (env.get('USER') ?? String(id));
}
