import type { Progress } from './progress.ts';

export interface ReplyLimit {
  readonly most: number;
  /** Told to the model before its last reply. */
  readonly lastWords: string;
  /** Why it should end now, for a person; null while it may go on. */
  readonly over: () => string | null;
}

/** Ends a conversation after so many replies, or when it is not needed any more. */
export function limitReplies(progress: Progress, { most, lastWords, over }: ReplyLimit): Progress {
  let replies = 0;
  return {
    finished: progress.finished,
    look: (workspace) => {
      replies += 1;
      const found = progress.look(workspace);
      const stop = found.stop ?? over() ?? (replies >= most ? `It had its ${most} replies.` : null);
      return { stop, warning: replies === most - 1 ? lastWords : found.warning };
    },
  };
}
