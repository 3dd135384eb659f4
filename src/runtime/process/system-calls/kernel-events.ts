/** Hands what the kernel sends unasked (signals, a new terminal size, the end of a thread) to those who asked for it. */
import type { KernelEvent } from '../../kernel/syscalls.ts';
import type { ProcessContext } from '../context.ts';

type SignalListener = (signal: number) => void;
type EndListener = (exitCode: number, reason: string | null) => void;

interface Dispatcher {
  signals: Map<number, Set<SignalListener>>;
  threads: Map<number, EndListener>;
}

const SIGWINCH = 28;
const dispatchers = new WeakMap<ProcessContext, Dispatcher>();

/** Calls `listener`, in a turn of the loop, whenever the signal arrives. The first listener takes over from the default action. */
export function listenToSignal(context: ProcessContext, signal: number, listener: SignalListener): void {
  const { signals } = dispatcherOf(context);
  const listeners = signals.get(signal) ?? new Set();
  signals.set(signal, listeners);
  if (listeners.size === 0) context.sys.call('handleSignal', signal, true);
  listeners.add(listener);
}

/** The last listener that leaves brings the default action back. */
export function unlistenToSignal(context: ProcessContext, signal: number, listener: SignalListener): void {
  const listeners = dispatcherOf(context).signals.get(signal);
  if (listeners?.delete(listener) && listeners.size === 0) context.sys.call('handleSignal', signal, false);
}

/** Calls `listener` once, in a turn of the loop, when a thread that this one started has ended. */
export function listenToThreadEnd(context: ProcessContext, id: number, listener: EndListener): void {
  dispatcherOf(context).threads.set(id, listener);
}

function dispatcherOf(context: ProcessContext): Dispatcher {
  const known = dispatchers.get(context);
  if (known !== undefined) return known;
  const dispatcher: Dispatcher = { signals: new Map(), threads: new Map() };
  dispatchers.set(context, dispatcher);
  context.sys.onEvent((event) => dispatch(dispatcher, event));
  return dispatcher;
}

function dispatch({ signals, threads }: Dispatcher, event: KernelEvent): void {
  if (event.type === 'thread-ended') {
    const listener = threads.get(event.id);
    threads.delete(event.id);
    listener?.(event.exitCode, event.reason);
  } else if (event.type !== 'shared') {
    const signal = event.type === 'signal' ? event.signal : SIGWINCH;
    for (const listener of signals.get(signal) ?? []) listener(signal);
  }
}
