/** System calls on processes. */

import { behindOthers } from '../behind-others.ts';
import { workingDirectoryOf } from '../channel/stamps.ts';
import { ListenerDescription } from '../descriptions/listener.ts';
import { pathOf, pathToStartIn } from '../file-system/lookup.ts';
import type { Kernel } from '../kernel.ts';
import type { ProcessRecord } from '../processes/process-record.ts';
import { isSignal } from '../processes/signals.ts';
import { type CallOnBehalf, collectChild } from '../processes/spawn-sync.ts';
import type { StartRequest } from '../processes/start-request.ts';
import { type ExitStatus, type ListeningPort, type ProcessInfo, type SpawnRequest, SystemError } from '../syscalls.ts';
import { WAIT } from '../wait-queue.ts';
import type { CallContext, CallTable } from './call-table.ts';

type ProcessCall =
  | 'spawn'
  | 'exec'
  | 'wait'
  | 'collect'
  | 'kill'
  | 'processes'
  | 'exit'
  | 'leave'
  | 'handleSignal'
  | 'setTitle'
  | 'chdir'
  | 'getcwd'
  | 'umask';

/** In characters; natively a title has no more room than the command line. */
const MAX_TITLE = 4096;

export const processCalls: CallTable<ProcessCall> = {
  spawn: ({ kernel, process }, request) => kernel.start(process, toStart(process, kernel, request)).pid,
  exec: ({ kernel, process }, request) => {
    kernel.exec(process, toStart(process, kernel, request));
    throw new SystemError('ESRCH');
  },
  wait: (context, pid) => wait(context, pid),
  collect: ({ kernel, process, thread }, pid, request) => {
    const call = ((name, ...args) => kernel.call(process, thread, name, args)) as CallOnBehalf;
    return collectChild(call, pid, request);
  },
  kill: ({ kernel, process }, pid, signal) => {
    if (pid === -1) kernel.killOthers(process, signal);
    else kernel.kill(pid === 0 ? -process.group : pid, signal);
  },
  processes: ({ kernel }) => [...kernel.processes.values()].map(describe),
  exit: ({ kernel, process, thread }, code, steps) => {
    if (thread === process.threads.main) kernel.exit(process, code, steps);
    else kernel.endThread(process, thread, code);
    throw new SystemError('ESRCH');
  },
  leave: ({ kernel, process }, code) => kernel.leave(process, { exitCode: code & 0xff, signal: null }),
  handleSignal: ({ process }, signal, handled) => {
    if (!isSignal(signal)) throw new SystemError('EINVAL');
    if (handled) process.handledSignals.add(signal);
    else process.handledSignals.delete(signal);
  },
  setTitle: ({ process }, title) => {
    process.argv = [title.slice(0, MAX_TITLE)];
  },
  chdir: ({ kernel, process }, path) => {
    process.cwd = kernel.directoryAt(process, path);
    kernel.noteChange(workingDirectoryOf(process.pid));
  },
  getcwd: ({ process }) => pathOf(process.cwd),
  umask: ({ process }, mask) => {
    const before = process.umask;
    if (mask === null) return before;
    process.umask = mask & 0o777;
    for (const { channel } of process.threads.all()) channel?.changeUmask(process.umask);
    return before;
  },
};

function describe({ pid, parent, group, session, argv, startedMs, status, descriptors }: ProcessRecord): ProcessInfo {
  const listening = descriptors.numbers().flatMap((fd): ListeningPort[] => {
    const description = descriptors.get(fd);
    return description instanceof ListenerDescription && description.local ? [{ ...description.local, fd }] : [];
  });
  const ppid = parent?.pid ?? 1;
  return { pid, ppid, group, session, argv: [...argv], startedMs, ended: status !== null, listening };
}

function toStart(process: ProcessRecord, kernel: Kernel, request: SpawnRequest): StartRequest {
  const cwd = request.cwd === undefined ? process.cwd : kernel.directoryAt(process, request.cwd);
  const stdio = request.stdio.map((fd) => (fd < 0 ? null : process.descriptors.get(fd)));
  const { file, argv, env, detached = false, group } = request;
  return { file, argv, env, cwd, cwdPath: pathToStartIn(cwd), stdio, detached, group };
}

function wait({ kernel, process, thread }: CallContext, pid: number): ExitStatus | Promise<ExitStatus> {
  const child = process.children.get(pid);
  if (!child) throw new SystemError('ECHILD');
  if (child.status) {
    kernel.reap(process, child);
    return child.status;
  }
  // Each child has a queue of its own: who waits for one must not hold up who waits for another.
  const ended = child.ended.run(thread, null, () => {
    const current = process.children.get(pid);
    if (!current) throw new SystemError('ECHILD');
    if (!current.status) return WAIT;
    kernel.reap(process, current);
    return current.status;
  });
  // What the child has written comes first.
  return behindOthers(ended);
}
