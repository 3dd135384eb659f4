/** Failures of one try at a reply, beside what the server says itself (`server-error.ts`). */
import { ModelError, type ModelReply } from '../model.ts';

/** The stream ended, or turned to garbage, in the middle of the reply. */
export class BrokenStreamError extends ModelError {
  override name = 'BrokenStreamError';
}

/** What came is no reply in the protocol: of another program, or of a gate before the server. */
export class ForeignReplyError extends ModelError {
  override name = 'ForeignReplyError';
}

/** Nothing came for too long. */
export class StalledError extends ModelError {
  override name = 'StalledError';
}

/** The request did not get to a server. */
export class UnreachableError extends ModelError {
  override name = 'UnreachableError';
}

/** A whole reply with nothing in it. */
export class EmptyReplyError extends ModelError {
  override name = 'EmptyReplyError';
  readonly reply: ModelReply;

  constructor(reply: ModelReply) {
    super('The reply was empty.');
    this.reply = reply;
  }
}
