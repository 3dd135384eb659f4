/** The processes that the client starts: their streams, and what becomes of them. */
import * as Comlink from 'comlink';
import { ByteQueue } from '../byte-queue.ts';
import type { Description } from '../description.ts';
import { PipeReader, PipeWriter } from '../descriptions/pipe.ts';
import { TerminalDescription } from '../descriptions/terminal.ts';
import type { Place } from '../file-system/lookup.ts';
import type { Kernel } from '../kernel.ts';
import { DEFAULT_PATH } from '../processes/programs.ts';
import { signalNumber } from '../processes/signals.ts';
import { type ExitStatus, SystemError } from '../syscalls.ts';
import type { Caller } from '../wait-queue.ts';
import type { ClientCommand, KernelClient, OutputListener } from './client-interface.ts';
import { Delivery } from './delivery.ts';
import { nodeError } from './errno.ts';
import { framed } from './output-frames.ts';

type ProcessMethod = 'start' | 'exitOf' | 'writeInput' | 'kill' | 'resize';

interface ClientProcess {
  exit: Promise<number>;
  input: ByteQueue | TerminalDescription;
  terminal: TerminalDescription | null;
}

const NOT_FOUND = 127;
const NOT_EXECUTABLE = 126;

/** `count`: of commands that have not been waited for. */
export function createClientProcesses(kernel: Kernel): {
  methods: Pick<KernelClient, ProcessMethod>;
  count(): number;
} {
  const processes = new Map<number, ClientProcess>();
  let lastFailed = 0;
  const start = (command: ClientCommand, output: OutputListener): number => {
    const streams = createStreams(command);
    const place: Place = { root: kernel.fs.root, cwd: kernel.fs.root, umask: 0o022 };
    const record = kernel.start(null, {
      file: command.command,
      argv: [command.command, ...command.args],
      env: environment(command),
      cwd: kernel.directoryAt(place, command.cwd),
      cwdPath: command.cwd,
      stdio: streams.stdio,
      detached: true,
    });
    const { pid, session } = record;
    if (streams.terminal) connectTerminal(kernel, streams.terminal, record.group);
    const deliveries = streams.outputs.map(({ queue, wrap }) => new Delivery(queue, wrap(output)));
    const ended = new Promise<ExitStatus>((resolve) => kernel.onEnd(record, resolve));
    const exit = ended.then(async (status) => {
      // What it left running goes on; nobody sees what that writes. A terminal hangs up.
      if (streams.terminal) kernel.hangUp(session);
      streams.closeInput();
      await Promise.all(deliveries.map((delivery) => delivery.finish()));
      releaseListener(output);
      return exitCodeOf(status);
    });
    processes.set(pid, { exit, input: streams.input, terminal: streams.terminal });
    return pid;
  };
  const methods: Pick<KernelClient, ProcessMethod> = {
    start: (command, output) => {
      checkFolder(kernel, command.cwd);
      try {
        return start(command, output);
      } catch (error) {
        if (!(error instanceof SystemError)) throw error;
        const pid = --lastFailed;
        processes.set(pid, failedStart(command, error, output));
        return pid;
      }
    },
    exitOf: async (pid) => {
      const code = await known(processes, pid).exit;
      processes.delete(pid);
      return code;
    },
    writeInput: (pid, data) => {
      const input = processes.get(pid)?.input;
      if (input instanceof TerminalDescription) input.type(data);
      else if (input) void Promise.resolve(input.write(client, null, data)).catch(ignoreBrokenPipe);
    },
    kill: (pid) => kernel.killSession(pid),
    resize: (pid, columns, rows) => {
      const terminal = processes.get(pid)?.terminal;
      if (!terminal) return;
      terminal.size = [columns, rows];
      for (const process of kernel.processes.values()) {
        if (process.session === pid) process.channel?.sendEvent({ type: 'resize' });
      }
    },
  };
  return { methods, count: () => processes.size };
}

/** Whether a process can start in a folder. */
function checkFolder(kernel: Kernel, path: string): void {
  try {
    kernel.directoryAt({ root: kernel.fs.root, cwd: kernel.fs.root, umask: 0 }, path);
  } catch (error) {
    throw error instanceof SystemError ? nodeError(error.code, 'chdir', path) : error;
  }
}

const client: Caller = { waiting: new Set() };

function known(processes: Map<number, ClientProcess>, pid: number): ClientProcess {
  const process = processes.get(pid);
  if (!process) throw new SystemError('ESRCH');
  return process;
}

/** Writing to a process that has ended, or does not read, is no error of the client. */
function ignoreBrokenPipe(error: unknown): void {
  if (!(error instanceof SystemError)) throw error;
}

interface Streams {
  stdio: Description[];
  input: ByteQueue | TerminalDescription;
  outputs: Output[];
  terminal: TerminalDescription | null;
  closeInput(): void;
}

interface Output {
  queue: ByteQueue;
  /** What listens to the queue, for the client's listener. */
  wrap(listener: OutputListener): OutputListener;
}

const bare = (listener: OutputListener) => listener;

/** Without a terminal: a pipe for input, and for output one that takes stdout and stderr in their order, or one for each. */
function createStreams({ terminal: size, frames }: ClientCommand): Streams {
  if (size) {
    const terminal = new TerminalDescription(size.cols, size.rows);
    return {
      stdio: [terminal, terminal, terminal],
      input: terminal,
      outputs: [{ queue: terminal.output, wrap: bare }],
      terminal,
      closeInput: () => undefined,
    };
  }
  const input = new ByteQueue();
  const ends = { input, terminal: null, closeInput: () => input.end() };
  if (frames === 'split') {
    const queues = [new ByteQueue(), new ByteQueue()];
    return {
      ...ends,
      stdio: [new PipeReader(input), ...queues.map((queue) => new PipeWriter(queue))],
      outputs: queues.map((queue, index) => ({ queue, wrap: (listener) => framed(index === 0 ? 1 : 2, listener) })),
    };
  }
  const output = new ByteQueue();
  // Two ends, so that they are two descriptions, as two pipes would be; the queue ends when both are closed.
  let open = 2;
  const writer = () => {
    const end = new PipeWriter(output);
    end.close = () => {
      if (--open === 0) output.end();
    };
    return end;
  };
  return {
    ...ends,
    stdio: [new PipeReader(input), writer(), writer()],
    outputs: [{ queue: output, wrap: frames === 'merged' ? (listener) => framed(1, listener) : bare }],
  };
}

/** Ctrl-C and Ctrl-\\ signal whoever is in the foreground, if anyone is. */
function connectTerminal(kernel: Kernel, terminal: TerminalDescription, group: number): void {
  terminal.foreground = group;
  terminal.onSignal = (foreground, signal) => {
    try {
      kernel.kill(-foreground, signal);
    } catch (error) {
      if (!(error instanceof SystemError)) throw error;
    }
  };
}

function releaseListener(listener: OutputListener): void {
  const release = (listener as Partial<Comlink.ProxyMethods>)[Comlink.releaseProxy];
  release?.();
}

function environment({ env, cwd, terminal }: ClientCommand): string[] {
  const defaults = { PATH: DEFAULT_PATH, HOME: '/home', SHELL: '/bin/sh', USER: 'root', PWD: cwd, TMPDIR: '/tmp' };
  const screen = terminal ? { TERM: 'xterm-256color' } : {};
  return Object.entries({ ...defaults, ...screen, ...env }).map(([name, value]) => `${name}=${value}`);
}

/** A process that could not be started says why, and ends as it would in a shell. */
function failedStart(
  { command, frames, terminal }: ClientCommand,
  error: SystemError,
  output: OutputListener,
): ClientProcess {
  const missing = error.code === 'ENOENT';
  const why = missing ? 'command not found' : error.code === 'EACCES' ? 'Permission denied' : error.message;
  const say = async () => {
    const listener = frames === undefined ? output : framed(frames === 'split' ? 2 : 1, output);
    await listener(new TextEncoder().encode(`sh: ${command}: ${why}${terminal ? '\r\n' : '\n'}`));
    releaseListener(output);
    return missing ? NOT_FOUND : NOT_EXECUTABLE;
  };
  return { exit: say(), input: new ByteQueue(), terminal: null };
}

function exitCodeOf({ exitCode, signal }: ExitStatus): number {
  return exitCode ?? 128 + signalNumber(signal ?? '');
}
