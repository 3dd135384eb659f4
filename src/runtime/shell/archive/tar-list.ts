import type { unpackTar } from 'modern-tar';
import { strftime, type Zone } from '../utilities/strftime.ts';

type Header = Awaited<ReturnType<typeof unpackTar>>[number]['header'];

/** Owner, group and size together; more where they are longer. */
const WIDTH = 19;

const LETTERS: Readonly<Record<string, string>> = {
  directory: 'd',
  symlink: 'l',
  link: 'h',
  fifo: 'p',
  'character-device': 'c',
};

/** A member as `tar -tv` shows it; with numbers of owner and group where it has no names, or none are wanted. */
export function longLine(header: Header, { zone, isNumeric }: { zone: Zone; isNumeric: boolean }): string {
  const { name, mode = 0o644, size, type, mtime, linkname, uid = 0, gid = 0, uname, gname } = header;
  const letters = [6, 3, 0]
    .map(
      (shift) =>
        `${(mode >> shift) & 4 ? 'r' : '-'}${(mode >> shift) & 2 ? 'w' : '-'}${(mode >> shift) & 1 ? 'x' : '-'}`,
    )
    .join('');
  const kind = LETTERS[type ?? 'file'] ?? '-';
  const arrow = type === 'symlink' ? ` -> ${linkname}` : type === 'link' ? ` link to ${linkname}` : '';
  const owner = `${(!isNumeric && uname) || uid}/${(!isNumeric && gname) || gid}`;
  const length = String(size ?? 0).padStart(WIDTH - 1 - owner.length);
  return `${kind}${letters} ${owner} ${length} ${strftime('%Y-%m-%d %H:%M', mtime?.getTime() ?? 0, zone)} ${name}${arrow}`;
}
