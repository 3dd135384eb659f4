import type { Progress } from './progress.ts';

/** Ends a conversation after so many replies; the model is told before its last one. */
export function limitReplies(
  progress: Progress,
  { most, lastWords }: { readonly most: number; readonly lastWords: string },
): Progress {
  let replies = 0;
  return {
    finished: progress.finished,
    look: (workspace) => {
      replies += 1;
      const found = progress.look(workspace);
      const stop = found.stop ?? (replies >= most ? `It had its ${most} replies.` : null);
      return { stop, warning: replies === most - 1 ? lastWords : found.warning };
    },
  };
}
