/** Commands that a utility hands to the shell: `split --filter`, the `e` of sed, watch, zgrep. */
import { errorCode } from '../errors.ts';
import { openPipe } from '../pipes.ts';
import { Reader, Writer } from '../streams.ts';
import type { RunOptions, UtilityContext } from '../utility.ts';

/** Runs a command on an input; its exit code. */
export async function runOnInput(
  context: UtilityContext,
  argv: readonly string[],
  { input, ...options }: Omit<RunOptions, 'descriptors'> & { input: string | Uint8Array },
): Promise<number> {
  await context.stdout.flush();
  const [readEnd, writeEnd] = openPipe(context.sys);
  const ended = context.run(argv, { ...options, descriptors: new Map([[0, readEnd]]) });
  const writer = new Writer(writeEnd);
  try {
    await writer.write(input);
    await writer.flush();
  } catch (error) {
    if (errorCode(error) !== 'EPIPE') throw error; // The command did not want the rest.
  } finally {
    writeEnd.release();
  }
  return await ended;
}

/** What a command prints, and its exit code. */
export async function outputOf(
  context: UtilityContext,
  argv: readonly string[],
): Promise<{ output: string; status: number }> {
  const [readEnd, writeEnd] = openPipe(context.sys);
  const ended = context.run(argv, { descriptors: new Map([[1, writeEnd]]) });
  try {
    const output = await new Reader(readEnd).text();
    return { output, status: await ended };
  } finally {
    readEnd.release();
  }
}
