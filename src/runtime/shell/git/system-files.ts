/** The file system that isomorphic-git works on: the sandbox's, by system calls. */
import { S_IFDIR, S_IFLNK, S_IFMT, S_IFREG } from '../../kernel/file-modes.ts';
import type { Stat } from '../../kernel/syscalls.ts';
import type { Sys } from '../../process/system-calls/sys.ts';

const O_WRITE_NEW = 0o1101;

export function writeWhole(sys: Sys, path: string, data: Uint8Array, mode = 0o666): void {
  const fd = sys.call('open', path, O_WRITE_NEW, mode);
  try {
    for (let rest = data; rest.length > 0; ) rest = rest.subarray(sys.call('write', fd, rest, null));
  } finally {
    sys.call('close', fd);
  }
}

function withKind(stat: Stat) {
  const kind = stat.mode & S_IFMT;
  return {
    ...stat,
    isFile: () => kind === S_IFREG,
    isDirectory: () => kind === S_IFDIR,
    isSymbolicLink: () => kind === S_IFLNK,
  };
}

/** Node's `fs.promises`, as far as isomorphic-git needs it. */
export function systemFiles(sys: Sys) {
  const encoding = (options: unknown) =>
    typeof options === 'string' ? options : (options as { encoding?: string } | undefined)?.encoding;
  return {
    promises: {
      readFile: async (path: string, options?: unknown) => {
        const bytes = new Uint8Array(sys.call('readFile', path));
        return encoding(options) === 'utf8' ? new TextDecoder().decode(bytes) : Buffer.from(bytes);
      },
      writeFile: async (path: string, data: Uint8Array | string, options?: { mode?: number }) =>
        writeWhole(sys, path, typeof data === 'string' ? new TextEncoder().encode(data) : data, options?.mode ?? 0o666),
      unlink: async (path: string) => sys.call('unlink', path),
      readdir: async (path: string) => sys.call('readdir', path).names,
      mkdir: async (path: string) => void sys.call('mkdir', path, 0o777, false),
      rmdir: async (path: string) => sys.call('rmdir', path),
      rm: async (path: string) => sys.call('remove', path, true),
      stat: async (path: string) => withKind(sys.call('stat', path, true)),
      lstat: async (path: string) => withKind(sys.call('stat', path, false)),
      readlink: async (path: string) => sys.call('readlink', path),
      symlink: async (target: string, path: string) => sys.call('symlink', target, path),
      chmod: async (path: string, mode: number) => sys.call('chmod', path, mode),
    },
  };
}
