/** What happens to an error that nobody caught: the handlers of the guest, else a message on descriptor 2 and the end. */

import type { CoverageOutput } from '../block-coverage/coverage.ts';
import type { ProcessContext } from '../context.ts';
import { isObject } from '../engine/is-object.ts';
import { jsonArrow } from '../engine/json-texts.ts';
import { beginAllAtExit } from '../files/operation.ts';
import { attachArrow, decorateStack, takeDecoration } from '../modules/decorate.ts';
import { type AbortingContext, abort, abortsOnUncaught, areErrorsTaken, describeAbort } from './abort-on-uncaught.ts';
import { type CallSites, isRuntimeScript, stackOf } from './call-sites.ts';
import type { Position, Thrown } from './position.ts';
import { arrowFor } from './source-arrow.ts';
import { exitTrace, throwTrace } from './traces.ts';

export interface FatalHooks {
  /** Set by the binding `errors`: adds what the error's stack lacks (the properties of the error). */
  enhanceAfter: ((error: unknown) => unknown) | null;
  /** Likewise: lets the error change its own stack first. */
  enhanceBefore: ((error: unknown) => unknown) | null;
  /** Set by the binding `errors`: the arrow at the place that a source map gives, `column` from 0. */
  originalSource: ((file: string, line: number, column: number) => string | undefined) | null;
  usesSourceMaps: boolean;
  /** Set by the binding `report`: writes a diagnostic report, if uncaught errors shall have one. */
  report: ((error: unknown) => void) | null;
}

/** Thrown to unwind the guest when the process has ended but JavaScript still runs. */
export class ProcessEnded extends Error {
  readonly #isEnd = true;

  /** Runs no trap of a proxy, as `instanceof` would. */
  static is(value: unknown): value is ProcessEnded {
    return isObject(value) && #isEnd in value;
  }
}

/** Code of `process.exit` in an uncaught error's path, see `exit_info_private_symbol`. */
const HAS_EXIT_CODE = 2;
const EXIT_CODE = 1;
/** Exit code when guest code took `process._fatalException` away. */
const NO_HANDLER = 6;

interface FatalContext extends AbortingContext {
  coverageFiles: CoverageOutput;
  isThread: boolean;
  callReported(callback: () => void): Thrown | undefined;
}

export function createFatalReporter(context: FatalContext, sites: CallSites, hooks: FatalHooks) {
  const exitCodeOr = (fallback: number): number => {
    const info = context.process[symbolOf(context, 'exit_info_private_symbol')];
    if (!(info instanceof Int32Array)) return fallback;
    return info[HAS_EXIT_CODE] ? (info[EXIT_CODE] ?? fallback) : fallback;
  };
  const exit: (code: number) => never = (code) => {
    const trace = exitTrace(context, code, []);
    if (trace) writeToStderr(context, trace);
    context.coverageFiles.end();
    beginAllAtExit(context);
    return context.exit(code);
  };
  return (error: unknown, fromPromise = false, thrownAt?: Position): void => {
    if (context.loop.stopped || ProcessEnded.is(error)) return;
    const aborts = abortsOnUncaught(context);
    if (aborts && !fromPromise) {
      writeToStderr(context, describeAbort(error, thrownAt));
      abort(context, fromPromise);
    }
    const handle = context.process._fatalException as (error: unknown, fromPromise: boolean) => boolean;
    const circumstances = { sites, hooks, thrownAt, wasFormatted: sites.isFormatted(error) };
    if (takeDecoration() && thrownAt && error instanceof Error && stackOf(error) !== null) {
      const arrow = arrowOfError(context, circumstances, error);
      if (arrow) attachArrow(context, error, arrow);
      decorateStack(context, error);
    }
    if (typeof handle !== 'function') {
      writeFatal(context, circumstances, error);
      exit(NO_HANDLER);
    }
    let handled = false;
    const again = context.callReported(() => {
      handled = handle.call(context.process, error, fromPromise);
    });
    if (again !== undefined) {
      const { error: inner, place } = again;
      if (ProcessEnded.is(inner)) return;
      const thrownAt = place ?? (isObject(inner) ? sites.throwPlace(inner) : undefined);
      writeFatal(context, { ...circumstances, thrownAt }, inner);
      exit(7);
    }
    if (handled || context.loop.stopped) return;
    writeFatal(context, circumstances, error);
    if (aborts) abort(context, fromPromise);
    exit(exitCodeOr(1));
  };
}

/** Whether nobody handles what is thrown now. */
export function endsOfErrors(context: ProcessContext): boolean {
  const listeners = context.process['_events'] as Record<string, unknown> | undefined;
  return listeners?.['uncaughtException'] === undefined && !areErrorsTaken(context);
}

const HINT = '(Use `node --trace-uncaught ...` to show where the exception was thrown)\n';

interface Circumstances {
  sites: CallSites;
  hooks: FatalHooks;
  /** Where it was thrown, as the browser tells. */
  thrownAt?: Position | undefined;
  /** Whether its stack had been read when it was reported. */
  wasFormatted: boolean;
}

function writeFatal(context: AbortingContext, circumstances: Circumstances, error: unknown): void {
  let text: string;
  try {
    text = describeFatal(context, circumstances, error);
  } catch (failure) {
    text = `${String(error)}\n(Describing this error failed: ${String(failure)})\n`;
  }
  const trace = throwTrace(context, circumstances.thrownAt);
  writeToStderr(context, `${trace ? text.replace(HINT, '') : text}${trace}`);
  reportFatal(context, circumstances.hooks, error);
  const saysVersion = context.commandLine?.values['--no-extra-info-on-fatal-exception'] !== true;
  if (saysVersion) writeToStderr(context, `\nNode.js ${context.library.version}\n`);
}

function reportFatal(context: AbortingContext, hooks: FatalHooks, error: unknown): void {
  if (context.commandLine?.values['--report-uncaught-exception'] === true) context.internalBinding('report');
  hooks.report?.(error);
}

/** Synchronous, as the process is about to end. */
export function writeToStderr(context: ProcessContext, text: string): void {
  try {
    writeText(context, 2, text);
  } catch (error) {
    // Nobody reads: there is no other place to say it.
    context.host.console.warn('fixpoint: descriptor 2 cannot be written', error);
  }
}

/** All of it; a pipe may take it in pieces. */
export function writeText(context: ProcessContext, fd: number, text: string): void {
  let bytes = new context.host.TextEncoder().encode(text);
  while (bytes.length > 0) bytes = bytes.subarray(context.sys.call('write', fd, bytes, null));
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

/** The place of the `throw`; of a rejection, which nobody throws, the one that V8 tells of the value. */
function placeOf(circumstances: Circumstances, value: unknown): Position | undefined {
  const { sites, thrownAt, wasFormatted } = circumstances;
  if (thrownAt === undefined) return sites.messagePlace(value, wasFormatted);
  return isObject(value) && !isThrowKnown(circumstances, value) ? (sites.throwPlace(value) ?? thrownAt) : thrownAt;
}

/** Not where a binding of the runtime threw; nor while the browser's developer tools look: then it tells where the error was made. */
function isThrowKnown({ sites, thrownAt }: Circumstances, error: object): boolean {
  if (thrownAt === undefined || isRuntimeScript(thrownAt.file)) return false;
  const [made] = sites.originsOf(error);
  const { file, line, column } = thrownAt;
  return made === undefined || made.file !== file || made.line !== line || made.column !== column;
}

function arrowOfError(context: ProcessContext, circumstances: Circumstances, error: object): string | undefined {
  const json = isThrowKnown(circumstances, error) ? undefined : jsonArrow(error);
  const place = json === undefined ? placeOf(circumstances, error) : undefined;
  if (place === undefined) return json;
  const { hooks } = circumstances;
  const mapped = hooks.usesSourceMaps ? hooks.originalSource?.(place.file, place.line, place.column - 1) : undefined;
  return mapped ?? arrowFor(context, place);
}

/** Scripts of the command line are run by Node's `vm`, which decorates what they throw. */
const isCommandLineScript = (position: Position): boolean => /^\[(eval|stdin)\]/.test(position.file);

function describeObject(context: ProcessContext, circumstances: Circumstances, value: object): string {
  const { inspect } = context.require('internal/util/inspect') as { inspect: (value: unknown) => string };
  const place = placeOf(circumstances, value);
  const arrow = place && arrowFor(context, place);
  if (!place || !arrow) return `${inspect(value)}\n`;
  return isCommandLineScript(place) ? `${arrow}\n${inspect(value)}\n` : `\n${arrow}${inspect(value)}\n`;
}

function describePrimitive(context: ProcessContext, circumstances: Circumstances, value: unknown): string {
  const place = placeOf(circumstances, value);
  const arrow = place && arrowFor(context, place);
  // As natively, a symbol is not told.
  const text = typeof value === 'symbol' ? '' : String(value);
  return `${arrow ? `\n${arrow}` : ''}${text}\n${HINT}`;
}

function symbolOf(context: ProcessContext, name: string): symbol {
  const symbol = context.privateSymbols[name];
  if (symbol === undefined) throw new Error(`no private symbol ${name}`);
  return symbol;
}
