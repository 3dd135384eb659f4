/** What happens to an error that nobody caught: the handlers of the guest, else a message on descriptor 2 and the end. */
import type { CallSites, Position } from './call-sites.ts';
import type { ProcessContext } from './context.ts';

export interface FatalHooks {
  /** Set by the binding `errors`: adds what the error's stack lacks (the properties of the error). */
  enhanceAfter: ((error: unknown) => unknown) | null;
}

/** Thrown to unwind the guest when the process has ended but JavaScript still runs. */
export class ProcessEnded extends Error {}

/** Code of `process.exit` in an uncaught error's path, see `exit_info_private_symbol`. */
const HAS_EXIT_CODE = 2;
const EXIT_CODE = 1;

export function createFatalReporter(context: ProcessContext, sites: CallSites, hooks: FatalHooks) {
  const exitCodeOr = (fallback: number): number => {
    const info = context.process[symbolOf(context, 'exit_info_private_symbol')];
    if (!(info instanceof Int32Array)) return fallback;
    return info[HAS_EXIT_CODE] ? (info[EXIT_CODE] ?? fallback) : fallback;
  };
  return (error: unknown, fromPromise = false): void => {
    if (context.loop.stopped || error instanceof ProcessEnded) return;
    const handle = context.process._fatalException as (error: unknown, fromPromise: boolean) => boolean;
    let handled: boolean;
    try {
      handled = handle.call(context.process, error, fromPromise);
    } catch (inner) {
      if (inner instanceof ProcessEnded) return;
      writeFatal(context, sites, hooks, inner);
      context.exit(7);
    }
    if (handled || context.loop.stopped) return;
    writeFatal(context, sites, hooks, error);
    context.exit(exitCodeOr(1));
  };
}

function writeFatal(context: ProcessContext, sites: CallSites, hooks: FatalHooks, error: unknown): void {
  let text: string;
  try {
    text = describeFatal(context, sites, hooks, error);
  } catch (failure) {
    text = `${String(error)}\n(Describing this error failed: ${String(failure)})\n`;
  }
  writeToStderr(context, `${text}\nNode.js ${context.library.version}\n`);
}

/** Synchronous, as the process is about to end. */
export function writeToStderr(context: ProcessContext, text: string): void {
  let bytes = new context.host.TextEncoder().encode(text);
  try {
    while (bytes.length > 0) bytes = bytes.subarray(context.sys.call('write', 2, bytes, null));
  } catch (error) {
    // Nobody reads: there is no other place to say it.
    context.host.console.warn('fixpoint: descriptor 2 cannot be written', error);
  }
}

function describeFatal(context: ProcessContext, sites: CallSites, hooks: FatalHooks, error: unknown): string {
  const types = context.internalBinding('types') as { isNativeError: (value: unknown) => boolean };
  if (!isObject(error) || !types.isNativeError(error)) return describeThrownValue(context, error);
  const decorated = error[symbolOf(context, 'arrow_message_private_symbol')];
  const origin = sites.originOf(error);
  const arrow = typeof decorated === 'string' ? decorated : origin && arrowFor(context, origin);
  const stack = hooks.enhanceAfter?.(error) ?? error.stack;
  const message = typeof stack === 'string' ? stack : String(error);
  return `${arrow ? `${arrow}\n` : ''}${message}\n`;
}

function describeThrownValue(context: ProcessContext, value: unknown): string {
  const { inspect } = context.require('internal/util/inspect') as { inspect: (value: unknown) => string };
  const shown = isObject(value) || typeof value === 'string' ? inspect(value) : String(value);
  return `Uncaught:\n${shown}\n(Use \`node --trace-uncaught ...\` to show where the exception was thrown)\n`;
}

/** File and line, the line's text, and an arrow under the column. */
export function arrowFor(context: ProcessContext, { file, line, column }: Position): string | undefined {
  const text = context.sourceRegistry.sourceOf(file)?.split('\n')[line - 1];
  if (text === undefined) return undefined;
  return `${file}:${line}\n${text}\n${' '.repeat(Math.max(0, column - 1))}^\n`;
}

function symbolOf(context: ProcessContext, name: string): symbol {
  const symbol = context.privateSymbols[name];
  if (symbol === undefined) throw new Error(`no private symbol ${name}`);
  return symbol;
}

const isObject = (value: unknown): value is Record<PropertyKey, unknown> =>
  (typeof value === 'object' && value !== null) || typeof value === 'function';
