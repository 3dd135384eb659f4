/**
 * The three forms in which Node's library calls an operation on files: at once, with a request object whose `oncomplete`
 * is called later, and with `kUsePromises`, which asks for a promise.
 */
import { SystemError } from '../../kernel/syscalls.ts';
import { activeResources } from '../active-resources.ts';
import { type ProcessContext, QUIET } from '../context.ts';
import { once } from '../once.ts';

export interface Operation {
  /** Index of the argument that is the request; what follows it belongs to the binding. */
  requestAt: number;
  /** As errors name it. */
  syscall: string;
  /** Paths that errors name, from the arguments. */
  paths?: (args: unknown[]) => [path: string, destination?: string];
  /** Throws, in every form at once, on arguments that make no sense. */
  check?: (args: unknown[]) => void;
  /** A SystemError may be thrown or be the answer: to throw it takes longer. */
  perform: (args: unknown[]) => unknown;
  /** In place of `perform` where nobody is to be blocked: what has to be waited for goes on in `finish`. */
  begin?: (args: unknown[]) => unknown;
  /** False when what `begin` gave is the answer. */
  finish?: (begun: unknown, done: (error: Error | null, value?: unknown) => void) => boolean;
  /** Answers later, where the operation may have to wait; null when it need not. */
  performLater?: (args: unknown[], done: (error: Error | null, value?: unknown) => void) => boolean;
}

type Done = (error: Error | null, value?: unknown) => void;

export type BindingFunction = (...args: unknown[]) => unknown;

/** Makes the binding's functions; `usePromises` is `kUsePromises`. */
export function createOperations(context: ProcessContext, usePromises: symbol) {
  const { host, loop, sys, asyncContext } = context;
  const { requests } = activeResources(context);

  const toGuestError = (error: unknown, operation: Operation, args: unknown[]): Error => {
    if (!(error instanceof SystemError)) return error instanceof Error ? error : new Error(String(error));
    const [path, destination] = operation.paths?.(args) ?? [];
    return context.createErrnoError(error.code, operation.syscall, path, destination);
  };

  const callNow = (operation: Operation, args: unknown[], self: BindingFunction): unknown => {
    let failure: SystemError;
    context.noteSync?.();
    try {
      const value = operation.perform(args);
      if (!(value instanceof SystemError)) return value;
      failure = value;
    } catch (error) {
      if (!(error instanceof SystemError)) throw toGuestError(error, operation, args);
      failure = error;
    }
    const thrown = withoutStack(() => toGuestError(failure, operation, args));
    Error.captureStackTrace(thrown, self);
    throw thrown;
  };

  /**
   * Runs in a later turn, behind the immediates of this one, as a thread of libuv's pool would not be faster. It answers behind
   * what the kernel has to tell by then: a native kernel tells of a closed connection sooner than of a file.
   */
  const callLater = (operation: Operation, args: unknown[], resource: object, done: Done): void => {
    requests.set(resource, resource === args[operation.requestAt] ? 'FSReqCallback' : 'FSReqPromise');
    loop.ref();
    const finish: Done = (error, value) => {
      loop.unref();
      requests.delete(resource);
      if (error === null) return done(null, value);
      const failure = toGuestError(error, operation, args);
      // There is no caller any more: the stack is the message alone.
      if (error instanceof SystemError) failure.stack = `Error: ${failure.message}`;
      return done(failure);
    };
    if (operation.performLater?.(args, finish)) return;
    const begin = once(() => {
      context.unbegun.delete(begin);
      return valueOrError(() => (operation.begin ?? operation.perform)(args));
    });
    context.unbegun.add(begin);
    loop.enqueue(() => {
      loop.enqueue(() => {
        const value = begin();
        if (value instanceof Error) {
          const failure = value;
          sys.afterAnswers(() => finish(failure));
          return;
        }
        if (operation.finish?.(value, finish)) return;
        sys.afterAnswers(() => finish(null, value));
      });
      return QUIET;
    });
  };

  const callRequest = (operation: Operation, args: unknown[], request: object): void => {
    callLater(operation, args, request, (error, value) => {
      const oncomplete: unknown = Reflect.get(request, 'oncomplete');
      if (typeof oncomplete !== 'function') return;
      asyncContext.completeLast(request, () => {
        if (error) oncomplete.call(request, error);
        else if (value === undefined) oncomplete.call(request, null);
        else oncomplete.call(request, null, value);
      });
    });
  };

  const define = (operation: Operation): BindingFunction => {
    const self: BindingFunction = (...args) => {
      if (operation.check) checkArguments(operation.check, args, self);
      const request = args[operation.requestAt];
      if (request === usePromises) {
        const resource = {};
        asyncContext.register(resource, 'FSREQPROMISE');
        return new host.Promise((resolve, reject) => {
          callLater(operation, args, resource, (error, value) =>
            asyncContext.completeLast(resource, () => (error ? reject(error) : resolve(value))),
          );
        });
      }
      if (typeof request !== 'object' || request === null) return callNow(operation, args, self);
      return callRequest(operation, args, request);
    };
    return self;
  };

  return { define };
}

/** Begins what would have begun by now in a thread of libuv's pool: the program is about to wait without its loop. */
export function beginAll({ unbegun }: Pick<ProcessContext, 'unbegun'>): void {
  for (const begin of [...unbegun]) begin();
}

/** Likewise of a program that exits, but not of a thread. Nobody is there any more who would be told how it ends. */
export function beginAllAtExit(context: Pick<ProcessContext, 'unbegun'> & { isThread: boolean }): void {
  if (!context.isThread) beginAll(context);
}

function valueOrError(make: () => unknown): unknown {
  try {
    return make();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** An error that gets its stack later: to walk it twice takes twice as long. */
function withoutStack(make: () => Error): Error {
  const limit: unknown = Error.stackTraceLimit;
  // The guest may have frozen it.
  if (typeof limit !== 'number' || !Reflect.set(Error, 'stackTraceLimit', 0)) return make();
  try {
    return make();
  } finally {
    Error.stackTraceLimit = limit;
  }
}

function checkArguments(check: (args: unknown[]) => void, args: unknown[], self: BindingFunction): void {
  try {
    check(args);
  } catch (error) {
    if (error instanceof Error) Error.captureStackTrace(error, self);
    throw error;
  }
}
