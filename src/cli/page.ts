/** The page of the command line: does the work of a command in the browser; see `page-api.ts` and `browser/job-server.ts`. */

import { bootAhead } from '../sandbox/container/webcontainer.ts';
import type { Job, JobEnd } from './browser/job-server.ts';
import { emitToServer } from './page/emit.ts';
import { runBatch, runOne } from './page/sandbox.ts';

window.fixpoint = {
  sandbox: runOne,
  batch: runBatch,
  // Most commands do without these.
  agent: async (request, stop) => (await import('./page/agent.ts')).runAgentRequest(request, stop),
  replay: async (request) => (await import('./page/replay.ts')).runReplay(request),
};

/** Works for the command that opened the page, if it was opened with `?jobs`, until it is closed. */
async function serveJobs(): Promise<void> {
  // Whatever the job is, it needs a sandbox.
  bootAhead('embedded');
  window.fixpointEmit = emitToServer;
  for (;;) {
    const job = (await (await fetch('/__job')).json()) as Job;
    const end = await work(job);
    await emitToServer.flushed();
    await fetch('/__done', { method: 'POST', body: JSON.stringify(end) });
  }
}

async function work({ verb, request }: Job): Promise<JobEnd> {
  const stop = new AbortController();
  const done = new AbortController();
  void waitForStop(done.signal).then((asked) => asked && stop.abort(new Error('Stopped.')));
  try {
    const run = window.fixpoint[verb] as (request: unknown, stop: AbortSignal) => Promise<unknown>;
    return { value: (await run(request, stop.signal)) ?? null };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  } finally {
    done.abort();
  }
}

/**
 * Resolves to true when the command wants the job to stop, to false when the job was done first. When the command is gone without a
 * word (SIGKILL), nobody waits for anything, and the browser ends with its only page.
 */
async function waitForStop(done: AbortSignal): Promise<boolean> {
  while (!done.aborted) {
    const asked = await fetch('/__stop', { signal: done }).catch(() => null);
    if (asked?.ok) return true;
    const isThere = done.aborted || (await fetch(location.pathname, { method: 'HEAD' }).catch(() => null));
    if (!isThere) window.close();
    if (!isThere) return false;
  }
  return false;
}

if (location.search === '?jobs') await serveJobs();
