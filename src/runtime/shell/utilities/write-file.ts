import { O_CREAT, O_TRUNC, O_WRONLY } from '../../kernel/file-modes.ts';
import { openPath } from '../open.ts';
import { Writer } from '../streams.ts';
import type { UtilityContext } from '../utility.ts';

/** Replaces a file's content; a FIFO is waited for. Rejects with a SystemError. */
export async function writeFile(
  { sys, resolve, signal }: UtilityContext,
  name: string,
  content: string | Uint8Array,
): Promise<void> {
  const output = await openPath(sys, resolve(name), O_WRONLY | O_CREAT | O_TRUNC, { signal });
  try {
    const writer = new Writer(output);
    await writer.write(content);
    await writer.flush();
  } finally {
    output.release();
  }
}
