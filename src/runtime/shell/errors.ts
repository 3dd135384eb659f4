/** What stops a script, or a part of it. Thrown by the interpreter, never shown as such. */

/** An error that ends a non-interactive shell (a failed expansion, a syntax error): printed with the script's name and line. */
export class ShellError extends Error {
  override name = 'ShellError';
  readonly status: number;
  /** Whether the name of the builtin belongs in front. */
  readonly named: boolean;
  /** Where it came up, when that is left before it is told of. */
  place: ErrorPlace | undefined;
  /** What a builtin of bash tells besides of its use. */
  usage: string | undefined;
  constructor(message: string, status = 2, named = false) {
    super(message);
    this.status = status;
    this.named = named;
  }
}

/** The file, in bash, and the line in front of a message. */
export interface ErrorPlace {
  name: string;
  line: number;
}

/** Of bash: ends the shell, where other errors end the line of commands that they come up in. */
export class FatalError extends ShellError {
  override name = 'FatalError';
}

/** Of bash: an assignment to a variable that is read-only. */
export class ReadOnlyError extends ShellError {
  override name = 'ReadOnlyError';
  constructor(variable: string) {
    super(`${variable}: readonly variable`, 1);
  }
}

/** A redirection that cannot be made: the command is not run, its status is 2, and the script goes on. */
export class RedirectionError extends ShellError {
  override name = 'RedirectionError';
}

/** A syntax error in bash: the message has its name and line in front already. */
export class SyntaxFailureError extends FatalError {
  override name = 'SyntaxFailureError';
}

export class ExitRequest {
  readonly status: number;
  constructor(status: number) {
    this.status = status;
  }
}

export class ReturnRequest {
  readonly status: number;
  constructor(status: number) {
    this.status = status;
  }
}

/** `break` and `continue`; `levels` counts the loops still to leave. */
export class LoopRequest {
  readonly kind: 'break' | 'continue';
  levels: number;
  constructor(kind: 'break' | 'continue', levels: number) {
    this.kind = kind;
    this.levels = levels;
  }
}

/** errno texts as strerror gives them. */
const MESSAGES: Record<string, string> = {
  ENOENT: 'No such file or directory',
  ENOMEM: 'Cannot allocate memory',
  EACCES: 'Permission denied',
  EPERM: 'Operation not permitted',
  EBUSY: 'Device or resource busy',
  ETXTBSY: 'Text file busy',
  EEXIST: 'File exists',
  ENOTDIR: 'Not a directory',
  EISDIR: 'Is a directory',
  ENOTEMPTY: 'Directory not empty',
  EINVAL: 'Invalid argument',
  EBADF: 'Bad file descriptor',
  EPIPE: 'Broken pipe',
  ELOOP: 'Too many levels of symbolic links',
  ENAMETOOLONG: 'File name too long',
  EROFS: 'Read-only file system',
  EXDEV: 'Invalid cross-device link',
  ESRCH: 'No such process',
  ENOSPC: 'No space left on device',
  ENOEXEC: 'Exec format error',
  EAGAIN: 'Resource temporarily unavailable',
  EBADMSG: 'Bad message',
  EFBIG: 'File too large',
  EIO: 'Input/output error',
  EMFILE: 'Too many open files',
  EMLINK: 'Too many links',
  ENFILE: 'Too many open files in system',
  ENODEV: 'No such device',
  ENXIO: 'No such device or address',
  EOPNOTSUPP: 'Operation not supported',
  EOVERFLOW: 'Value too large for defined data type',
  ERANGE: 'Numerical result out of range',
  ESPIPE: 'Illegal seek',
  E2BIG: 'Argument list too long',
  ETIMEDOUT: 'Connection timed out',
  ENOTTY: 'Inappropriate ioctl for device',
};

/** The errno name of a failed system call; undefined for any other error. */
export function errorCode(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

export function describeError(error: unknown): string {
  const code = errorCode(error);
  if (code !== undefined) return MESSAGES[code] ?? code;
  return error instanceof Error ? error.message : String(error);
}

/** 128 + SIGPIPE. */
export const BROKEN_PIPE = 141;
