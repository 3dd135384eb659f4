import type { ProcessCore } from '../core.ts';
import { ProcessEnded } from './fatal.ts';
import type { Position } from './position.ts';
import { givenName } from './source-name.ts';

const UNHANDLED = 0;
const HANDLED_LATER = 1;

/**
 * The browser reports rejections and errors in tasks of its own; Node's library decides what becomes of them. Gives what asks the
 * browser for the place of an error, which it tells its listeners alone.
 */
export function listenToErrors(core: ProcessCore): ProcessCore['reportedPlace'] {
  const scope = globalThis;
  const reportError = scope.reportError.bind(scope);
  let isAsked = false;
  let reported: Position | undefined;
  const report = (type: number, event: PromiseRejectionEvent, reason: unknown) => {
    event.preventDefault();
    if (core.loop.stopped || event.reason instanceof ProcessEnded) return;
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
    if (core.loop.stopped || event.error instanceof ProcessEnded) return;
    const { lineno: line, colno } = event;
    const file = givenName(event.filename);
    const column = core.sourceRegistry.originalColumn(file, line, colno);
    core.reportFatal(event.error, false, { file, line, column });
  });
  return (error) => {
    reported = undefined;
    isAsked = true;
    try {
      reportError(error);
    } finally {
      isAsked = false;
    }
    return reported;
  };
}
