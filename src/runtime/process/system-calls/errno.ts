/** libuv's error numbers and the errors that Node makes of them. */
export interface Errno {
  errnoOf(code: string): number;
  nameOf(errno: number): string | undefined;
  messageOf(errno: number): string | undefined;
  createErrnoError(code: string, syscall: string, path?: string, destination?: string): Error;
}

interface ErrnoError {
  errno: number;
  code: string;
  syscall: string;
  path: string;
  dest: string;
}

/** From the pairs of `uv.getErrorMap()`. */
export function createErrno(errorMap: readonly [number, [string, string]][]): Errno {
  const byNumber = new Map(errorMap);
  const byName = new Map(errorMap.map(([errno, [name]]) => [name, errno]));
  const errnoOf = (code: string) => byName.get(code) ?? byName.get('UNKNOWN') ?? -4094;
  return {
    errnoOf,
    nameOf: (errno) => byNumber.get(errno)?.[0],
    messageOf: (errno) => byNumber.get(errno)?.[1],
    createErrnoError(code, syscall, pathName, destinationName) {
      // Bytes that are no text are shown as such.
      const path = pathName?.toWellFormed();
      const destination = destinationName?.toWellFormed();
      const errno = errnoOf(code);
      let message = `${code}: ${byNumber.get(errno)?.[1] ?? 'unknown error'}, ${syscall}`;
      if (path !== undefined) message += ` '${path}'`;
      if (destination !== undefined) message += ` -> '${destination}'`;
      const error: Partial<ErrnoError> & Error = new Error(message);
      // One by one: a list of them takes twice as long.
      error.errno = errno;
      error.code = code;
      error.syscall = syscall;
      if (path !== undefined) error.path = path;
      if (destination !== undefined) error.dest = destination;
      return error;
    },
  };
}
