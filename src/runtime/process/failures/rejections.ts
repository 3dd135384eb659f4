import type { ProcessCore } from '../core.ts';
import { ProcessEnded } from './fatal.ts';
import type { Position, Thrown } from './position.ts';
import { givenName } from './source-name.ts';

// The program finds Node's own in their place.
const { Event, EventTarget } = globalThis;
const { addEventListener, dispatchEvent } = EventTarget.prototype;
const { apply } = Reflect;
const CALL = 'call';

const UNHANDLED = 0;
const HANDLED_LATER = 1;

export interface ErrorReports {
  reportedPlace: ProcessCore['reportedPlace'];
  callReported: ProcessCore['callReported'];
}

/** The browser reports rejections and errors in tasks of its own; Node's library decides what becomes of them. It tells places to its listeners alone. */
export function listenToErrors(core: ProcessCore): ErrorReports {
  const scope = globalThis;
  const reportError = scope.reportError.bind(scope);
  let isAsked = false;
  let reported: Position | undefined;
  let isHandling = false;
  /** What is thrown is kept, not handled, while there is one. */
  let kept: { thrown?: Thrown } | null = null;
  const report = (type: number, event: PromiseRejectionEvent, reason: unknown) => {
    event.preventDefault();
    if (core.loop.stopped || ProcessEnded.is(event.reason)) return;
    // Node reports at once, in the context of the rejection.
    const outer = core.asyncState.getFrame();
    core.asyncState.setFrame(core.asyncState.frameOfPromise(event.promise));
    core.rejectionCallback?.(type, event.promise, reason);
    core.asyncState.setFrame(outer);
    core.loop.wake();
  };
  scope.addEventListener('unhandledrejection', (event) => report(UNHANDLED, event, event.reason));
  scope.addEventListener('rejectionhandled', (event) => report(HANDLED_LATER, event, undefined));
  scope.addEventListener('error', (event) => {
    event.preventDefault();
    if (isAsked) {
      reported = { file: event.filename, line: event.lineno, column: event.colno };
      return;
    }
    const place = placeOf(event);
    if (kept !== null) {
      kept.thrown = { error: event.error, place };
      return;
    }
    if (core.loop.stopped || ProcessEnded.is(event.error)) return;
    isHandling = true;
    try {
      core.reportFatal(event.error, false, place);
    } finally {
      isHandling = false;
    }
  });
  const placeOf = ({ filename, lineno: line, colno }: ErrorEvent): Position => {
    const file = givenName(filename);
    return { file, line, column: core.sourceRegistry.originalColumn(file, line, colno) };
  };
  const target = new EventTarget();
  const callReported = (callback: () => void): Thrown | undefined => {
    // While it tells of one error the browser tells of no other.
    if (isHandling) return caughtOf(callback);
    const outer = kept;
    const own: { thrown?: Thrown } = {};
    kept = own;
    try {
      apply(addEventListener, target, [CALL, () => callback(), { once: true }]);
      apply(dispatchEvent, target, [new Event(CALL)]);
    } finally {
      kept = outer;
    }
    return own.thrown;
  };
  const reportedPlace = (error: unknown): Position | undefined => {
    reported = undefined;
    isAsked = true;
    try {
      reportError(error);
    } finally {
      isAsked = false;
    }
    return reported;
  };
  return { reportedPlace, callReported };
}

function caughtOf(callback: () => void): Thrown | undefined {
  try {
    callback();
    return undefined;
  } catch (error) {
    return { error };
  }
}
