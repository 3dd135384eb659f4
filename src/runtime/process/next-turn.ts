/** How the event loop comes back after the browser has drained the microtasks. */
import type { HostGlobals } from './context.ts';

/** A loop that came back so often without a pause is busy. */
const BUSY_AFTER = 64;
/** So often one message brings back a loop that is busy, for so long at most: then other tasks of the thread have their turn. */
const TURNS_A_MESSAGE = 32;
const MESSAGE_MS = 2;
const TURNS_A_LOOK = 4;

export interface NextTurn {
  /** Asks for the call, in a task of its own, behind the tasks that wait already, and the rejections of what runs now. */
  inTask(): void;
  /** Asks for the call, as soon as the microtasks are drained when the loop is busy. */
  afterMicrotasks(): void;
  /** The loop waits: it is not busy. */
  rest(): void;
}

type TaskHost = Pick<HostGlobals, 'queueMicrotask' | 'waitAsync' | 'notify' | 'promiseThen'>;
type HostParts = TaskHost & Pick<HostGlobals, 'MessageChannel' | 'addMessageListener' | 'now'>;

/** `callback` is what is asked for; it is never called twice for what was asked before it began. */
export function createNextTurn(host: HostParts, callback: () => void): NextTurn {
  const inTask = createTask(host, callback);
  const inSecondTask = createTask(host, inTask);
  let busy: BusyTurn | null = null;
  let turns = 0;
  return {
    // Chromium's Workers report rejections when the task is over that runs now: what it asks for itself would come before them.
    inTask: () => (busy?.isRunning ? inSecondTask() : inTask()),
    afterMicrotasks() {
      if (turns < BUSY_AFTER) {
        turns++;
        inTask();
        return;
      }
      busy ??= createBusyTurn(host, callback);
      busy.ask();
    },
    rest() {
      turns = 0;
    },
  };
}

/**
 * What is returned asks for the call, in a task of its own. It is a wait of this thread's own that it ends itself: V8 resolves it in a task,
 * which costs half of a message through a port, and comes at once, where a timer that timers have asked for comes 4 ms later.
 */
export function createTask(
  { queueMicrotask, waitAsync, notify, promiseThen }: TaskHost,
  callback: () => void,
): () => void {
  const cell = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  // Not from the promise itself: the browser would take what it throws for a rejection.
  const run = () => queueMicrotask(callback);
  return (): void => {
    const wait = waitAsync(cell, 0, 0);
    if (wait.async) promiseThen(wait.value, run);
    notify(cell, 0);
  };
}

interface BusyTurn {
  ask(): void;
  /** One of its calls is being made. */
  readonly isRunning: boolean;
}

/**
 * The browser drains the microtasks after each listener of an event, too: so one message with many listeners brings the loop back
 * many times, each at a third of what a task costs.
 */
function createBusyTurn({ MessageChannel, addMessageListener, now }: HostParts, callback: () => void): BusyTurn {
  const { port1, port2 } = new MessageChannel();
  let isRunning = false;
  let isAsked = false;
  let isUnderWay = false;
  let time = 0;
  let end = 0;
  const leave = (event: MessageEvent) => {
    event.stopImmediatePropagation();
    isUnderWay = false;
    if (isAsked) send();
  };
  const send = () => {
    isUnderWay = true;
    port2.postMessage(0);
  };
  const listen = (place: number) => (event: MessageEvent) => {
    // To ask for the time costs as much as all else here.
    if (place % TURNS_A_LOOK === 0) time = now();
    if (place === 0) end = time + MESSAGE_MS;
    if (!isAsked || time > end) {
      leave(event);
      return;
    }
    isAsked = false;
    if (place === TURNS_A_MESSAGE - 1) isUnderWay = false;
    isRunning = true;
    try {
      callback();
    } finally {
      isRunning = false;
    }
  };
  for (let place = 0; place < TURNS_A_MESSAGE; place++) addMessageListener(port1, listen(place));
  port1.start();
  return {
    get isRunning() {
      return isRunning;
    },
    ask() {
      isAsked = true;
      if (!isUnderWay) send();
    },
  };
}
