import { SIGNALS } from '../../kernel/processes/signals.ts';

/** Numbers of signals by their names without SIG. */
export const signalNumbers: Readonly<Record<string, number>> = Object.fromEntries(
  SIGNALS.map(([name, number]) => [name.slice('SIG'.length), number]),
);

/** Number for "TERM", "SIGTERM", "term" or "15"; undefined when unknown. */
export function signalNumber(name: string): number | undefined {
  if (/^\d+$/.test(name)) return Number(name);
  return signalNumbers[name.toUpperCase().replace(/^SIG/, '')];
}
