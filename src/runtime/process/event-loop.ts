/**
 * libuv's loop with its phases: timers, pending callbacks, immediates. It is a generator that yields wherever Node drains
 * the microtask queue: then the browser gets control, drains it, and a message brings the loop back.
 */
import { type EventLoop, type HostGlobals, type LoopMetrics, type LoopSource, QUIET } from './context.ts';
import { Fifo } from './fifo.ts';
import { createNextTurn, type NextTurn } from './next-turn.ts';
import { type DrivenLoop, type DriverClient, type Pause, THREW, type Turn, TurnDriver } from './turn-driver.ts';

/** A function of Node's library that was patched into a generator. */
export type Resumable = (this: unknown, ...args: never[]) => Generator<undefined, unknown, undefined>;

/** What the loop asks of the process around it. */
export interface LoopClient extends DriverClient {
  /** The object that library callbacks run on: `process`. */
  readonly receiver: object;
  runMain(): void;
  /** Calls with the root async id, as the outermost callback of all. */
  inRootScope(callback: () => void): void;
  /** Whether anybody listened. */
  emitBeforeExit(): boolean;
  /** Emits 'exit', once, and ends the process. */
  finish(): void;
}

const TICK_SCHEDULED = 0;
const REJECTION_TO_WARN = 1;
const IMMEDIATE_COUNT = 0;
const IMMEDIATE_REF_COUNT = 1;
const IMMEDIATE_OUTSTANDING = 2;

/** What is longer a browser takes for no time at all. As libuv, the loop looks again then. */
const LONGEST_WAIT = 2 ** 31 - 1;

/** As libuv: so often what completes at once may lead to more of it before the loop goes on. */
const SOON_ROUNDS = 8;

export class ProcessLoop implements EventLoop, DrivenLoop {
  /** Shared with Node's library, see the bindings `task_queue` and `timers`. */
  readonly tickInfo = new Uint8Array(2);
  readonly immediateInfo = new Uint32Array(3);
  readonly timeoutInfo = new Int32Array(1);
  tickCallback: Resumable | null = null;
  processImmediate: Resumable | null = null;
  processTimers: Resumable | null = null;
  stopped = false;
  mainHasRun = false;
  readonly metrics: LoopMetrics = { idle: 0, turns: 0, events: 0, eventsWaiting: 0 };

  readonly #host: HostGlobals;
  readonly #onWork: () => void;
  readonly #nextTurn: NextTurn;
  #driver: TurnDriver | null = null;
  #pending: (() => unknown)[] = [];
  #soon: (() => void)[] = [];
  /** What comes before the rest of the callbacks that run in this phase, the last one first. */
  #next: (() => unknown)[] | null = null;
  #closing: (() => void)[] = [];
  #beforeWait: (() => void)[] = [];
  readonly #sources: LoopSource[] = [];
  #references = 0;
  #timerAt = -1;
  #startedAt: number;
  #now = 0;
  #waiting = false;
  /** Since rejections were last let arrive. */
  #moduleHasRun = false;
  #waitingSince = 0;
  #hasWaited = false;
  readonly #whenStarted: (() => void)[] = [];
  readonly #whenDone: (() => void)[] = [];
  #hopping = false;
  #hostTimer = 0;

  /** `onWork` is called when the loop begins to run, and when it begins to wait. */
  constructor(host: HostGlobals, onWork: () => void = () => undefined) {
    this.#host = host;
    this.#onWork = onWork;
    this.#startedAt = host.now();
    this.#nextTurn = createNextTurn(host, this.#goOn);
  }

  /** Runs the main script and the loop after it. */
  start(client: LoopClient): void {
    this.#driver = new TurnDriver(this.#run(client), client, this);
    this.#startedAt = this.#host.now();
    this.#onWork();
    this.comeBack();
  }

  stop(): void {
    this.stopped = true;
  }

  enqueue(callback: () => unknown): void {
    this.#pending.push(callback);
    this.wake();
  }

  enqueueNext(callback: () => unknown): void {
    if (this.#next === null) this.enqueue(callback);
    else this.#next.push(callback);
  }

  beforeWait(callback: () => void): void {
    this.#beforeWait.push(callback);
    this.wake();
  }

  watch(source: LoopSource): void {
    this.#sources.push(source);
  }

  whenStarted(callback: () => void): void {
    this.#whenStarted.push(callback);
  }

  whenDone(callback: () => void): void {
    this.#whenDone.push(callback);
  }

  get hasTicks(): boolean {
    return this.tickInfo[TICK_SCHEDULED] === 1;
  }

  /** Tasks of the engine's own (`Atomics.waitAsync`, a collected object) have ticks behind them, too, while the loop waits. */
  tickScheduled(): void {
    if (this.#waiting) this.enqueue(() => undefined);
  }

  enqueueSoon(callback: () => void): void {
    this.#soon.push(callback);
    this.wake();
  }

  enqueueClosing(callback: () => void): void {
    this.#closing.push(callback);
    this.wake();
  }

  ref(): void {
    this.#references++;
  }

  unref(): void {
    this.#references--;
    if (this.#references === 0) this.wake();
  }

  now(): number {
    return this.#now;
  }

  updateNow(): number {
    this.#now = Math.floor(this.#host.now() - this.#startedAt);
    return this.#now;
  }

  /** Milliseconds from now until the first timer list is due. */
  scheduleTimer(ms: number): void {
    this.#timerAt = this.updateNow() + Math.max(1, ms);
    this.wake();
  }

  /** Ends the wait for something to happen. */
  wake(): void {
    if (!this.#waiting) return;
    this.#endWait();
    this.comeBack();
  }

  /** As `wake`, in a task that does nothing else: the loop goes on in it. */
  readonly #wakeHere = (): void => {
    if (!this.#waiting) return;
    this.#endWait();
    this.#hopping = true;
    this.#host.queueMicrotask(this.#goOn);
  };

  readonly #goOn = (): void => {
    this.#hopping = false;
    this.#driver?.step();
  };

  isAlive(): boolean {
    return (
      this.#references > 0 ||
      this.#pending.length > 0 ||
      this.#soon.length > 0 ||
      this.#closing.length > 0 ||
      (this.#timerAt >= 0 && (this.timeoutInfo[0] ?? 0) > 0) ||
      (this.immediateInfo[IMMEDIATE_REF_COUNT] ?? 0) > 0
    );
  }

  /** Goes on after the microtasks. */
  comeBack(): void {
    if (this.#hopping) return;
    this.#hopping = true;
    this.#nextTurn.afterMicrotasks();
  }

  /** Comes back when the pause is over; `undefined` ends with the microtasks. */
  pause(pause: undefined | 'tasks' | number): void {
    if (pause === undefined) {
      this.comeBack();
    } else if (pause === 'tasks') {
      this.#hopping = true;
      this.#nextTurn.inTask();
    } else {
      this.#wait(pause);
    }
  }

  noteModuleRun(): void {
    this.#moduleHasRun = true;
  }

  #wait(ms: number): void {
    this.#waiting = true;
    this.#onWork();
    this.#nextTurn.rest();
    this.#waitingSince = this.#host.now();
    if (ms < 0) return;
    this.#hostTimer = this.#host.setTimeout(
      () => {
        if (!this.#waiting) return;
        this.#endWait();
        this.#driver?.step();
      },
      Math.min(ms, LONGEST_WAIT),
    );
  }

  #endWait(): void {
    this.#waiting = false;
    this.#onWork();
    if (this.#hostTimer !== 0) this.#host.clearTimeout(this.#hostTimer);
    this.#hostTimer = 0;
    this.metrics.idle += this.#host.now() - this.#waitingSince;
  }

  *#run(client: LoopClient): Turn {
    yield () => client.inRootScope(() => client.runMain());
    this.mainHasRun = true;
    yield* this.#drain(client);
    // What is left behind an error that was handled comes before the microtasks, which the browser lets run with the first turn.
    if (this.tickInfo[TICK_SCHEDULED]) yield* this.#drain(client);
    this.noteModuleRun();
    for (const callback of this.#whenStarted.splice(0)) callback();
    while (!this.stopped) {
      this.updateNow();
      for (const source of this.#sources) source.look();
      // A phase in which there is nothing to do costs nothing: most turns have one.
      if (this.isAlive()) {
        if (this.#moduleHasRun) yield* this.#takeRejections(client);
        if (this.#timerAt >= 0 && this.#now >= this.#timerAt) yield* this.#timerPhase(client);
        this.metrics.turns++;
        this.metrics.eventsWaiting += this.#hasWaited ? 0 : this.#pending.length;
        this.#hasWaited = false;
        if (this.#soon.length > 0) yield* this.#callbackPhase(client, this.#soon);
        if (this.#pending.length > 0) yield* this.#callbackPhase(client, this.#pending);
        for (let round = 0; round < SOON_ROUNDS && this.#soon.length > 0; round++) {
          yield* this.#callbackPhase(client, this.#soon);
        }
        if (this.#moduleHasRun) yield* this.#takeRejections(client);
        // Behind an error that was handled they are left.
        if (this.tickInfo[TICK_SCHEDULED]) yield* this.#drain(client);
        if (this.#hasImmediates) yield* this.#immediatePhase(client);
        if (this.#closing.length > 0) yield* this.#callbackPhase(client, this.#closing);
      } else if (this.tickInfo[TICK_SCHEDULED]) {
        yield* this.#drain(client);
      }
      if (this.stopped) return;
      if (this.#beforeWait.length > 0) for (const callback of this.#beforeWait.splice(0)) callback();
      if (this.#hasWork()) continue;
      if (yield* this.#takeRejections(client)) continue;
      if (this.stopped || this.#hasWork()) continue;
      if (!this.isAlive()) {
        let isHeard = false;
        const emit = () => {
          isHeard = client.emitBeforeExit();
        };
        yield () => client.inRootScope(emit);
        yield* this.#drain(client);
        // A listener's rejection arrives in a task of its own, too.
        if (isHeard) {
          yield 'tasks';
          yield* this.#drain(client);
        }
        if (this.stopped || this.isAlive()) continue;
        for (const callback of this.#whenDone.splice(0)) callback();
        // A second time where a listener of 'exit' has thrown, and the program took the error.
        while (!this.stopped) yield () => client.finish();
        return;
      }
      const wait = this.#timerAt >= 0 ? Math.max(0, this.#timerAt - this.updateNow()) : -1;
      const waits = wait !== 0 && this.#sources.every((source) => source.arm(this.#wakeHere));
      if (waits) yield wait;
      this.#hasWaited = waits;
    }
  }

  /** Lets rejections arrive, which the browser reports in tasks of their own: too slow behind each callback. Whether there was anything. */
  *#takeRejections(client: LoopClient): Generator<Pause, boolean, unknown> {
    this.#moduleHasRun = false;
    yield 'tasks';
    if (!this.tickInfo[TICK_SCHEDULED] && !this.tickInfo[REJECTION_TO_WARN]) return false;
    yield* this.#drain(client);
    return true;
  }

  #hasWork(): boolean {
    return (
      this.#pending.length > 0 ||
      this.#soon.length > 0 ||
      this.#closing.length > 0 ||
      this.#beforeWait.length > 0 ||
      ((this.immediateInfo[IMMEDIATE_COUNT] ?? 0) > 0 && (this.immediateInfo[IMMEDIATE_REF_COUNT] ?? 0) > 0) ||
      this.tickInfo[TICK_SCHEDULED] === 1 ||
      this.tickInfo[REJECTION_TO_WARN] === 1
    );
  }

  *#timerPhase(client: LoopClient): Turn {
    if (this.processTimers === null) return;
    for (;;) {
      const next = yield this.processTimers.call(client.receiver, this.#now as never);
      if (this.stopped) return;
      // As in Node, the lists that are due go on after a throw that was handled; ticks come after them.
      if (next === THREW) continue;
      this.#setTimer(Number(next));
      break;
    }
    yield* this.#drain(client);
  }

  /** `next` is when the next list is due: 0 none, negative when only unreferenced timers are left. */
  #setTimer(next: number): void {
    this.#timerAt = next === 0 ? -1 : Math.max(Math.abs(next), this.#now + 1);
  }

  /** Runs what is in the list now; what comes meanwhile waits for the next turn. */
  *#callbackPhase(client: LoopClient, callbacks: (() => unknown)[]): Turn {
    const batch = new Fifo(callbacks.splice(0));
    if (callbacks !== this.#closing) this.metrics.events += batch.length;
    const next: (() => unknown)[] = [];
    this.#next = next;
    for (;;) {
      const callback = next.pop() ?? batch.shift();
      if (callback === undefined) break;
      if (this.stopped) return;
      const outcome = yield callback;
      if (this.stopped) return;
      if (outcome !== QUIET) yield* this.#drain(client);
    }
    this.#next = null;
  }

  get #hasImmediates(): boolean {
    return (this.immediateInfo[IMMEDIATE_COUNT] ?? 0) > 0 || this.immediateInfo[IMMEDIATE_OUTSTANDING] !== 0;
  }

  *#immediatePhase(client: LoopClient): Turn {
    if (this.stopped || this.processImmediate === null) return;
    do {
      const outcome = yield this.processImmediate.call(client.receiver);
      if (this.stopped) return;
      if (outcome !== THREW) yield* this.#drain(client);
    } while (this.immediateInfo[IMMEDIATE_OUTSTANDING] && !this.stopped);
  }

  /** The end of a callback scope: microtasks, then ticks and rejections until none is left. */
  *#drain(client: LoopClient): Turn {
    if (this.stopped) return;
    if (!this.tickInfo[TICK_SCHEDULED]) yield;
    while (
      !this.stopped &&
      this.tickCallback !== null &&
      (this.tickInfo[TICK_SCHEDULED] || this.tickInfo[REJECTION_TO_WARN])
    ) {
      // The generator's own code begins with its first step.
      const outcome = yield this.tickCallback.call(client.receiver);
      // As in Node: behind an error that was handled the rest comes later in the turn, so that others come, too.
      if (outcome === THREW) return;
    }
  }
}
