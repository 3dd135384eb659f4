/** System calls on processes. */
import { pathOf } from '../file-system/lookup.ts';
import { type CallOnBehalf, collectChild } from '../spawn-sync.ts';
import { type ExitStatus, type SpawnRequest, SystemError } from '../syscalls.ts';
import { WAIT } from '../wait-queue.ts';
import type { CallContext, CallTable } from './call-table.ts';

type ProcessCall = 'spawn' | 'wait' | 'collect' | 'kill' | 'exit' | 'handleSignal' | 'chdir' | 'getcwd' | 'umask';

export const processCalls: CallTable<ProcessCall> = {
  spawn: (context, request) => spawn(context, request),
  wait: (context, pid) => wait(context, pid),
  collect: ({ kernel, process }, pid, request) => {
    const call = ((name, ...args) => kernel.call(process, name, args)) as CallOnBehalf;
    return collectChild(call, pid, request);
  },
  kill: ({ kernel, process }, pid, signal) => kernel.kill(pid === 0 ? -process.group : pid, signal),
  exit: ({ kernel, process }, code) => {
    kernel.end(process, { exitCode: code & 0xff, signal: null });
    throw new SystemError('ESRCH');
  },
  handleSignal: ({ process }, signal, handled) => {
    if (handled) process.handledSignals.add(signal);
    else process.handledSignals.delete(signal);
  },
  chdir: ({ kernel, process }, path) => {
    process.cwd = kernel.directoryAt(process, path);
  },
  getcwd: ({ process }) => pathOf(process.cwd),
  umask: ({ process }, mask) => {
    const before = process.umask;
    if (mask !== null) process.umask = mask & 0o777;
    return before;
  },
};

function spawn({ kernel, process }: CallContext, request: SpawnRequest): number {
  const cwd = request.cwd === undefined ? process.cwd : kernel.directoryAt(process, request.cwd);
  const stdio = request.stdio.map((fd) => (fd < 0 ? null : process.descriptors.get(fd)));
  const { file, argv, env, detached = false } = request;
  return kernel.start(process, { file, argv, env, cwd, cwdPath: pathOf(cwd), stdio, detached }).pid;
}

function wait({ kernel, process }: CallContext, pid: number): ExitStatus | Promise<ExitStatus> {
  const child = process.children.get(pid);
  if (!child) throw new SystemError('ECHILD');
  if (child.status) {
    kernel.reap(process, child);
    return child.status;
  }
  // Each child has a queue of its own: who waits for one must not hold up who waits for another.
  return child.ended.run(process, null, () => {
    if (!child.status) return WAIT;
    if (!process.children.has(pid)) throw new SystemError('ECHILD');
    kernel.reap(process, child);
    return child.status;
  });
}
