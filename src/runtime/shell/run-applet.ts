import type { Launch } from '../kernel/launch.ts';
import type { Sys } from '../process/system-calls/sys.ts';
import { Descriptor, DescriptorTable } from './descriptor.ts';
import { BROKEN_PIPE, describeError } from './errors.ts';
import { isBusy, whenIdle } from './jobs/background.ts';
import { signalNumbers } from './jobs/signals.ts';
import { receiveSignal } from './jobs/traps.ts';
import { baseName } from './paths.ts';
import { runProgramAs } from './run-program.ts';
import { Shell } from './shell.ts';
import { holdOff } from './terminal/foreground.ts';
import { utilities } from './utilities/index.ts';

/** On SIGTERM these end the program they wait for, and then themselves by the same signal, as npm does. */
const FORWARDING = new Set(['npm', 'npx']);
const SHELLS = new Set(['sh', 'bash']);
const SIGPIPE = 13;

/** Runs the program a process was started as and ends the process with its exit code. */
export async function runApplet(sys: Sys, launch: Launch): Promise<void> {
  let status = 1;
  let ended: number | undefined;
  const shell = processScope(sys, launch);
  try {
    status = await runLaunched(shell, launch, (signal) => {
      ended = signal;
    });
  } catch (error) {
    const text = `${baseName(launch.argv[0] ?? 'sh')}: ${describeError(error)}\n`;
    await sys.callAsync('write', 2, new TextEncoder().encode(text), null).catch(() => 0); // Nobody is left to tell.
  }
  shell.descriptors.releaseAll();
  if (isBusy(sys)) {
    // What was started in the background outlives the shell.
    sys.call('leave', status & 255);
    await whenIdle(sys);
    status = 0;
  }
  if (status === BROKEN_PIPE && !SHELLS.has(nameOf(launch))) sys.call('kill', launch.pid, SIGPIPE);
  if (ended !== undefined && FORWARDING.has(nameOf(launch))) {
    sys.call('handleSignal', ended, false);
    sys.call('kill', launch.pid, ended);
  }
  sys.call('exit', status & 255);
}

const nameOf = (launch: Launch): string => baseName(launch.argv[0] ?? 'sh');

async function runLaunched(shell: Shell, launch: Launch, onEnd: (signal: number) => void): Promise<number> {
  const name = nameOf(launch);
  const utility = utilities.get(name) ?? utilities.get(baseName(launch.execPath));
  if (!utility) throw new Error('no such program in this image');
  let adopted: Shell | undefined;
  const { promise: terminated, resolve } = Promise.withResolvers<number>();
  shell.sys.onEvent((event) => {
    if (event.type !== 'signal') return;
    if (adopted && receiveSignal(adopted, event.signal)) return;
    if (holdOff(shell.sys, event.signal)) return;
    // bash runs what is to be run at its end; the next signal does not wait for it.
    const waits = adopted?.bash && adopted.traps.has('EXIT') && adopted.ownSignal === undefined;
    if (adopted) adopted.ownSignal ??= event.signal;
    shell.abort.abort();
    if (waits) return;
    onEnd(event.signal);
    resolve(128 + event.signal);
  });
  if (FORWARDING.has(name)) shell.sys.call('handleSignal', signalNumbers.TERM ?? 15, true);
  const running = runProgramAs(shell, utility, {
    argv: launch.argv,
    adopt: (nested) => {
      adopted = nested;
    },
  });
  return await Promise.race([running, terminated]);
}

function processScope(sys: Sys, launch: Launch): Shell {
  const descriptors = new DescriptorTable();
  for (const fd of launch.descriptors ?? []) descriptors.set(fd, new Descriptor(sys, fd));
  const env = new Map(launch.env.map((item) => [item.slice(0, item.indexOf('=')), item.slice(item.indexOf('=') + 1)]));
  return new Shell({
    sys,
    pid: launch.pid,
    ppid: launch.ppid,
    bash: false,
    name: 'sh',
    positional: [],
    env,
    cwd: launch.cwd,
    descriptors,
  });
}
