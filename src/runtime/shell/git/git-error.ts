/** An error of a git command: `fatal: message`, unless it has other words. */
export class GitError extends Error {
  override name = 'GitError';
  readonly status: number;
  /** Printed in front of the message as it is. */
  readonly before: string;
  /** What stands in front of the message: `fatal: `, `error: ` or nothing. */
  readonly kind: 'fatal' | 'error' | 'none';
  constructor(message: string, status = 128, before = '', kind: 'fatal' | 'error' | 'none' = 'fatal') {
    super(message);
    this.status = status;
    this.before = before;
    this.kind = kind;
  }
}

/** `error: message`, exit code 1. */
export function plainError(message: string): GitError {
  return new GitError(message, 1, '', 'error');
}
