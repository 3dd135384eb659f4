/** The kernel: file system, network and process table, and how processes start and end. */

import { onBreak, type QueueOwner } from './byte-queue.ts';
import { workingDirectoryOf } from './channel/stamps.ts';
import { CompiledModules } from './compiled-modules.ts';
import { release, retain } from './description.ts';
import { FileSystem } from './file-system/file-system.ts';
import { DirectoryInode } from './file-system/inode.ts';
import { LikelyFolders } from './file-system/likely-folders.ts';
import { find, type Place, pathToStartIn } from './file-system/lookup.ts';
import type { WorkerImage } from './launch.ts';
import { type AskAs, lookAhead } from './look-ahead.ts';
import { Mirror } from './mirror/mirror.ts';
import { changesNames } from './name-changes.ts';
import { NameKeeper } from './name-keeper.ts';
import { Datagrams } from './network/datagrams.ts';
import { Network } from './network/network.ts';
import { OptionalParts } from './optional-parts.ts';
import { isFullOfThreads, processLimit } from './processes/process-limits.ts';
import { ProcessRecord } from './processes/process-record.ts';
import { type Program, pathIn, resolveProgram } from './processes/programs.ts';
import { resolveStart, type Start } from './processes/resolve-start.ts';
import {
  endsProcess,
  isSignal,
  SIGCHLD,
  SIGHUP,
  SIGKILL,
  signalName,
  signalTexts,
  statusOf,
} from './processes/signals.ts';
import { standardStreamsOf } from './processes/standard-streams.ts';
import type { StartRequest } from './processes/start-request.ts';
import type { WorkerPool, WorkerSeat } from './processes/worker-pool.ts';
import { SourceTransforms } from './source-transforms.ts';
import { type Announcement, type ExitStatus, type Syscalls, SystemError } from './syscalls.ts';
import type { ThreadRecord } from './threads/thread-record.ts';
import type { ThreadRequest } from './threads/thread-requests.ts';
import { Threads } from './threads/threads.ts';
import { WaitQueue } from './wait-queue.ts';

/** What a thread sent as a call; it was not checked yet. */
export interface Call {
  process: ProcessRecord;
  thread: ThreadRecord;
  name: unknown;
  args: unknown;
}

type CallArguments = [
  process: ProcessRecord,
  thread: ThreadRecord,
  name: unknown,
  args: unknown,
  visited?: number[] | null,
];

/** Answers a thread's call; see `calls/`. */
export type Dispatch = (kernel: Kernel, call: Call) => unknown;

interface ProcessOrigin {
  parent: ProcessRecord | null;
  program: Program;
  place: Place;
}

const FIRST_PID = 2;

export class Kernel {
  readonly fs = new FileSystem();
  readonly network = new Network();
  readonly datagrams = new Datagrams();
  readonly parts = new OptionalParts();
  readonly transforms = new SourceTransforms(this.parts);
  readonly likelyFolders = new LikelyFolders();
  readonly modules = new CompiledModules();
  readonly processes = new Map<number, ProcessRecord>();
  readonly mirror = new Mirror(() => this.#calls);
  readonly #pool: WorkerPool;
  readonly #dispatch: Dispatch;
  /** Set by the client. */
  onAnnounce: (topic: Announcement, words: string[]) => void = () => undefined;
  readonly #nameKeeper = new NameKeeper(this.fs);
  readonly #endListeners = new Map<number, (status: ExitStatus) => void>();
  #nextPid = FIRST_PID;
  /** That processes have made. */
  #calls = 0;

  constructor(pool: WorkerPool, dispatch: Dispatch) {
    this.#pool = pool;
    this.#dispatch = dispatch;
    this.fs.onChanged = (inode) => {
      this.noteChange(inode.number);
      this.mirror.note(inode);
    };
    this.fs.onTight = () => {
      for (const process of this.processes.values()) this.#allowPosting(process);
    };
    onBreak((owner) => this.#tellOfBreak(owner));
  }

  /** Starts a process; without a parent it begins a session. ENOENT, EACCES, ENOEXEC, EAGAIN. */
  start(parent: ProcessRecord | null, request: StartRequest): ProcessRecord {
    this.#checkProcessCount(parent);
    const place: Place = { root: this.fs.root, cwd: request.cwd, umask: parent?.umask ?? 0o022 };
    const start = resolveStart(place, request);
    return this.#begin({ parent, program: start.program, place }, start, request);
  }

  /** Starts a process, and what it only waits for. */
  #begin(origin: ProcessOrigin, start: Start, request: StartRequest): ProcessRecord {
    const process = this.#create(origin, request);
    try {
      if (start.command === null || !this.#startBehind(process, start.command, request)) {
        this.#attachWorker(process, start);
      }
    } catch (error) {
      // There may be no memory for its Worker: then there is no process, either.
      this.#discard(process);
      throw error;
    }
    return process;
  }

  #create(origin: ProcessOrigin, request: StartRequest): ProcessRecord {
    const { parent } = origin;
    const pid = this.#nextPid++;
    const leads = parent === null || request.detached;
    const group = leads ? pid : (request.group ?? parent.group);
    const identity = { pid, group, session: parent?.session ?? pid };
    const process = new ProcessRecord(identity, origin);
    try {
      for (const [fd, description] of request.stdio.entries()) {
        if (description) process.descriptors.put(fd, description);
      }
    } catch (error) {
      process.descriptors.closeAll();
      throw error;
    }
    this.processes.set(pid, process);
    parent?.children.set(pid, process);
    return process;
  }

  #discard(process: ProcessRecord): void {
    process.threads.stopAll();
    process.descriptors.closeForGood();
    this.processes.delete(process.pid);
    process.parent?.children.delete(process.pid);
  }

  /** The process only waits for its command, for which it needs no Worker. False where there is no room for another process. */
  #startBehind(process: ProcessRecord, start: Start, request: StartRequest): boolean {
    if (this.processes.size >= processLimit(this.processes.values(), process)) return false;
    const place: Place = { root: process.root, cwd: start.cwd, umask: process.umask };
    const origin = { parent: process, program: start.program, place };
    const { stdio: given } = request;
    const stdio = process.image === 'node' ? Object.assign([...given], standardStreamsOf(process)) : given;
    process.command = this.#begin(origin, start, { ...request, stdio, detached: false, group: process.group });
    return true;
  }

  /** EAGAIN when there is no room for another; what commands that have ended left running gives way first. */
  #checkProcessCount(parent: ProcessRecord | null): void {
    const limit = processLimit(this.processes.values(), parent);
    if (this.processes.size < limit) return;
    for (const session of new Set(Array.from(this.processes.values(), (process) => process.session))) {
      const leader = this.processes.get(session);
      if (!leader || leader.status) this.killSession(session);
    }
    if (this.processes.size >= limit || parent?.status) throw new SystemError('EAGAIN', 'Too many processes');
  }

  /** The process becomes another program; its Worker ends. Errors as those of `start`. */
  exec(process: ProcessRecord, request: StartRequest): void {
    const program = resolveProgram({ ...process, cwd: request.cwd }, request.file, request.argv, pathIn(request.env));
    const kept = request.stdio.map((description) => description && retain(description));
    process.threads.stopAll();
    process.threads = new Threads();
    process.descriptors.closeAll();
    for (const [fd, description] of kept.entries()) {
      if (!description) continue;
      process.descriptors.put(fd, description);
      release(description);
    }
    process.handledSignals.clear();
    process.image = program.image;
    process.execPath = program.execPath;
    process.argv = program.argv;
    process.cwd = request.cwd;
    this.#attachWorker(process, request);
    this.#pool.release();
  }

  /** The process ends; what else runs in its Worker, and its children, go on under a new pid, which it returns. */
  leave(process: ProcessRecord, status: ExitStatus): number {
    this.#checkProcessCount(process);
    const { pid, group, session, parent } = process;
    const leaver = new ProcessRecord({ pid, group, session }, { parent, program: process, place: process });
    leaver.ended = process.ended;
    process.ended = new WaitQueue();
    process.parent = null;
    process.pid = this.#nextPid++;
    this.processes.set(process.pid, process);
    this.processes.set(pid, leaver);
    parent?.children.set(pid, leaver);
    if (parent?.command === process) parent.command = leaver;
    this.end(leaver, status);
    return process.pid;
  }

  #attachWorker(process: ProcessRecord, { env, cwdPath }: Pick<StartRequest, 'env' | 'cwdPath'>): void {
    const { image, argv, execPath } = process;
    if (image === 'node') standardStreamsOf(process);
    const seat = this.#seat(process, process.threads.main, image);
    const ask: AskAs = (name, args, visited) =>
      this.call(process, process.threads.main, name, args, visited) as ReturnType<Syscalls[typeof name]>;
    const given =
      image === 'node'
        ? { known: lookAhead(ask, seat.channel.stamps, argv), modules: this.modules.give() }
        : { descriptors: process.descriptors.numbers() };
    seat.launch({ pid: process.pid, ppid: process.parent?.pid ?? 1, argv, execPath, env, cwd: cwdPath, ...given });
  }

  /** A Worker for the thread. */
  #seat(process: ProcessRecord, thread: ThreadRecord, image: WorkerImage): WorkerSeat {
    const seat = this.#pool.take(image, process.session);
    thread.channel = seat.channel;
    thread.terminate = () => seat.terminate();
    const isMain = thread === process.threads.main;
    this.#allowPosting(process);
    seat.attach({
      handle: (name, args, visited) => this.call(process, thread, name, args, visited),
      onCrash: (reason) =>
        isMain ? this.crash(process, 'SIGABRT', reason) : this.endThread(process, thread, 1, reason),
      onViolation: (reason) => this.crash(process, 'SIGSYS', reason),
    });
    return seat;
  }

  /** Threads can tell each other of a write by memory that they share, before the kernel has made it. */
  #allowPosting({ threads }: ProcessRecord): void {
    const isAlone = threads.size === 1;
    for (const { channel } of threads.all()) channel?.allowPosting(isAlone && !this.fs.isTight);
  }

  /** Starts a thread that was created before. ESRCH, EAGAIN. */
  startThread(process: ProcessRecord, request: ThreadRequest): void {
    const thread = process.threads.find(request.id);
    if (thread?.channel) throw new SystemError('EINVAL', 'The thread was started before');
    if (!thread || isFullOfThreads(this.processes.values(), process.session)) {
      if (thread) process.threads.end(thread, process.descriptors);
      throw new SystemError('EAGAIN', 'Too many threads');
    }
    thread.closesFiles = request.closesFiles;
    if (request.sharesEnvironment) thread.parent?.environment?.join(thread);
    const seat = this.#seat(process, thread, 'thread');
    process.threads.ports.adopt(thread, request.port);
    const { execArgv, env } = request;
    const argv = [process.execPath, ...execArgv];
    const ppid = process.parent?.pid ?? 1;
    seat.launch({
      pid: process.pid,
      ppid,
      argv,
      execPath: process.execPath,
      env,
      cwd: pathToStartIn(process.cwd),
      thread: request,
      memory: process.threads.memory,
      modules: this.modules.give(),
    });
  }

  /** Ends one thread; its parent is told. `reason` when it was no doing of the thread. */
  endThread(process: ProcessRecord, thread: ThreadRecord, exitCode: number, reason: string | null = null): void {
    if (thread.ended) return;
    process.threads.end(thread, process.descriptors);
    thread.parent?.channel?.sendEvent({ type: 'thread-ended', id: thread.id, exitCode, reason });
    this.#pool.release();
  }

  /** Makes a system call as a thread of the process. `visited` takes the numbers of the inodes that the answer depends on. */
  call(...[process, thread, name, args, visited = null]: CallArguments): unknown {
    if (changesNames(name, args)) this.#nameKeeper.take(thread, process.umask, visited !== null);
    visited?.push(workingDirectoryOf(process.pid));
    const outer = process.visited;
    process.visited = visited;
    try {
      this.#calls++;
      return this.#dispatch(this, { process, thread, name, args });
    } finally {
      process.visited = outer;
    }
  }

  /** All that threads have done to names is done now, and none does more before it has asked. */
  settleNames(): void {
    this.#nameKeeper.settle();
  }

  /** What threads have kept of the inode with this number is not true any more. */
  noteChange(inode: number): void {
    for (const process of this.processes.values()) {
      for (const thread of process.threads.all()) thread.channel?.stamps.bump(inode);
    }
  }

  #tellOfBreak(owner: QueueOwner): void {
    for (const process of this.processes.values()) {
      for (const thread of process.threads.all()) thread.channel?.noteBreak(owner);
    }
  }

  /** Calls the listener once, when a process that the client started has ended. */
  onEnd(process: ProcessRecord, listener: (status: ExitStatus) => void): void {
    if (process.status) listener(process.status);
    else this.#endListeners.set(process.pid, listener);
  }

  /** The Worker failed, or was stopped: says so on the process's stderr and ends it. */
  crash(process: ProcessRecord, signal: string, reason: string): void {
    if (process.status) return;
    process.channel?.takeRing();
    process.threads.stopAll();
    this.#complain(process, reason);
    this.end(process, { exitCode: null, signal, reason });
  }

  /** Writes to the process's stderr what fits there now: nobody need be reading. */
  #complain(process: ProcessRecord, reason: string): void {
    try {
      const stderr = process.descriptors.get(2);
      const written = stderr.write(
        { caller: process.threads.main, fd: null },
        new TextEncoder().encode(`${reason}\n`),
        null,
      );
      if (written instanceof Promise) written.catch(ignoreSystemError);
    } catch (error) {
      ignoreSystemError(error);
    }
  }

  /**
   * The process exits; `steps` are those of `process/library/preload.ts` that it used. What its ring holds now was sent after the
   * call: code that caught the end of the process goes on until its Worker stops, and has no effect.
   */
  exit(process: ProcessRecord, code: number, steps: number | undefined): void {
    if (process.status) return;
    if (steps !== undefined) this.#pool.noteUse(steps);
    this.#bury(process, { exitCode: code & 0xff, signal: null });
  }

  /** Ends the process from outside: what it had sent until now still happens. */
  end(process: ProcessRecord, status: ExitStatus): void {
    if (process.status) return;
    process.channel?.takeRing();
    // One of the calls there may have been the end.
    if (!process.status) this.#bury(process, status);
  }

  #bury(process: ProcessRecord, status: ExitStatus): void {
    process.status = status;
    process.threads.stopAll();
    process.descriptors.closeForGood();
    process.leaveRawMode();
    for (const child of process.children.values()) this.#orphan(child);
    process.children.clear();
    if (process.parent) {
      process.ended.wake();
      this.signal(process.parent, SIGCHLD);
      if (process.parent.command === process) this.#endWaiting(process.parent, status);
    } else {
      this.processes.delete(process.pid);
    }
    const listener = this.#endListeners.get(process.pid);
    this.#endListeners.delete(process.pid);
    listener?.(status);
    this.#pool.release();
    this.transforms.goOn();
  }

  /** It has only waited for its command: a shell ends as that has, `node --run` tells whether it failed. */
  #endWaiting(process: ProcessRecord, status: ExitStatus): void {
    const exitCode = statusOf(status);
    if (process.image === 'node') {
      this.end(process, { exitCode: exitCode === 0 ? 0 : 1, signal: null });
      return;
    }
    const text = signalTexts[status.signal ?? ''];
    if (text !== undefined) this.#complain(process, text);
    this.end(process, { exitCode, signal: null });
  }

  #orphan(child: ProcessRecord): void {
    child.parent = null;
    if (child.status) this.processes.delete(child.pid);
  }

  /** The parent has learnt how its child ended. */
  reap(parent: ProcessRecord, child: ProcessRecord): void {
    parent.children.delete(child.pid);
    this.processes.delete(child.pid);
  }

  /** `pid` > 0 one process, < 0 a group. Signal 0 only checks. ESRCH, EINVAL. */
  kill(pid: number, signal: number): void {
    const targets = [...this.processes.values()].filter((process) =>
      pid > 0 ? process.pid === pid : process.group === -pid,
    );
    this.#signalAll(targets, signal);
  }

  /** What a process can reach with pid -1: all that the client's command has started, but the process itself. ESRCH. */
  killOthers(process: ProcessRecord, signal: number): void {
    const { session } = process;
    const others = [...this.processes.values()].filter((other) => other.session === session && other !== process);
    this.#signalAll(others, signal);
  }

  #signalAll(targets: readonly ProcessRecord[], signal: number): void {
    if (signal !== 0 && !isSignal(signal)) throw new SystemError('EINVAL');
    if (targets.length === 0) throw new SystemError('ESRCH');
    if (signal === 0) return;
    for (const target of targets) this.signal(target, signal);
  }

  signal(process: ProcessRecord, signal: number): void {
    if (process.status) return;
    if (signal !== SIGKILL && process.handledSignals.has(signal)) {
      process.channel?.sendEvent({ type: 'signal', signal });
    } else if (endsProcess(signal, process.image)) {
      this.end(process, { exitCode: null, signal: signalName(signal) });
    }
  }

  /** The terminal of the session is gone. */
  hangUp(session: number): void {
    for (const process of [...this.processes.values()]) {
      if (process.session === session) this.signal(process, SIGHUP);
    }
  }

  /** Ends every process that descends from one that the client started. */
  killSession(session: number): void {
    for (const process of [...this.processes.values()]) {
      if (process.session === session) this.end(process, { exitCode: null, signal: 'SIGKILL' });
    }
  }

  shutDown(): void {
    for (const process of [...this.processes.values()]) this.end(process, { exitCode: null, signal: 'SIGKILL' });
    this.transforms.close();
    this.modules.clear();
    this.#pool.close();
  }

  /** A directory for a process to start in; ENOENT, ENOTDIR. */
  directoryAt(place: Place, path: string): DirectoryInode {
    const inode = find(place, path, true);
    if (!(inode instanceof DirectoryInode)) throw new SystemError('ENOTDIR');
    return inode;
  }
}

function ignoreSystemError(error: unknown): void {
  if (!(error instanceof SystemError)) throw error;
}
