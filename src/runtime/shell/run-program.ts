/** Utilities, which run in the shell's own Worker, and programs, which get one of their own. */

import { S_IFDIR, S_IFMT } from '../kernel/file-modes.ts';
import { signalName } from '../kernel/processes/signals.ts';
import { BROKEN_PIPE, describeError, errorCode } from './errors.ts';
import { nextVirtualPid } from './jobs/job.ts';
import { runInWorker } from './jobs/start-program.ts';
import { findProgram } from './lookup.ts';
import type { Shell } from './shell.ts';
import { Reader, Writer } from './streams.ts';
import { ForkError } from './subshells.ts';
import { mayComputeOn } from './utilities/computing.ts';
import type { RunOptions, Utility, UtilityContext } from './utility.ts';

/** Runs a utility in this Worker or a program in its own, and waits for it. `replace`: in place of the shell, if it can be. */
export async function runProgram(
  shell: Shell,
  words: readonly string[],
  { replace = false, calledAs }: { replace?: boolean; calledAs?: string } = {},
): Promise<number> {
  const [name = ''] = words;
  const argv = calledAs === undefined ? words : [calledAs, ...words.slice(1)];
  const found = findProgram(shell, name);
  if (found.kind === 'missing') {
    shell.onStart?.(undefined);
    await shell.complain(shell.bash ? bashMissing(shell, name, found.message) : found.message);
    return found.status;
  }
  // What takes the shell's place knows nothing of its traps.
  if (replace) shell.traps.delete('EXIT');
  const mustBeEnded = shell.foreground !== undefined || shell.job !== undefined;
  if (found.kind === 'utility' && !(mustBeEnded && mayComputeOn(argv))) {
    shell.onStart?.(undefined);
    return await runUtility(shell, found.utility, argv);
  }
  // A script is told the path that it was called by.
  return await runInWorker(shell, { file: name.includes('/') ? name : found.path, argv, replace });
}

function bashMissing(shell: Shell, name: string, message: string): string {
  if (!name.includes('/')) return message.endsWith('not found') ? `${name}: command not found` : message;
  const stat = shell.sys.call('statOrNull', shell.resolve(name), true);
  if (!stat) return `${name}: No such file or directory`;
  return (stat.mode & S_IFMT) === S_IFDIR ? `${name}: Is a directory` : message;
}

/** Runs a utility with the scope's descriptors. */
export async function runUtility(shell: Shell, utility: Utility, argv: readonly string[]): Promise<number> {
  return await runProgramAs(shell, utility, { argv });
}

/** Runs a utility with the scope's descriptors; `adopt` is told of the shell when the utility is one. */
export async function runProgramAs(
  shell: Shell,
  utility: Utility,
  { argv, adopt }: { argv: readonly string[]; adopt?: (shell: Shell) => void },
): Promise<number> {
  const context = { ...utilityContext(shell, argv), ...(adopt ? { adopt } : {}) };
  try {
    const status = await utility(context);
    await context.stdout.flush();
    return status;
  } catch (error) {
    return await utilityFailure(context, error);
  }
}

async function utilityFailure(context: UtilityContext, error: unknown): Promise<number> {
  const code = errorCode(error);
  if (code === 'EPIPE') return BROKEN_PIPE;
  // The engine's own limits (the stack, a text, a list) end the utility as a lack of memory does, not the shell.
  const isTooMuch = error instanceof RangeError;
  if ((code === undefined && !isTooMuch) || context.signal.aborted) throw error;
  await context.stdout.flush();
  await context.complain(describeError(error));
  return 1;
}

function utilityContext(shell: Shell, argv: readonly string[]): UtilityContext {
  const [name = '', ...args] = argv;
  const stdout = new Writer(shell.descriptors.get(1));
  const stderr = new Writer(shell.descriptors.get(2), true);
  const label = name.slice(name.lastIndexOf('/') + 1);
  return {
    name: label,
    calledAs: name,
    args,
    env: shell.environment(name.includes('/') ? name : `/usr/bin/${name}`),
    cwd: shell.cwd,
    pid: shell.world.pid,
    ppid: shell.world.ppid,
    sys: shell.sys,
    descriptors: [...shell.descriptors.entries()],
    abort: shell.abort,
    stdin: new Reader(shell.descriptors.get(0), () => stdout.flush(), shell.abort.signal),
    stdout,
    stderr,
    signal: shell.abort.signal,
    resolve: (path) => shell.resolve(path),
    complain: (message) => stderr.write(`${label}: ${message}\n`),
    endedBySignal: (signal) => {
      shell.endedBySignal = { pid: nextVirtualPid(), signal: signalName(signal) };
    },
    run: async (words, options) => {
      await stdout.flush();
      return await runNested(shell, words, options);
    },
  };
}

/** A command that a utility starts (`find -exec`, `xargs`, `env`): no functions, no builtins of the shell. */
async function runNested(shell: Shell, argv: readonly string[], options: RunOptions = {}): Promise<number> {
  const scope = shell.fork();
  if (options.cwd !== undefined) scope.cwd = options.cwd;
  if (options.abort) scope.abort = options.abort;
  scope.forwards = true;
  if (options.env) {
    scope.variables = new Map(
      [...options.env].map(([name, value]) => [name, { value, exported: true, readOnly: false }]),
    );
  }
  for (const [number, descriptor] of options.descriptors ?? []) scope.descriptors.set(number, descriptor);
  try {
    const found = findProgram(scope, argv[0] ?? '');
    const words = options.name === undefined ? argv : [options.name, ...argv.slice(1)];
    const isHere = found.kind === 'utility' && !(options.mustEnd && mayComputeOn(argv));
    if (isHere) return await runUtility(scope, found.utility, words);
    if (found.kind !== 'missing') return await runInWorker(scope, { file: found.path, argv: words });
    if (options.complain) {
      const reason = found.status === 127 ? 'No such file or directory' : 'Permission denied';
      await new Writer(scope.descriptors.get(2)).print(`${options.complain(reason)}\n`);
    }
    return found.status;
  } catch (error) {
    if (!(error instanceof ForkError)) throw error;
    await scope.complain(`${argv[0]}: Resource temporarily unavailable`);
    return 126;
  } finally {
    scope.end();
  }
}
