/** Starts programs of this machine for tests: by a process of its own, which is small (see `launcher-process.mjs`). */
import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';

export interface Launch {
  file: string;
  args: readonly string[];
  /** As `child_process.spawn` takes them. */
  options: { cwd: string; env: Readonly<Record<string, string | undefined>>; argv0?: string; detached?: boolean };
  /** All that comes from its standard input; without it, that has an end at once. */
  input?: string;
  onOutput?(stream: 'stdout' | 'stderr', data: Buffer): void;
}

export interface Launched {
  /** Ends it, and what it has started when it is detached. Nothing happens when it has ended. */
  kill(): void;
  readonly closed: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

type Message = { id: number } & (
  | { type: 'started'; pid: number | undefined }
  | { type: 'stdout' | 'stderr'; data: Buffer }
  | { type: 'failed'; code: string; message: string }
  | { type: 'closed'; code: number | null; signal: NodeJS.Signals | null }
);

let launcher: ChildProcess | null = null;
const listeners = new Map<number, (message: Message) => void>();
let lastId = 0;

function startLauncher(): ChildProcess {
  const started = fork(path.join(import.meta.dirname, 'launcher-process.mjs'), {
    serialization: 'advanced',
    execArgv: [],
    env: {},
  });
  started.on('message', (message: Message) => listeners.get(message.id)?.(message));
  // The tests are over when nothing of theirs waits.
  started.unref();
  started.channel?.unref();
  return started;
}

export function launch({ onOutput, ...request }: Launch): Launched {
  launcher ??= startLauncher();
  const { channel } = launcher;
  const id = ++lastId;
  const { promise: closed, resolve, reject } = Promise.withResolvers<Awaited<Launched['closed']>>();
  const pid = Promise.withResolvers<number | undefined>();
  const end = () => {
    listeners.delete(id);
    if (listeners.size === 0) channel?.unref();
  };
  listeners.set(id, (message) => {
    if (message.type === 'started') pid.resolve(message.pid);
    else if (message.type === 'failed') {
      end();
      reject(Object.assign(new Error(message.message), { code: message.code }));
    } else if (message.type === 'closed') {
      end();
      resolve({ code: message.code, signal: message.signal });
    } else onOutput?.(message.type, message.data);
  });
  channel?.ref();
  launcher.send({ id, ...request });
  return {
    closed,
    kill: () =>
      void pid.promise.then((started) => started !== undefined && killGroup(started, request.options.detached)),
  };
}

function killGroup(pid: number, isGroup = false): void {
  try {
    process.kill(isGroup ? -pid : pid, 'SIGKILL');
  } catch (error) {
    // It has just ended by itself.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
