import type { OpenPage } from './browser/command-page.ts';
import type { AgentEnd, AgentRequest } from './page-api.ts';

/** A run that is told to stop kills what runs, restores its files and hands in its session: this takes seconds. */
const STOP_SECONDS = 60;

/** Has the page run the agent. When `stop` is aborted the run ends as stopped; rejects when it does not end in time. */
export async function callUntilStopped(open: OpenPage, request: AgentRequest, stop: AbortSignal): Promise<AgentEnd> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let giveUp: (problem: Error) => void = () => undefined;
  const late = new Promise<never>((_, reject) => {
    giveUp = reject;
  });
  const onStop = () => {
    open.stop();
    const problem = new Error(`The run did not stop within ${STOP_SECONDS} s.`);
    timer = setTimeout(() => giveUp(problem), STOP_SECONDS * 1000);
  };
  if (stop.aborted) onStop();
  else stop.addEventListener('abort', onStop, { once: true });
  try {
    return await Promise.race([open.call('agent', request), late]);
  } finally {
    stop.removeEventListener('abort', onStop);
    clearTimeout(timer);
  }
}
