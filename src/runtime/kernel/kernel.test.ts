import { expect, it } from 'vitest';
import { Encoder } from './channel/codec.ts';
import { ProcessChannel } from './channel/process-channel.ts';
import { Behind, numberOfCall, viewsOf, Word } from './channel/sync-layout.ts';
import { layOut } from './file-system/layout.ts';
import { findDirectory } from './file-system/lookup.ts';
import { Kernel } from './kernel.ts';
import type { SeatOwner, WorkerPool } from './processes/worker-pool.ts';
import { SystemError } from './syscalls.ts';
import type { ThreadRequest } from './threads/thread-requests.ts';

/** A kernel whose processes have no Worker: the test writes into their rings. */
function open() {
  const written: string[] = [];
  let owner: SeatOwner | null = null;
  const channel = new ProcessChannel({
    handle: (name, args, visited) => owner?.handle(name, args, visited),
    onViolation: (reason) => owner?.onViolation(reason),
  });
  const seat = {
    channel,
    attach: (attached: SeatOwner) => {
      owner = attached;
    },
    launch: () => undefined,
    terminate: () => channel.close(),
  };
  const pool = { take: () => seat, noteUse: () => undefined, release: () => undefined } as unknown as WorkerPool;
  const kernel = new Kernel(pool, (_, { process, name, args }) => {
    const [first, data] = args as [number, Uint8Array];
    if (name === 'exit') {
      kernel.exit(process, first, undefined);
      throw new SystemError('ESRCH');
    }
    written.push(new TextDecoder().decode(data));
    return data.length;
  });
  layOut(kernel.fs, ['ls'], '/home/project');
  const cwd = findDirectory({ root: kernel.fs.root, cwd: kernel.fs.root, umask: 0 }, '/home/project');
  const request = {
    file: 'ls',
    argv: ['ls'],
    env: [],
    cwd,
    cwdPath: '/home/project',
    stdio: [],
    detached: false,
  };
  const process = kernel.start(null, request);
  const { ring } = viewsOf(channel.memory);
  const write = (text: string) => ring.append(1, new TextEncoder().encode(text));
  const exit = (code: number) =>
    ring.append(Behind.send, new Encoder().encode([numberOfCall('exit'), [], code]).slice());
  return { kernel, process, request, channel, written, write, exit };
}

it('what a process writes after it has exited is not written', () => {
  const { process, channel, written, write, exit } = open();
  write('before');
  exit(3);
  write('after');
  channel.takeRing();
  expect(written).toEqual(['before']);
  expect(process.status).toEqual({ exitCode: 3, signal: null });
});

it('what a process had written when it is killed is written', () => {
  const { kernel, process, written, write } = open();
  write('before');
  kernel.end(process, { exitCode: null, signal: 'SIGKILL' });
  expect(written).toEqual(['before']);
  expect(process.status).toEqual({ exitCode: null, signal: 'SIGKILL' });
});

/** How often it succeeded before EAGAIN. */
function untilRefused(start: () => void): number {
  for (let count = 0; ; count++) {
    try {
      start();
    } catch (error) {
      if (!(error instanceof SystemError) || error.code !== 'EAGAIN') throw error;
      return count;
    }
  }
}

it('a session that takes all the processes it can get leaves some to the others', () => {
  const { kernel, process, request } = open();
  expect(untilRefused(() => kernel.start(process, request))).toBe(71);
  const other = kernel.start(null, request);
  expect(untilRefused(() => kernel.start(other, request))).toBe(15);
  expect(untilRefused(() => kernel.start(null, request))).toBe(8);
});

it('a session that takes all the threads it can get leaves some to the others', () => {
  const { kernel, process, request } = open();
  const startThread = (owner: typeof process) => {
    const thread = owner.threads.create(owner.threads.main);
    const [port, other] = [2 * thread.id, 2 * thread.id + 1];
    owner.threads.ports.open(owner.threads.main, port, other);
    kernel.startThread(owner, {
      id: thread.id,
      port: other,
      execArgv: [],
      env: [],
      closesFiles: true,
      sharesEnvironment: false,
    } as unknown as Parameters<Kernel['startThread']>[1]);
  };
  expect(untilRefused(() => startThread(process))).toBe(79);
  const other = kernel.start(null, request);
  expect(untilRefused(() => startThread(other))).toBe(15);
});

it('a thread that finds no room is forgotten, and has a number of its own', () => {
  const { kernel, process } = open();
  const start = () => {
    const { id } = process.threads.create(process.threads.main);
    process.threads.ports.open(process.threads.main, 2 * id, 2 * id + 1);
    kernel.startThread(process, { id, port: 2 * id + 1, execArgv: [], env: [] } as unknown as ThreadRequest);
  };
  untilRefused(start);
  const { size } = process.threads;
  for (let i = 0; i < 2000; i++) expect(start).toThrow(expect.objectContaining({ code: 'EAGAIN' }));
  expect(process.threads.size).toBe(size);
  const [first, second] = [0, 1].map(() => process.threads.create(process.threads.main).id);
  expect(first).not.toBe(second);
});

it('a process may write without waiting while it has one thread and there is room on the disk', () => {
  const { kernel, process, channel } = open();
  const { words } = viewsOf(channel.memory);
  const allowed: (number | undefined)[] = [words[Word.mayPost]];
  const { freeBytes } = kernel.fs.room;
  kernel.fs.reserve(freeBytes - 1000);
  allowed.push(words[Word.mayPost]);
  kernel.fs.reserve(1000 - freeBytes);
  allowed.push(words[Word.mayPost]);
  const thread = process.threads.create(process.threads.main);
  process.threads.ports.open(process.threads.main, 2, 3);
  kernel.startThread(process, { id: thread.id, port: 3, execArgv: [], env: [] } as unknown as ThreadRequest);
  allowed.push(words[Word.mayPost]);
  expect(allowed).toEqual([1, 0, 1, 0]);
});
