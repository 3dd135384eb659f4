/** Hands what the kernel sends unasked (signals, a new terminal size) to those who asked for it. */
import type { ProcessContext } from './context.ts';

type SignalListener = (signal: number) => void;

const SIGWINCH = 28;
const dispatchers = new WeakMap<ProcessContext, Map<number, Set<SignalListener>>>();

/** Calls `listener`, in a turn of the loop, whenever the signal arrives. The first listener takes over from the default action. */
export function listenToSignal(context: ProcessContext, signal: number, listener: SignalListener): void {
  const signals = dispatcherOf(context);
  const listeners = signals.get(signal) ?? new Set();
  signals.set(signal, listeners);
  if (listeners.size === 0) context.sys.call('handleSignal', signal, true);
  listeners.add(listener);
}

/** The last listener that leaves brings the default action back. */
export function unlistenToSignal(context: ProcessContext, signal: number, listener: SignalListener): void {
  const listeners = dispatcherOf(context).get(signal);
  if (listeners?.delete(listener) && listeners.size === 0) context.sys.call('handleSignal', signal, false);
}

function dispatcherOf(context: ProcessContext): Map<number, Set<SignalListener>> {
  const known = dispatchers.get(context);
  if (known !== undefined) return known;
  const signals = new Map<number, Set<SignalListener>>();
  dispatchers.set(context, signals);
  context.sys.onEvent((event) => {
    const signal = event.type === 'signal' ? event.signal : SIGWINCH;
    for (const listener of signals.get(signal) ?? []) listener(signal);
  });
  return signals;
}
