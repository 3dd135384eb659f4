/** Jobs and signals: wait jobs kill disown. */

import { signalTexts } from '../../kernel/processes/signals.ts';
import { ExitRequest, errorCode, ShellError } from '../errors.ts';
import { EndOrder } from '../jobs/end-order.ts';
import { FIRST_VIRTUAL_PID, type Job } from '../jobs/job.ts';
import { signalNumber, signalNumbers } from '../jobs/signals.ts';
import { receiveSignal } from '../jobs/traps.ts';
import type { Shell } from '../shell.ts';
import { Writer } from '../streams.ts';
import { lineAt } from '../syntax.ts';
import type { Builtin } from './builtin.ts';

/** The job of `%1`, `%+`, `%-`, `%NAME` or of a pid. */
function findJob(shell: Shell, text: string): Job | undefined {
  if (!text.startsWith('%')) return shell.jobs.byPid(Number(text));
  const open = shell.jobs.open();
  const name = text.slice(1);
  if (name === '' || name === '%' || name === '+') return open.at(-1);
  if (name === '-') return open.at(-2) ?? open.at(-1);
  if (/^\d+$/.test(name)) return open.find((job) => job.number === Number(name));
  return open.find((job) => job.text.startsWith(name));
}

const noSuchJob = (shell: Shell, text: string): ShellError =>
  shell.bash ? new ShellError(`${text}: no such job`, 127, true) : new ShellError(`No such job: ${text}`, 2, true);

/** Its status, or undefined when a signal with a trap came in before. */
async function untilSignal<T>(shell: Shell, work: Promise<T>): Promise<T | undefined> {
  if (shell.pendingSignals.length > 0) return undefined;
  const { promise, resolve } = Promise.withResolvers<undefined>();
  shell.onSignal = () => resolve(undefined);
  try {
    return await Promise.race([work, promise]);
  } finally {
    shell.onSignal = undefined;
  }
}

const interrupted = (shell: Shell): number => 128 + (signalNumber(shell.pendingSignals[0] ?? '') ?? 0);

const wait: Builtin = async (call) => {
  const { shell } = call;
  if (shell.bash && call.args[0]?.startsWith('-n')) return await waitForAny(shell, call.args.slice(1));
  const args = call.args.filter((arg) => arg !== '-f' && arg !== '--');
  if (args.length === 0) {
    const open = shell.jobs.open();
    const all = await untilSignal(shell, Promise.all(open.map((job) => job.status)));
    if (!all) return interrupted(shell);
    for (const job of open) shell.jobs.forget(job, job.exitStatus);
    return 0;
  }
  let status = 0;
  for (const arg of args) {
    const job = findJob(shell, arg);
    const past = job ? undefined : shell.jobs.pastStatus(Number(arg));
    if (past !== undefined) {
      status = past;
      continue;
    }
    if (!job) {
      status = 127;
      if (arg.startsWith('%')) throw noSuchJob(shell, arg);
      if (shell.bash) await shell.complain(`wait: pid ${arg} is not a child of this shell`);
      continue;
    }
    const ended = await untilSignal(shell, job.status);
    if (ended === undefined) return interrupted(shell);
    status = ended;
    shell.jobs.forget(job, ended);
    if (job.ending !== undefined) {
      const message = describeEnding(shell, job, job.ending);
      if (message !== '') await new Writer(shell.descriptors.get(2)).print(`${message}\n`);
      job.ending = undefined;
    }
  }
  return status;
};

/** A script of bash names the job, too, and says nothing of SIGTERM. */
function describeEnding(shell: Shell, { pid, text }: Job, ending: string): string {
  if (!shell.bash || shell.interactive) return ending;
  if (ending === signalTexts.SIGTERM) return '';
  const line = lineAt(shell.source, shell.position);
  return `${shell.name}: line ${line}: ${String(pid).padStart(5)} ${ending.padEnd(23)} ${text}`;
}

/** `wait -n`: the first of the jobs that ends, or has ended and was not waited for. */
async function waitForAny(shell: Shell, names: readonly string[]): Promise<number> {
  const given = names.map((name) => findJob(shell, name)).filter((job) => job !== undefined);
  const waiting = names.length > 0 ? given : shell.jobs.open();
  if (waiting.length === 0) return 127;
  const ended =
    waiting.find((job) => job.done) ??
    (await untilSignal(
      shell,
      Promise.race(
        waiting.map(
          async (job) =>
            await job.status.then(
              () => job,
              () => job,
            ),
        ),
      ),
    ));
  if (!ended) return interrupted(shell);
  const status = await ended.status;
  shell.jobs.forget(ended, status);
  return status;
}

const jobs: Builtin = async ({ shell, args, stdout }) => {
  // Those of a subshell are its own alone.
  const unknown = args.find((name) => !name.startsWith('-') && !findJob(shell, name));
  if (unknown !== undefined && shell.subshellDepth === 0) {
    await shell.complain(`jobs: ${noSuchJob(shell, unknown).message}`);
    return shell.bash ? 1 : 2;
  }
  const open = shell.jobs.open();
  for (const [index, job] of open.entries()) {
    const mark = index === open.length - 1 ? '+' : index === open.length - 2 ? '-' : ' ';
    if (args.includes('-p')) await stdout.line(String(job.pid));
    else {
      const status = job.done ? await job.status : 0;
      const state = !job.done ? 'Running' : status === 0 ? 'Done' : shell.bash ? `Exit ${status}` : `Done(${status})`;
      const text = `${job.text}${job.done ? '' : ' &'}`;
      if (!shell.bash) await stdout.line(`[${job.number}] ${mark} ${state.padEnd(27)}`);
      else if (args.includes('-l')) await stdout.line(`[${job.number}]${mark} ${job.pid} ${state.padEnd(23)} ${text}`);
      else await stdout.line(`[${job.number}]${mark}  ${state.padEnd(23)} ${text}`);
    }
    if (job.done) shell.jobs.forget(job, job.exitStatus);
  }
  return 0;
};

const disown: Builtin = ({ shell, args }) => {
  const names = args.filter((arg) => !arg.startsWith('-'));
  if (args.includes('-a')) for (const job of shell.jobs.open()) shell.jobs.forget(job);
  for (const name of names.length > 0 || args.includes('-a') ? names : ['%+']) {
    const job = findJob(shell, name);
    if (!job) throw new ShellError(`${name === '%+' ? 'current' : name}: no such job`, 1, true);
    shell.jobs.forget(job);
  }
  return 0;
};

const kill: Builtin = async (call) => {
  const { shell, stdout } = call;
  let args = [...call.args];
  if (args[0] === '-l' || args[0] === '-L') {
    for (const text of args.slice(1)) await stdout.line(otherName(shell, text));
    if (args.length === 1 && shell.bash) await stdout.print(signalTable());
    else if (args.length === 1) for (const name of ['0', ...Object.keys(signalNumbers)]) await stdout.line(name);
    return 0;
  }
  let signal = 15;
  if (args[0] === '-s' || (shell.bash && args[0] === '-n')) {
    signal = signalOf(shell, args[1] ?? '');
    args = args.slice(2);
  } else if (args[0]?.startsWith('-') && args[0] !== '--') {
    signal = signalOf(shell, args[0].slice(1));
    args = args.slice(1);
  }
  if (args[0] === '--') args.shift();
  if (args.length === 0 && shell.bash) {
    await new Writer(shell.descriptors.get(2)).print(`kill: ${BASH_USAGE}\n`);
    return 2;
  }
  if (args.length === 0) throw new ShellError(USAGE, 2, true);
  let status = 0;
  for (const target of args) status = (await killOne(shell, target, signal)) ? status : 1;
  return status;
};

const USAGE = 'Usage: kill [-s sigspec | -signum | -sigspec] [pid | job]... or\nkill -l [exitstatus]';
const BASH_USAGE = 'usage: kill [-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l [sigspec]';

/** The name of a number or of an exit status, the number of a name. */
function otherName(shell: Shell, text: string): string {
  const number = Number(text);
  if (Number.isNaN(number)) return String(signalOf(shell, text));
  const wanted = number > 128 ? number - 128 : number;
  if (number === 0) return shell.bash ? 'EXIT' : '0';
  const name = Object.entries(signalNumbers).find(([, value]) => value === wanted)?.[0];
  if (name !== undefined) return name;
  if (shell.bash) throw new ShellError(`${text}: invalid signal specification`, 1, true);
  throw new ShellError(`invalid signal number or exit status: ${text}`, 2, true);
}

function signalOf(shell: Shell, name: string): number {
  const signal = signalNumber(name);
  if (signal !== undefined) return signal;
  if (shell.bash) throw new ShellError(`${name}: invalid signal specification`, 1, true);
  throw new ShellError(`invalid signal number or name: ${name}`, 2, true);
}

/** The list of `kill -l` and `trap -l` of bash, real-time signals included. */
export function signalTable(): string {
  const names = Object.entries(signalNumbers).map(([name, number]): [number, string] => [number, `SIG${name}`]);
  for (let i = 0; i <= 15; i += 1) names.push([34 + i, i === 0 ? 'SIGRTMIN' : `SIGRTMIN+${i}`]);
  for (let i = 14; i >= 0; i -= 1) names.push([64 - i, i === 0 ? 'SIGRTMAX' : `SIGRTMAX-${i}`]);
  const cells = names.sort(([a], [b]) => a - b).map(([number, name]) => `${String(number).padStart(2)}) ${name}`);
  const rows: string[] = [];
  for (let i = 0; i < cells.length; i += 5) {
    const row = cells.slice(i, i + 5);
    rows.push(row.length === 5 ? row.join('\t') : `${row.join('\t')}\t`);
  }
  return `${rows.join('\n')}\n`;
}

async function killOne(shell: Shell, target: string, signal: number): Promise<boolean> {
  const job = findJob(shell, target);
  if (!job && target.startsWith('%')) throw noSuchJob(shell, target);
  const pid = job?.pid ?? Number(target);
  if (!Number.isInteger(pid)) {
    if (!shell.bash) throw new ShellError(`Illegal number: ${target}`, 2, true);
    throw new ShellError(`${target}: arguments must be process or job IDs`, 1, true);
  }
  if (job && !job.done && pid >= FIRST_VIRTUAL_PID) {
    if (signal !== 0) job.abort.abort(new EndOrder(signal));
    return true;
  }
  if (pid === shell.ownPid && signal !== 0) {
    if (receiveSignal(shell, signal)) return true;
    shell.ownSignal = signal;
    throw new ExitRequest(128 + signal);
  }
  if (pid === shell.world.pid && signal !== 0 && (await signalItself(shell, signal))) return true;
  try {
    shell.sys.call('kill', pid, signal);
    return true;
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    const text = code === 'ESRCH' ? 'No such process' : 'Operation not permitted';
    await shell.complain(shell.bash ? `kill: (${pid}) - ${text}` : `kill: ${text}\n`);
    return false;
  }
}

/** A signal to the shell itself has its effect before the next command. False: the kernel must deliver it. */
async function signalItself(shell: Shell, signal: number): Promise<boolean> {
  if (receiveSignal(shell.main, signal)) return true;
  // A shell within another one's Worker has that one's pid, but means itself.
  if (shell.world.nested) {
    shell.main.ownSignal = signal;
    // From a job of its own it is not where the signal has its effect.
    if (shell !== shell.main) shell.main.abort.abort(new EndOrder(signal));
    throw new ExitRequest(128 + signal);
  }
  if (shell.interactive) return false;
  shell.sys.call('kill', shell.world.pid, signal);
  const { promise, resolve } = Promise.withResolvers<void>();
  shell.abort.signal.addEventListener('abort', () => resolve());
  if (!shell.abort.signal.aborted && !HARMLESS.has(signal)) await promise;
  return true;
}

/** What a process does not end of: CHLD, CONT, STOP, TSTP, TTIN, TTOU, URG, WINCH. */
const HARMLESS = new Set(
  ['CHLD', 'CONT', 'STOP', 'TSTP', 'TTIN', 'TTOU', 'URG', 'WINCH'].map((name) => signalNumbers[name]),
);

export const jobBuiltins: readonly [string, Builtin][] = [
  ['wait', wait],
  ['jobs', jobs],
  ['kill', kill],
];

export const bashJobBuiltins: readonly [string, Builtin][] = [['disown', disown]];
