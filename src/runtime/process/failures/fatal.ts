/** What happens to an error that nobody caught: the handlers of the guest, else a message on descriptor 2 and the end. */

import type { ProcessContext } from '../context.ts';
import { lineAt } from '../modules/lines.ts';
import { type AbortingContext, abort, abortsOnUncaught, describeAbort } from './abort-on-uncaught.ts';
import { type CallSites, type Position, stackOf } from './call-sites.ts';
import { evaluatedName } from './eval-origin.ts';
import { findThrow } from './throw-place.ts';
import { exitTrace, throwTrace } from './traces.ts';

export interface FatalHooks {
  /** Set by the binding `errors`: adds what the error's stack lacks (the properties of the error). */
  enhanceAfter: ((error: unknown) => unknown) | null;
  /** Likewise: lets the error change its own stack first. */
  enhanceBefore: ((error: unknown) => unknown) | null;
  /** Set by the binding `errors`: the arrow at the place that a source map gives, `column` from 0. */
  originalSource: ((file: string, line: number, column: number) => string | undefined) | null;
  usesSourceMaps: boolean;
}

/** Thrown to unwind the guest when the process has ended but JavaScript still runs. */
export class ProcessEnded extends Error {}

/** Code of `process.exit` in an uncaught error's path, see `exit_info_private_symbol`. */
const HAS_EXIT_CODE = 2;
const EXIT_CODE = 1;
/** Exit code when guest code took `process._fatalException` away. */
const NO_HANDLER = 6;

export function createFatalReporter(context: AbortingContext, sites: CallSites, hooks: FatalHooks) {
  const exitCodeOr = (fallback: number): number => {
    const info = context.process[symbolOf(context, 'exit_info_private_symbol')];
    if (!(info instanceof Int32Array)) return fallback;
    return info[HAS_EXIT_CODE] ? (info[EXIT_CODE] ?? fallback) : fallback;
  };
  const exit: (code: number) => never = (code) => {
    const trace = exitTrace(context, code, []);
    if (trace) writeToStderr(context, trace);
    return context.exit(code);
  };
  return (error: unknown, fromPromise = false, thrownAt?: Position): void => {
    if (context.loop.stopped || error instanceof ProcessEnded) return;
    const aborts = abortsOnUncaught(context);
    if (aborts && !fromPromise) {
      writeToStderr(context, describeAbort(error, thrownAt));
      abort(context, fromPromise);
    }
    const handle = context.process._fatalException as (error: unknown, fromPromise: boolean) => boolean;
    if (typeof handle !== 'function') {
      writeFatal(context, { sites, hooks, thrownAt }, error);
      exit(NO_HANDLER);
    }
    let handled: boolean;
    try {
      handled = handle.call(context.process, error, fromPromise);
    } catch (inner) {
      if (inner instanceof ProcessEnded) return;
      const [thrownAt] = isObject(inner) ? sites.originOf(inner) : [];
      writeFatal(context, { sites, hooks, thrownAt }, inner);
      exit(7);
    }
    if (handled || context.loop.stopped) return;
    writeFatal(context, { sites, hooks, thrownAt }, error);
    if (aborts) abort(context, fromPromise);
    exit(exitCodeOr(1));
  };
}

const HINT = '(Use `node --trace-uncaught ...` to show where the exception was thrown)\n';

interface Circumstances {
  sites: CallSites;
  hooks: FatalHooks;
  thrownAt?: Position | undefined;
}

function writeFatal(context: AbortingContext, circumstances: Circumstances, error: unknown): void {
  let text: string;
  try {
    text = describeFatal(context, circumstances, error);
  } catch (failure) {
    text = `${String(error)}\n(Describing this error failed: ${String(failure)})\n`;
  }
  const trace = throwTrace(context, circumstances.thrownAt);
  writeToStderr(context, `${trace ? text.replace(HINT, '') : text}${trace}\nNode.js ${context.library.version}\n`);
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

function describeFatal(context: ProcessContext, circumstances: Circumstances, error: unknown): string {
  const types = context.internalBinding('types') as { isNativeError: (value: unknown) => boolean };
  if (!isObject(error)) return describePrimitive(context, circumstances, error);
  if (!types.isNativeError(error)) return describeObject(context, circumstances, error);
  const decorated = error[symbolOf(context, 'arrow_message_private_symbol')];
  // Who decorated the stack has put the arrow into it.
  const isInStack = error[symbolOf(context, 'decorated_private_symbol')] === true;
  const arrow =
    typeof decorated !== 'string' ? arrowOfError(context, circumstances, error) : isInStack ? '' : decorated;
  const stack = finalStack(circumstances.hooks, error);
  return `${arrow ? `${arrow}\n` : ''}${typeof stack === 'string' ? stack : String(error)}\n${stack === null ? HINT : ''}`;
}

/** Null where the program's own formatter throws. */
function finalStack(hooks: FatalHooks, error: object): unknown {
  const hadStack = stackOf(error) !== null;
  try {
    hooks.enhanceBefore?.(error);
    return hooks.enhanceAfter?.(error) ?? (error as { stack?: unknown }).stack;
  } catch (failure) {
    if (hadStack) throw failure;
    return null;
  }
}

function arrowOfError(
  context: ProcessContext,
  { sites, hooks, thrownAt }: Circumstances,
  error: object,
): string | undefined {
  const origins = sites.originOf(error);
  const made = origins[0] ?? thrownAt;
  if (made === undefined) return undefined;
  // A rejection is shown where its error was made.
  const thrown =
    thrownAt && (sites.notedThrow(error) ?? findThrow(origins, (file) => context.sourceRegistry.sourceOf(file)));
  const { file, line, column } = thrown ?? made;
  const mapped = hooks.usesSourceMaps ? hooks.originalSource?.(file, line, column - 1) : undefined;
  return mapped ?? arrowFor(context, { file, line, column });
}

/** Scripts of the command line are run by Node's `vm`, which decorates what they throw. */
const isCommandLineScript = (position: Position): boolean => /^\[(eval|stdin)\]/.test(position.file);

function describeObject(context: ProcessContext, { thrownAt }: Circumstances, value: object): string {
  const { inspect } = context.require('internal/util/inspect') as { inspect: (value: unknown) => string };
  const arrow = thrownAt && arrowFor(context, thrownAt);
  if (!thrownAt || !arrow) return `${inspect(value)}\n`;
  return isCommandLineScript(thrownAt) ? `${arrow}\n${inspect(value)}\n` : `\n${arrow}${inspect(value)}\n`;
}

function describePrimitive(context: ProcessContext, { thrownAt }: Circumstances, value: unknown): string {
  const arrow = thrownAt && arrowFor(context, thrownAt);
  return `${arrow ? `\n${arrow}` : ''}${String(value)}\n${HINT}`;
}

/** Node's library asks with this comment that a line of its own is not shown. */
const NO_ARROW = 'node-do-not-add-exception-line';

/** File and line, the line's text, and an arrow under the column. */
export function arrowFor(context: ProcessContext, { file, line, column }: Position): string | undefined {
  const source = context.sourceRegistry.sourceOf(file);
  const text = source === undefined ? undefined : lineAt(source, line - 1);
  if (text === undefined || text.includes(NO_ARROW)) return undefined;
  // Tabs stay, so that the arrow stands where it points to.
  const indent = text.slice(0, Math.max(0, column - 1)).replace(/[^\t]/g, ' ');
  const evaluated = evaluatedName(file);
  const name = evaluated && !evaluated.isOwn ? '<anonymous_script>' : (evaluated?.origin ?? file);
  return `${name}:${line}\n${text}\n${indent}^\n`;
}

function symbolOf(context: ProcessContext, name: string): symbol {
  const symbol = context.privateSymbols[name];
  if (symbol === undefined) throw new Error(`no private symbol ${name}`);
  return symbol;
}

const isObject = (value: unknown): value is Record<PropertyKey, unknown> =>
  (typeof value === 'object' && value !== null) || typeof value === 'function';
