/** What a command does when it is told to end: by Ctrl-C, by SIGTERM, by its terminal's closing, by a reader that leaves. */

/** Exit codes as a shell gives them: 128 + the signal's number. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129, SIGPIPE: 141 } as const;
type StopSignal = keyof typeof EXIT_CODES;

/** The reason of the signal that `stoppable` hands out. */
class StopRequest extends Error {
  override name = 'StopRequest';
  readonly exitCode: number;

  constructor(signal: StopSignal) {
    super(`Stopped by ${signal === 'SIGINT' ? 'Ctrl-C' : signal}.`);
    this.exitCode = EXIT_CODES[signal];
  }
}

/** The exit code of a command whose work was stopped; null when it was not. */
export function stopCode(stop: AbortSignal): number | null {
  if (!stop.aborted) return null;
  return stop.reason instanceof StopRequest ? stop.reason.exitCode : 1;
}

const PARENT_MILLISECONDS = 500;

const running = new Set<AbortController>();

/**
 * From now on a signal runs what waits for the process's exit (a browser to be killed) before it ends the process. `parent` is the id of
 * the process that started this one.
 */
export function endOnSignals(parent: number): void {
  // Not SIGPIPE: any socket raises it whose other side has left.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end(signal));
  watchReaders();
  watchParent(parent);
}

/** Node ignores SIGPIPE: it is each write that fails. */
function watchReaders(): void {
  let hasLeft = false;
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      if (!hasLeft) end('SIGPIPE');
      hasLeft = true;
    });
  }
}

/** npm hands a SIGTERM on to the shell between it and this process, which dies of it and tells nobody. */
function watchParent(parent: number): void {
  if (process.env.npm_lifecycle_event === undefined) return;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    end('SIGTERM');
  }, PARENT_MILLISECONDS);
  timer.unref();
}

/** Only the first signal lets the work end by itself. */
function end(signal: StopSignal): void {
  const willing = [...running].filter((controller) => !controller.signal.aborted);
  if (willing.length === 0) process.exit(EXIT_CODES[signal]);
  for (const controller of willing) controller.abort(new StopRequest(signal));
}

/** Does work that ends in order when its signal is aborted, with a StopRequest as reason. A second signal ends the process at once. */
export async function stoppable<T>(work: (stop: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  running.add(controller);
  try {
    return await work(controller.signal);
  } finally {
    running.delete(controller);
  }
}
