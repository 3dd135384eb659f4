/**
 * What the loop does next: comes back at once (after the microtasks), or behind the tasks that the browser has by now, waits so many
 * milliseconds, has a callback of the guest run, or a generator of the library, which comes back after the microtasks wherever it
 * yields. These run outside of every `catch`: what they throw reaches the browser, which alone can tell where it was thrown.
 */
export type Pause = undefined | 'tasks' | number | (() => unknown) | Generator;
export type Turn = Generator<Pause, void, unknown>;

/** What became of what was to be invoked or resumed, in the place of what it returned. What was thrown is reported by then. */
export const THREW = Symbol('threw');

/** The loop, as its driver sees it. */
export interface DrivenLoop {
  readonly stopped: boolean;
  /** The main script has run. */
  readonly mainHasRun: boolean;
  /** Comes back to the driver after the microtasks. */
  comeBack(): void;
  /** Comes back to the driver when the pause is over. */
  pause(pause: undefined | 'tasks' | number): void;
}

/** What is asked of the process around it. */
export interface DriverClient {
  /** Forgets the async context that a microtask left behind. */
  resetContext(): void;
  /** Whether the program takes the errors that nobody catches. */
  takesErrors(): boolean;
  /** Calls; what that throws is handled before this returns. */
  callReported(callback: () => void): void;
  /** An error of the loop itself. */
  crash(error: unknown): void;
}

/** Takes the loop's generator from pause to pause, and calls what it asks to have called. */
export class TurnDriver {
  readonly #turns: Turn;
  readonly #client: DriverClient;
  readonly #loop: DrivenLoop;
  #threw = false;
  /** What the loop has run and is not at the end of. */
  #resumed: Generator | null = null;

  constructor(turns: Turn, client: DriverClient, loop: DrivenLoop) {
    this.#turns = turns;
    this.#client = client;
    this.#loop = loop;
  }

  /** Up to the next pause in which the browser has control. */
  step(): void {
    if (this.#loop.stopped) return;
    this.#client.resetContext();
    let outcome: unknown = this.#threw ? THREW : undefined;
    if (this.#threw) this.#resumed = null;
    this.#threw = false;
    for (;;) {
      if (this.#resumed !== null) {
        const step = this.#invoke(this.#advance) as typeof THREW | IteratorResult<unknown, unknown>;
        if (this.#loop.stopped) return;
        if (step !== THREW && !step.done) {
          this.#loop.comeBack();
          return;
        }
        this.#resumed = null;
        outcome = step === THREW ? THREW : step.value;
      }
      let result: IteratorResult<Pause, void>;
      try {
        result = this.#turns.next(outcome);
      } catch (error) {
        this.#client.crash(error);
        return;
      }
      if (result.done || this.#loop.stopped) return;
      const pause = result.value;
      if (typeof pause === 'function') {
        outcome = this.#invoke(pause);
        if (this.#loop.stopped) return;
      } else if (typeof pause === 'object') {
        this.#resumed = pause;
      } else {
        this.#loop.pause(pause);
        return;
      }
    }
  }

  readonly #advance = (): unknown => this.#resumed?.next();

  /** No `catch` here: it would lose the place of the throw. The loop goes on after the browser has reported it. */
  #invoke(callback: () => unknown): unknown {
    this.#threw = true;
    try {
      // The main script may say in its course that it does.
      if (!this.#loop.mainHasRun || this.#client.takesErrors()) return this.#invokeReported(callback);
      const value = callback();
      this.#threw = false;
      return value;
    } finally {
      if (this.#threw) this.#loop.comeBack();
    }
  }

  /**
   * The program's handlers run at once, before the microtasks, and the loop goes on behind them. What they throw is told with its place,
   * too, as the browser is done with the first error by then.
   */
  #invokeReported(callback: () => unknown): unknown {
    let value: unknown = THREW;
    this.#client.callReported(() => {
      value = callback();
    });
    this.#threw = false;
    return value;
  }
}
