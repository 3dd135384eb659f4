import type { ProgramImage } from '../launch.ts';

/** Signals of Linux: numbers, names, and what they do to a process that does not handle them. */
export const SIGNALS = [
  ['SIGHUP', 1],
  ['SIGINT', 2],
  ['SIGQUIT', 3],
  ['SIGILL', 4],
  ['SIGTRAP', 5],
  ['SIGABRT', 6],
  ['SIGBUS', 7],
  ['SIGFPE', 8],
  ['SIGKILL', 9],
  ['SIGUSR1', 10],
  ['SIGSEGV', 11],
  ['SIGUSR2', 12],
  ['SIGPIPE', 13],
  ['SIGALRM', 14],
  ['SIGTERM', 15],
  ['SIGSTKFLT', 16],
  ['SIGCHLD', 17],
  ['SIGCONT', 18],
  ['SIGSTOP', 19],
  ['SIGTSTP', 20],
  ['SIGTTIN', 21],
  ['SIGTTOU', 22],
  ['SIGURG', 23],
  ['SIGXCPU', 24],
  ['SIGXFSZ', 25],
  ['SIGVTALRM', 26],
  ['SIGPROF', 27],
  ['SIGWINCH', 28],
  ['SIGIO', 29],
  ['SIGPWR', 30],
  ['SIGSYS', 31],
] as const;
const byNumber = new Map<number, string>(SIGNALS.map(([name, number]) => [number, name]));
const byName = new Map<string, number>(SIGNALS.map(([name, number]) => [name, number]));

export const SIGHUP = 1;
export const SIGINT = 2;
export const SIGQUIT = 3;
export const SIGKILL = 9;
const SIGUSR1 = 10;
const SIGPIPE = 13;
export const SIGCHLD = 17;
export const SIGTSTP = 20;
const SIGWINCH = 28;

/** Stopping and continuing a process is not supported: those signals do nothing. */
const ignored = new Set([SIGCHLD, 18, 19, 20, 21, 22, 23, SIGWINCH]);

export function signalName(signal: number): string {
  return byNumber.get(signal) ?? `SIG${signal}`;
}

export function signalNumber(name: string): number {
  return byName.get(name) ?? 0;
}

export function isSignal(signal: number): boolean {
  return byNumber.has(signal);
}

/** Node ignores SIGPIPE; SIGUSR1 starts its debugger: here there is none to start. */
const ignoredByNode = new Set([SIGPIPE, SIGUSR1]);

/** Whether a signal that the program does not handle ends the process. */
export function endsProcess(signal: number, image: ProgramImage): boolean {
  return !ignored.has(signal) && !(image === 'node' && ignoredByNode.has(signal));
}

/** The exit code a shell shows for an ended process. */
export function statusOf(status: { exitCode: number | null; signal: string | null }): number {
  if (status.signal !== null) return 128 + signalNumber(status.signal);
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
