/** `fixpoint-demux CMD ARG…`: stdout and stderr of a command as JSON lines, `{"fd":1,"data":"<base64>"}`; its exit code is the command's. */
import { Descriptor } from '../descriptor.ts';
import { errorCode } from '../errors.ts';
import { Reader } from '../streams.ts';
import type { Utility, UtilityContext } from '../utility.ts';

const SIGKILL = 9;

export const demux: Utility = async (context) => {
  if (context.args.length === 0) {
    await context.complain('missing command');
    return 2;
  }
  const output = openPipe(context);
  const errors = openPipe(context);
  const descriptors = new Map([
    [1, output.writeEnd],
    [2, errors.writeEnd],
  ]);
  const pumps = [pump(context, 1, output.readEnd), pump(context, 2, errors.readEnd)];
  const status = await context.run(context.args, { descriptors, complain: true });
  await Promise.all(pumps);
  endLeftovers(context);
  return status;
};

/** What the command left running would be in the way of the next one. */
function endLeftovers({ sys }: UtilityContext): void {
  try {
    sys.call('kill', -1, SIGKILL);
  } catch (error) {
    if (errorCode(error) !== 'ESRCH') throw error;
  }
}

function openPipe({ sys }: UtilityContext): { readEnd: Descriptor; writeEnd: Descriptor } {
  const [readEnd, writeEnd] = sys.call('pipe');
  return { readEnd: new Descriptor(sys, readEnd), writeEnd: new Descriptor(sys, writeEnd) };
}

async function pump({ stdout }: UtilityContext, fd: number, input: Descriptor): Promise<void> {
  try {
    for await (const chunk of new Reader(input).chunks()) {
      await stdout.print(`${JSON.stringify({ fd, data: toBase64(chunk) })}\n`);
    }
  } finally {
    input.release();
  }
}

const SLICE = 8192;

function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let i = 0; i < bytes.length; i += SLICE) binary += String.fromCharCode(...bytes.subarray(i, i + SLICE));
  return btoa(binary);
}
