/** Programs in Workers of their own: started with a scope's descriptors, waited for, and what is said of one that a signal ended. */
import type { Command } from 'unbash';
import { signalTexts, statusOf } from '../../kernel/processes/signals.ts';
import type { ExitStatus, SpawnRequest } from '../../kernel/syscalls.ts';
import { describeError, ExitRequest, errorCode, ShellError } from '../errors.ts';
import { runUtility } from '../run-program.ts';
import type { Shell } from '../shell.ts';
import { Writer } from '../streams.ts';
import { forkError } from '../subshells.ts';
import { lineAt } from '../syntax.ts';
import { utilities } from '../utilities/index.ts';
import { isBusy } from './background.ts';
import { deliverEnd } from './end-order.ts';

export interface ProgramStart {
  file: string;
  argv: readonly string[];
  /** The program takes the place of the shell, where the shell is a process and nothing else runs in it. */
  replace?: boolean;
}

/** Its exit status. */
export async function runInWorker(shell: Shell, { file, argv, replace = false }: ProgramStart): Promise<number> {
  const env = [...shell.environment(file)].map(([name, value]) => `${name}=${value}`);
  const { foreground } = shell;
  // On a terminal each job is a group of its own, so that Ctrl-C reaches the one in the foreground alone.
  const place = foreground?.placeOfNext() ?? (shell.hasTerminal ? { detached: true } : {});
  const request: SpawnRequest = { file, argv: [...argv], env, cwd: shell.cwd, stdio: shell.descriptors.toStdio() };
  let pid: number;
  try {
    if (replace && shell.isProcess && !isBusy(shell.sys)) shell.sys.call('exec', request);
    pid = shell.sys.call('spawn', { ...request, ...place });
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOEXEC' && !isText(shell, file)) {
      await shell.complain(`${argv[0]}: cannot execute binary file: this sandbox runs no machine code`);
      return 126;
    }
    if (code === 'ENOEXEC') return await runUtility(shell, shellUtility(shell.bash), ['sh', file, ...argv.slice(1)]);
    if (code === undefined) throw error;
    if (code === 'EAGAIN') return refuse(shell);
    await shell.complain(`${argv[0]}: ${code === 'ENOENT' ? 'not found' : describeError(error)}`);
    return code === 'ENOENT' ? 127 : 126;
  }
  foreground?.started(pid);
  shell.onStart?.(pid);
  const stop = () =>
    deliverEnd(shell.abort.signal, (signal) => {
      // One that has ended already needs no signal.
      shell.sys.callAsync('kill', pid, signal).catch(() => undefined);
    });
  shell.abort.signal.addEventListener('abort', stop);
  try {
    const status = await shell.sys.callAsync('wait', pid);
    if (status.signal !== null) shell.endedBySignal = { pid, signal: status.signal };
    if (status.signal === 'SIGINT') foreground?.interrupt();
    return statusOf(status);
  } finally {
    shell.abort.signal.removeEventListener('abort', stop);
  }
}

/** There are too many processes: whoever wanted this one ends, which of a job is the shell that started it. */
function refuse(shell: Shell): never {
  if (!shell.job) throw forkError(shell);
  shell.isRefused = true;
  throw new ExitRequest(1);
}

const LOOKED_AT = 256;

function isText(shell: Shell, file: string): boolean {
  const { sys } = shell;
  const fd = sys.call('open', shell.resolve(file), 0, 0);
  try {
    return !sys.call('read', fd, LOOKED_AT, 0).includes(0);
  } finally {
    sys.call('close', fd);
  }
}

function shellUtility(bash: boolean) {
  const utility = utilities.get(bash ? 'bash' : 'sh');
  if (!utility) throw new ShellError('sh: not found', 127);
  return utility;
}

/** A program of the foreground that a signal ended. */
export interface EndBySignal {
  pid: number;
  signal: NonNullable<ExitStatus['signal']>;
}

/** Says of a command that it was ended by a signal, as dash and bash do; once. */
export async function tellOfSignal(shell: Shell, node: Command): Promise<void> {
  const end = shell.endedBySignal;
  shell.endedBySignal = undefined;
  if (!end) return;
  const text = signalTexts[end.signal];
  if (text === undefined) return;
  if (shell.job) {
    shell.job.ending = text;
    return;
  }
  await new Writer(shell.descriptors.get(2)).print(`${describeEnd(shell, node, { ...end, text })}\n`);
}

/** bash names the process too, but for SIGTERM. */
function describeEnd(shell: Shell, node: Command, { pid, signal, text }: EndBySignal & { text: string }): string {
  if (!shell.bash || shell.interactive || signal === 'SIGTERM') return text;
  const command = shell.source.slice(node.pos, node.end);
  return `${shell.name}: line ${lineAt(shell.source, node.pos)}: ${String(pid).padStart(5)} ${text.padEnd(23)} ${command}`;
}
