/** Random bytes: cheap, and needed by the libraries of the optional part while it is being loaded. */
import type { ProcessContext } from '../context.ts';
import { bytesOf } from '../streams/text.ts';
import type { DefineJob } from './job.ts';

/** What getRandomValues gives at once. */
const RANDOM_QUOTA = 65536;

export function randomFiller({ host }: ProcessContext): (bytes: Uint8Array) => void {
  return (bytes) => {
    for (let at = 0; at < bytes.length; at += RANDOM_QUOTA) {
      // Shared memory is refused by getRandomValues.
      const piece = new Uint8Array(Math.min(RANDOM_QUOTA, bytes.length - at));
      host.crypto.getRandomValues(piece);
      bytes.set(piece, at);
    }
  };
}

export function randomBytesJob(context: ProcessContext, defineJob: DefineJob): unknown {
  const fill = randomFiller(context);
  return defineJob('RANDOMBYTESREQUEST', (buffer: unknown, offset: number, size: number) => {
    const target = bytesOf(buffer).subarray(offset, offset + size);
    return () => fill(target);
  });
}
