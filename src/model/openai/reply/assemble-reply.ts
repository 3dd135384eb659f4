import { BrokenStreamError } from '../failures.ts';
import type { Part } from './read-parts.ts';
import { type AssembledReply, type DraftOptions, ReplyDraft } from './reply-draft.ts';

/** Characters of one reply, thoughts and arguments included. */
export const LONGEST_REPLY = 1_000_000;

export interface AssembleOptions extends DraftOptions {
  readonly longest?: number;
  /** The server has said that the reply is over: what may still come is its usage. */
  readonly onOver?: () => void;
}

/**
 * Puts a reply together. A reply that was cut off, filtered or is too long comes with a correction, and without what is not whole in it.
 * Throws EmptyReplyError, BrokenStreamError and ServerError, which are worth another try, and ForeignReplyError when the server speaks otherwise.
 */
export async function assembleReply(parts: AsyncIterable<Part>, options: AssembleOptions): Promise<AssembledReply> {
  const { longest = LONGEST_REPLY, onOver } = options;
  const draft = new ReplyDraft(options);
  try {
    for await (const part of parts) {
      if (part === 'done') draft.end();
      else draft.add(part);
      if (draft.length > longest) return draft.endless(`Your reply was longer than ${longest} characters.`);
      if (draft.isRepeating) return draft.endless('Your reply repeated itself without end.');
      // Some servers keep the connection open.
      if (part === 'done') break;
      if (draft.isOver) onOver?.();
    }
  } catch (error) {
    // What breaks after the end takes nothing away from the reply.
    if (!(error instanceof BrokenStreamError && draft.isOver)) throw error;
  }
  return draft.finish();
}
