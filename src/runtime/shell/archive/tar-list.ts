import type { unpackTar } from 'modern-tar';
import { strftime } from '../utilities/strftime.ts';

type Header = Awaited<ReturnType<typeof unpackTar>>[number]['header'];

/** A member as `tar -tv` shows it. */
export function longLine({ name, mode = 0o644, size, type, mtime, linkname }: Header): string {
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
