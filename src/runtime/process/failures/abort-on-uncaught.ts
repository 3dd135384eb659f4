/** `--abort-on-uncaught-exception`: the engine ends the process where it throws what nobody will catch. */
import type { ProcessContext } from '../context.ts';
import type { Position } from './position.ts';

const SIGTRAP = 5;
const SIGABRT = 6;

/** What this asks of a process besides. */
export interface AbortingContext extends ProcessContext {
  readonly isThread: boolean;
  readonly commandLine: { readonly values: Readonly<Record<string, unknown>> } | null;
}

/** Only the main thread is ended so, and not while a domain or `setUncaughtExceptionCaptureCallback` takes the errors. */
export function abortsOnUncaught(core: AbortingContext): boolean {
  if (core.isThread || core.commandLine?.values['--abort-on-uncaught-exception'] !== true) return false;
  return !areErrorsTaken(core);
}

/** Whether a domain or a capture callback takes what is thrown: Node's library says so to the engine. */
export function areErrorsTaken(context: ProcessContext): boolean {
  const { shouldAbortOnUncaughtToggle } = context.internalBinding('util') as { shouldAbortOnUncaughtToggle: number[] };
  return shouldAbortOnUncaughtToggle[0] === 0;
}

/** What V8 prints before it ends the process. */
export function describeAbort(error: unknown, thrownAt: Position | undefined): string {
  const frames = error instanceof Error ? framesOf(String(error.stack)) : [];
  if (frames.length === 0 && thrownAt) frames.push(`${thrownAt.file}:${thrownAt.line}:${thrownAt.column}`);
  const isPlain = typeof error === 'object' && error !== null && !(error instanceof Error);
  return `Uncaught ${isPlain ? '#<Object>' : String(error)}\n\nFROM\n${frames.join('\n')}`;
}

/** The process is ended by the signal of an engine that gives up, or of one that was told to. */
export function abort(core: AbortingContext, fromPromise: boolean): void {
  const signal = fromPromise ? SIGABRT : SIGTRAP;
  core.sys.call('kill', core.launch.pid, signal);
  core.exit(128 + signal);
}

const framesOf = (stack: string): string[] =>
  Array.from(stack.matchAll(/^ {4}at (.*)$/gm), ([, frame]) => String(frame));
