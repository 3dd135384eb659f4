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

/** The exit code a shell shows for an ended process. */
export function statusOf(status: { exitCode: number | null; signal: string | null }): number {
  if (status.signal !== null) return 128 + (signalNumber(status.signal) ?? 0);
  return status.exitCode ?? 0;
}

/** What a shell says of a program that a signal ended; of SIGINT and SIGPIPE nothing. As `strsignal` of glibc. */
export const signalTexts: Readonly<Record<string, string>> = {
  SIGHUP: 'Hangup',
  SIGQUIT: 'Quit',
  SIGILL: 'Illegal instruction',
  SIGTRAP: 'Trace/breakpoint trap',
  SIGABRT: 'Aborted',
  SIGBUS: 'Bus error',
  SIGFPE: 'Floating point exception',
  SIGKILL: 'Killed',
  SIGUSR1: 'User defined signal 1',
  SIGSEGV: 'Segmentation fault',
  SIGUSR2: 'User defined signal 2',
  SIGALRM: 'Alarm clock',
  SIGTERM: 'Terminated',
};
