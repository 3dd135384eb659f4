import { SystemError } from '../syscalls.ts';

/** libuv's texts of errors, for those that the file interface of the client can meet. */
const texts: Record<string, string> = {
  EACCES: 'permission denied',
  EBADF: 'bad file descriptor',
  EBUSY: 'resource busy or locked',
  EEXIST: 'file already exists',
  EFBIG: 'file too large',
  EINVAL: 'invalid argument',
  EIO: 'i/o error',
  EISDIR: 'illegal operation on a directory',
  ELOOP: 'too many symbolic links encountered',
  EMFILE: 'too many open files',
  EMLINK: 'too many links',
  ENAMETOOLONG: 'name too long',
  ENFILE: 'file table overflow',
  ENOENT: 'no such file or directory',
  ENOMEM: 'not enough memory',
  ENOSPC: 'no space left on device',
  ENOTDIR: 'not a directory',
  ENOTEMPTY: 'directory not empty',
  ENXIO: 'no such device or address',
  EPERM: 'operation not permitted',
  ETXTBSY: 'text file is busy',
};

const numbers: Record<string, number> = {
  EPERM: -1,
  ENOENT: -2,
  EIO: -5,
  ENXIO: -6,
  EBADF: -9,
  ENOMEM: -12,
  EACCES: -13,
  EBUSY: -16,
  EEXIST: -17,
  ENOTDIR: -20,
  EISDIR: -21,
  EINVAL: -22,
  ENFILE: -23,
  EMFILE: -24,
  ETXTBSY: -26,
  EFBIG: -27,
  ENOSPC: -28,
  EMLINK: -31,
  ENAMETOOLONG: -36,
  ENOTEMPTY: -39,
  ELOOP: -40,
};

/** An error with the message and the properties of Node's. */
export function nodeError(code: string, syscall: string, path?: string, destination?: string): SystemError {
  const error = new SystemError(code, errorText(code, syscall, path, destination));
  return Object.assign(error, {
    errno: numbers[code],
    syscall,
    ...(path === undefined ? {} : { path }),
    ...(destination === undefined ? {} : { dest: destination }),
  });
}

/** As Node's: "ENOENT: no such file or directory, open 'x'". */
export function errorText(code: string, syscall: string, path?: string, destination?: string): string {
  const target = destination === undefined ? '' : ` -> '${destination}'`;
  const place = path === undefined ? '' : ` '${path}'${target}`;
  return `${code}: ${texts[code] ?? 'unknown error'}, ${syscall}${place}`;
}
