/** Tells once why a program cannot be started: Node's own error says only that it has the wrong format. */
import { SystemError } from '../../kernel/syscalls.ts';
import type { ProcessContext } from '../context.ts';

const told = new WeakSet<ProcessContext>();

/** A warning of the process, for the first program that the kernel takes for machine code. */
export function tellOfMachineCode(context: ProcessContext, error: unknown, file: string): void {
  if (told.has(context) || !(error instanceof SystemError) || error.code !== 'ENOEXEC') return;
  told.add(context);
  // At once: the error that is thrown next may be the end of the process.
  context.emitWarningSync(
    `${file} is machine code, which this sandbox cannot run: its package may have a version in JavaScript or WebAssembly`,
  );
}
