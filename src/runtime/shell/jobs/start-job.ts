/** Background jobs: a scope of its own that runs beside the script, and what its number, its pid and its end are. */

import { signalTexts } from '../../kernel/processes/signals.ts';
import { makePipe } from '../pipes.ts';
import { runScope } from '../scope.ts';
import type { Shell } from '../shell.ts';
import { forkError } from '../subshells.ts';
import { ShellArray } from '../variables/arrays.ts';
import { keepRunning } from './background.ts';
import { EndOrder } from './end-order.ts';
import { type Job, nextVirtualPid } from './job.ts';
import { signalNumbers } from './signals.ts';

export interface JobStart {
  /** A copy of the shell, with the descriptors that the job is to have. */
  scope: Shell;
  /** The command, as it was written. */
  text: string;
  /** One command, which may be a program of its own: the job has its pid then. */
  simple: boolean;
  run: (scope: Shell) => Promise<number>;
}

export async function startJob(shell: Shell, { scope, text, simple, run }: JobStart): Promise<Job> {
  scope.conditionDepth = 0;
  scope.abort = new AbortController();
  const { promise: started, resolve } = Promise.withResolvers<number | undefined>();
  const job: Job = {
    pid: 0,
    status: Promise.resolve(0),
    abort: scope.abort,
    done: false,
    number: shell.jobs.nextNumber(),
    text,
    exitStatus: 0,
  };
  scope.foreground = undefined;
  if (simple) {
    scope.onStart = resolve;
    scope.job = job;
  }
  const running = runScope(scope, () => run(scope));
  job.status = stoppable(scope, job, running)
    .then((status) => {
      job.exitStatus = status;
      return status;
    })
    .finally(() => {
      job.done = true;
      resolve(undefined);
    });
  const pid = simple ? await started : undefined;
  if (scope.isRefused) throw forkError(shell);
  job.pid = pid ?? nextVirtualPid();
  // A program of its own goes on by itself; the rest lives in this Worker.
  if (pid === undefined) keepRunning(shell.sys, job.status);
  shell.jobs.add(job);
  shell.lastBackground = job.pid;
  return job;
}

/** Ends as the signal says as soon as the job is killed, even where its scope waits for something that cannot be interrupted. */
async function stoppable(scope: Shell, job: Job, running: Promise<number>): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  scope.abort.signal.addEventListener('abort', () => {
    scope.end();
    const reason: unknown = scope.abort.signal.reason;
    const signal = reason instanceof EndOrder ? reason.signal : (signalNumbers.TERM ?? 15);
    job.ending ??= textOf(signal);
    resolve(128 + signal);
  });
  running.catch((error: unknown) => {
    if (!scope.abort.signal.aborted) throw error;
  });
  return await Promise.race([promise, running]);
}

function textOf(signal: number): string | undefined {
  const name = Object.entries(signalNumbers).find(([, number]) => number === signal)?.[0];
  return signalTexts[`SIG${name}`];
}

/** A coprocess's ends of its pipes have numbers that scripts do not choose. */
const HIGHEST_END = 63;

/** `coproc`: a job whose input and output the script has in `NAME[1]` and `NAME[0]`. */
export async function startCoprocess(
  shell: Shell,
  { name, text, run }: { name: string; text: string; run: JobStart['run'] },
): Promise<number> {
  const scope = shell.fork();
  const [input, toInput] = makePipe(shell);
  const [fromOutput, output] = makePipe(shell);
  scope.descriptors.set(0, input);
  scope.descriptors.set(1, output);
  const ends = [fromOutput, toInput].map((end) => {
    let number = HIGHEST_END;
    while (shell.descriptors.get(number)) number -= 1;
    shell.descriptors.set(number, end);
    return String(number);
  });
  shell.setArray(name, ShellArray.of(ends));
  const job = await startJob(shell, { scope, text, simple: false, run });
  shell.setVariable(`${name}_PID`, String(job.pid));
  return 0;
}
