import type { Shell } from '../shell.ts';
import type { Writer } from '../streams.ts';

export interface BuiltinCall {
  shell: Shell;
  name: string;
  args: readonly string[];
  stdout: Writer;
}

/** A command that changes or asks the shell itself. Throws ShellError for wrong use. */
export type Builtin = (call: BuiltinCall) => Promise<number> | number;

export const VARIABLE_NAME = /^[A-Za-z_]\w*$/;
