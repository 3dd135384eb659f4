import { ShellError } from './errors.ts';

/** The engine's own limits (a text, a list, the stack) end a builtin as a lack of memory does, not the shell around it. */
export function orLackOfMemory(error: unknown): unknown {
  return error instanceof RangeError ? new ShellError(error.message, 1) : error;
}
