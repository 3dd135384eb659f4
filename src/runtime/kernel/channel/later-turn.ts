/** So long one process may keep the kernel to itself; then the others, and whoever wants to kill it, have their turn. */
export const TURN_MS = 4;

/** Runs callbacks in later turns of the event loop, after the messages that are already there; `setTimeout` would wait milliseconds. */
const callbacks: (() => void)[] = [];
const { port1, port2 } = new MessageChannel();
port1.onmessage = () => callbacks.shift()?.();

export function laterTurn(callback: () => void): void {
  callbacks.push(callback);
  port2.postMessage(null);
}
