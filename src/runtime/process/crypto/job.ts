/** Crypto jobs: work that the library runs at once or asynchronously, by the job's mode. */
import type { ProcessContext } from '../context.ts';
import { guestMethod, handleClasses } from '../streams/handle-wrap.ts';

const ASYNC = 0;
/** Behind a job of so many milliseconds the next one waits for the loop's next turn. */
const LONG = 2;

/** Checks the arguments when the job is made (and throws there), and returns the work. */
export type Prepare = (...args: never[]) => () => unknown;
/** A failure that natively has other words when it is told later: the thread that worked keeps the first to itself. */
export class JobFailure extends Error {
  readonly now: Error;
  readonly later: Error;

  constructor(now: Error, later: Error) {
    super(now.message);
    this.now = now;
    this.later = later;
  }
}
export type DefineJob = (provider: string, prepare: Prepare) => unknown;

export const jobDefiner = (context: ProcessContext): DefineJob => {
  const { loop, asyncContext, host } = context;
  let mayRun = true;
  /** Natively other threads work: timers and connections go on meanwhile. */
  const runInTurn = (work: () => void): void => {
    if (!mayRun) {
      loop.enqueue(() => runInTurn(work));
      return;
    }
    const start = host.now();
    try {
      work();
    } finally {
      if (host.now() - start >= LONG) {
        mayRun = false;
        // In front of those that wait.
        loop.enqueue(() => {
          mayRun = true;
        });
      }
    }
  };
  return (provider, prepare) =>
    class Job extends handleClasses(context).AsyncWrap {
      readonly #mode: number;
      readonly #work: () => unknown;

      constructor(mode: number, ...args: unknown[]) {
        super(provider);
        this.#mode = mode;
        this.#work = prepare(...(args as never[]));
      }
      /** Answers [error, result] or, in asynchronous mode, calls `ondone` with them later. */
      run(): [unknown, unknown] | undefined {
        if (this.#mode !== ASYNC) return this.#execute();
        loop.ref();
        loop.enqueue(() =>
          runInTurn(() => {
            loop.unref();
            const outcome = this.#execute();
            asyncContext.complete(this, () => guestMethod(this, 'ondone')?.(...outcome));
          }),
        );
        return undefined;
      }
      #execute(): [unknown, unknown] {
        try {
          return [undefined, this.#work()];
        } catch (error) {
          if (!(error instanceof JobFailure)) return [error, undefined];
          return [this.#mode === ASYNC ? error.later : error.now, undefined];
        }
      }
    };
};
