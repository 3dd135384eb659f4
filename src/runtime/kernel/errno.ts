/** libuv's texts of errors, for those that the file interface of the client can meet. */
const texts: Record<string, string> = {
  EACCES: 'permission denied',
  EBADF: 'bad file descriptor',
  EBUSY: 'resource busy or locked',
  EEXIST: 'file already exists',
  EINVAL: 'invalid argument',
  EIO: 'i/o error',
  EISDIR: 'illegal operation on a directory',
  ELOOP: 'too many symbolic links encountered',
  EMFILE: 'too many open files',
  ENAMETOOLONG: 'name too long',
  ENOENT: 'no such file or directory',
  ENOSPC: 'no space left on device',
  ENOTDIR: 'not a directory',
  ENOTEMPTY: 'directory not empty',
  ENXIO: 'no such device or address',
  EPERM: 'operation not permitted',
};

/** As Node's: "ENOENT: no such file or directory, open 'x'". */
export function errorText(code: string, syscall: string, path: string, destination?: string): string {
  const target = destination === undefined ? '' : ` -> '${destination}'`;
  return `${code}: ${texts[code] ?? 'unknown error'}, ${syscall} '${path}'${target}`;
}
