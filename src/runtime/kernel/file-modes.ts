/** File type bits of a mode, as in `sys/stat.h`. */
export const S_IFMT = 0o170000;
export const S_IFREG = 0o100000;
export const S_IFDIR = 0o040000;
export const S_IFLNK = 0o120000;
export const S_IFCHR = 0o020000;
export const S_IFIFO = 0o010000;
export const S_IFSOCK = 0o140000;

/** Flags of `open`, as in Linux's `fcntl.h`. */
export const O_RDONLY = 0;
export const O_WRONLY = 1;
export const O_RDWR = 2;
export const O_ACCMODE = 3;
export const O_CREAT = 0o100;
export const O_EXCL = 0o200;
export const O_TRUNC = 0o1000;
export const O_APPEND = 0o2000;
export const O_NONBLOCK = 0o4000;
export const O_DIRECTORY = 0o200000;
export const O_NOFOLLOW = 0o400000;
export const O_CLOEXEC = 0o2000000;
/** Ours: `open` does not wait for the other end of a FIFO, see `Syscalls.open`. */
export const O_NO_WAIT = 0o10000000000;

/** Operations of `flock`, as in Linux's `sys/file.h`. */
export const LOCK_SH = 1;
export const LOCK_EX = 2;
export const LOCK_NB = 4;
export const LOCK_UN = 8;

/** Whether a descriptor that was opened with these flags reads. With both bits of the access mode set it does neither. */
export function allowsReading(flags: number): boolean {
  const mode = flags & O_ACCMODE;
  return mode === O_RDONLY || mode === O_RDWR;
}

export function allowsWriting(flags: number): boolean {
  const mode = flags & O_ACCMODE;
  return mode === O_WRONLY || mode === O_RDWR;
}

/** The type as libuv's UV_DIRENT_*. */
export function entryType({ mode }: { readonly mode: number }): number {
  switch (mode & S_IFMT) {
    case S_IFREG:
      return 1;
    case S_IFDIR:
      return 2;
    case S_IFLNK:
      return 3;
    case S_IFIFO:
      return 4;
    case S_IFSOCK:
      return 5;
    default:
      return 6;
  }
}
