/**
 * The system calls: what a process Worker may ask of the kernel.
 *
 * One table serves two transports (`src/runtime/process/system-calls/sys.ts`): a *synchronous* call through shared memory
 * (the process waits in `Atomics.wait`), and an *asynchronous* one through a message port. The kernel's handler is the
 * same; where it cannot answer at once (a read of an empty pipe, a write to a full one, `wait`, `accept`) it answers
 * later, and only that caller waits. Calls of one process take effect in the order in which they were made, whichever
 * way they travelled.
 *
 * Every descriptor lives in the kernel, as in Unix: a process holds numbers only. Relative paths are resolved against the
 * process's working directory, which the kernel holds too.
 *
 * A failed call throws a {@link SystemError} on the caller's side; its `code` is an errno name ("ENOENT").
 */
import type { SourceKind } from '../transformer/messages.ts';
import type { DescriptorKind, Endpoints, PassedDescriptor, Received } from './descriptors.ts';
import type { BindOptions, Connected, Endpoint, ListenOptions } from './network/endpoints.ts';
import type { TerminalAttributes } from './terminal-attributes.ts';
import type { PortMessage, TakenMessage, ThreadRequest } from './threads/thread-requests.ts';

/** An error without a stack: to walk it takes V8 longer than most system calls take, and that there is no such file is an everyday answer. */
function Stackless(this: Error, message: string): void {
  this.message = message;
}
Stackless.prototype = Error.prototype;

/** An error of a system call; `code` is an errno name, as in `errno.h`. */
export class SystemError extends (Stackless as unknown as new (message: string) => Error) {
  override name = 'SystemError';
  readonly code: string;
  constructor(code: string, message = code) {
    super(message);
    this.code = code;
  }
}

/** Result of `stat`; times are in milliseconds since the epoch, with fractions. */
export interface Stat {
  dev: number;
  mode: number;
  nlink: number;
  uid: number;
  gid: number;
  rdev: number;
  blksize: number;
  ino: number;
  size: number;
  blocks: number;
  atimeMs: number;
  mtimeMs: number;
  ctimeMs: number;
  birthtimeMs: number;
}

/** What an open file is at a moment: its stat and some of its bytes, with its stamp before and behind the look, which may move the time of access. */
export class Look {
  readonly stat: Stat;
  /** May be a view of the file. */
  readonly bytes: Uint8Array;
  readonly stampBefore: number;
  readonly stampAfter: number;

  constructor(stat: Stat, bytes: Uint8Array, stampBefore: number, stampAfter: number) {
    this.stat = stat;
    this.bytes = bytes;
    this.stampBefore = stampBefore;
    this.stampAfter = stampAfter;
  }
}

/** What {@link Syscalls.changePath} changes. */
export const Change = { mode: 0, times: 1, owner: 2 } as const;

/** More than so many bytes are not looked at at once. */
export const MAX_LOOK_BYTES = 1 << 20;
/** As libuv reads from a stream. */
export const RECEIVED_PIECE = 65_536;

/** What {@link Syscalls.openFile} answers: an array, as it is for the wire. */
export type OpenedFile = [
  fd: number,
  /** Whether it is a regular file. */
  regular: boolean,
  /** As {@link packStat} packs it; null when it is none. */
  stat: Uint8Array | null,
  /** The file's number in the stamps (`channel/stamps.ts`) when it was opened. */
  stamp: number,
  /** Of a small file opened for reading. */
  content: Uint8Array | null,
];

/** What {@link Syscalls.neighbours} answers: parallel lists, each in one piece, as many small values take long to read. */
export type Neighbours = [
  /** With a slash between them. */
  names: string,
  /** As {@link packStat} packs them, one behind the other; of links themselves. */
  stats: Uint8Array,
  /** The numbers of the inodes in the stamps (`channel/stamps.ts`), as Int32. */
  stamps: Uint8Array,
  /**
   * The small files that are likely to be read next, as Int32: of each its place, its length, of which kind of source the kernel knows what
   * must be edited in it (-1: none), and how long that is. And what they hold, each with that behind it.
   */
  read: Uint8Array,
  contents: Uint8Array,
  /** Whether there are no other names. */
  isWhole: boolean,
];

/** Contents of what lies in a folder: in the order of the names from this one on, so many bytes. */
export type WantedContents = [from: string, bytes: number];

/** So many numbers {@link Neighbours} has for a file. */
export const NUMBERS_OF_READ = 4;
/** By their numbers there. */
export const SOURCE_KINDS: readonly SourceKind[] = ['function', 'module'];

/** So many used folders and files are told of at a time. */
export const MOST_USED = 512;

/** A folder that the caller is likely to ask for next: on the stamps of these indices, with this sum, its answer depends. */
export type LikelyNext = [folder: string, neighbours: Neighbours, indices: number[], sum: number];

/** Directory entries: parallel arrays, sorted by name; types as libuv's UV_DIRENT_* (1 file, 2 dir, 3 link, 4 fifo, 5 socket, 6 char). */
export interface Entries {
  names: string[];
  types: number[];
}

/** What `spawn` starts. */
export interface SpawnRequest {
  /** Path of the program, or a bare name that is looked up in `env.PATH`. */
  file: string;
  /** argv, with argv[0]. */
  argv: string[];
  /** The whole environment, as `NAME=value`. */
  env: string[];
  /** Working directory; the parent's when absent. */
  cwd?: string;
  /** The child's descriptor i is a duplicate of the parent's descriptor `stdio[i]`; -1 leaves it closed. */
  stdio: number[];
  /** A new process group (node's `detached`): a signal sent to the parent's group does not reach it. */
  detached?: boolean;
  /** The process group to be in (an existing one); the parent's when absent. */
  group?: number;
}

/** How a process ended: by `exit` (signal null) or by a signal (exitCode null). */
export interface ExitStatus {
  exitCode: number | null;
  /** Name of the signal, "SIGKILL". */
  signal: string | null;
  /** Why the kernel ended it, in one sentence for its user, when it did (lack of memory, a crashed Worker). */
  reason?: string;
}

/** What {@link Syscalls.collect} does while it waits for a child; descriptors are the caller's. */
export interface CollectRequest {
  /** Written to `fd`, which is closed after it. */
  inputs: { fd: number; data: Uint8Array }[];
  /** Read to their ends, then closed. */
  outputs: number[];
  /** The child is sent `killSignal` after so many milliseconds; 0 waits for ever. */
  timeoutMs: number;
  /** The child is sent `killSignal` when one output is longer than so many bytes; Infinity has no limit. */
  maxBuffer: number;
  killSignal: number;
}

/** What {@link Syscalls.collect} answers. */
export interface Collected {
  status: ExitStatus;
  /** One for each of the request's `outputs`. */
  outputs: Uint8Array[];
  /** Why the child was killed, if it was: ETIMEDOUT or ENOBUFS. */
  error: string | null;
}

/** An event of a watched path. */
export interface WatchEvent {
  type: 'rename' | 'change';
  name: string;
}

/** The table: name -> signature. Every handler may answer later (see above). */
export interface Syscalls {
  // -- files -----------------------------------------------------------------------------------------------------
  /**
   * Flags as in Linux `fcntl.h` (O_RDONLY 0, O_WRONLY 1, O_RDWR 2, O_CREAT 0o100, O_EXCL 0o200, O_TRUNC 0o1000, O_APPEND 0o2000, O_DIRECTORY 0o200000, O_NOFOLLOW 0o400000). A FIFO
   * waits for its other end to be opened; with `O_NO_WAIT` the answer is `~fd` where it would, and `awaitOpen` waits.
   */
  open(path: string, flags: number, mode: number): number;
  /**
   * As `open`, for a caller that keeps what it knows of files: a small file that is opened for reading alone comes with its
   * content, unless the caller says that it has it.
   */
  openFile(path: string, flags: number, mode: number, hasContent: boolean): OpenedFile;
  /** Writes a whole file (flags as `open`); says what `stat` says then. An error of the writing itself has the message "write". */
  writeFile(path: string, data: Uint8Array, flags: number, mode: number): Stat;
  /** Appends to the file to which `writeFile` of this thread has appended last, if it is the one with this number. */
  appendAgain(inode: number, data: Uint8Array): void;
  /**
   * `chmod` (0, with the mode), `utimes` (1, with both times) or `chown` (2, with both ids) of what the path leads to, for a caller that
   * keeps the number of the inode, which is the answer: by it the same thread may change it again while `KnownInodes` holds it. 0 when it may not.
   */
  changePath(path: string, change: number, first: number, second: number): number;
  changeAgain(inode: number, change: number, first: number, second: number): void;
  /** Opens a regular file, made where it is not there, in place of the one of this descriptor. */
  openAs(fd: number, path: string, flags: number, mode: number): void;
  /** All names in a folder with the kinds (as of {@link Entries}) and numbers of the inodes; null when they are more than `most`. */
  listNames(folder: string, most: number): [names: string[], kinds: Uint8Array, numbers: number[]] | null;
  /** What a regular file is, with so many of its bytes; EINVAL when it is another one. For a caller that keeps it. */
  look(fd: number, position: number, length: number): Look;
  /** Sets the offset of a file's descriptor. */
  seek(fd: number, offset: number): void;
  /** Waits until the FIFO of this descriptor has its other end. ECANCELED when it is closed meanwhile. */
  awaitOpen(fd: number): undefined;
  /** Makes a FIFO. */
  mkfifo(path: string, mode: number): void;
  /** As flock(2): LOCK_SH 1, LOCK_EX 2, LOCK_UN 8, with LOCK_NB 4 EAGAIN where it would wait. The lock is of the open file. */
  flock(fd: number, operation: number): undefined;
  /**
   * The descriptor stands for the file at this path from now on, as if it had been opened in its place. False when the inode
   * there is another one: then the descriptor is of no use any more.
   */
  reopen(fd: number, path: string, flags: number, inode: number): boolean;
  close(fd: number): void;
  /**
   * The lowest free numbers of descriptors, some of so many: nothing is open there, and nothing else gets them, until `openAs` or `reopen`
   * puts a file there or `discard` gives them back, which else does as `close`.
   */
  reserve(count: number): number[];
  discard(fd: number): void;
  /** At most `length` bytes; empty at the end. `position` null reads at, and moves, the descriptor's offset. Waits on an empty pipe, socket or terminal. */
  read(fd: number, length: number, position: number | null): Uint8Array;
  /** Bytes written. Waits while a pipe is full. EPIPE when nobody reads. */
  write(fd: number, data: Uint8Array, position: number | null): number;
  /** Waits until `readAvailable` (of a listener: `accept`) gives something. Several may wait for one descriptor. */
  poll(fd: number): undefined;
  /** As `read` and `write`, but EAGAIN where those would wait: never blocks the caller. */
  readAvailable(fd: number, length: number): Uint8Array;
  /**
   * Waits until there is something, then takes it as `readAvailable` does, in pieces of `RECEIVED_PIECE`; with the number of writes (`push`, `writeAvailable`) of
   * the caller's that were made before: a caller that has made more may find the rest of them by reading again. Descriptors that
   * were passed along are received where they are wanted, as by `receiveAvailable`. `unread` is the count of `Word.unread` as it
   * was then.
   */
  receive(
    fd: number,
    length: number,
    wantsPassed?: boolean,
  ): [data: Uint8Array[], writes: number, passed: PassedDescriptor[], unread: number];
  /** Writes everything, whether there is room or not; nothing when nobody reads any more. */
  push(fd: number, data: Uint8Array): void;
  /** Takes what there is room for; `passed` travels along as with `sendDescriptor`. */
  writeAvailable(fd: number, data: Uint8Array, passed?: number): number;
  /** The whole file; EFBIG when it has more than `most` bytes, ENOMEM when it has more than one answer holds. */
  readFile(path: string, most?: number): Uint8Array;
  stat(path: string, follow: boolean): Stat;
  /** null instead of ENOENT or ENOTDIR. */
  statOrNull(path: string, follow: boolean): Stat | null;
  fstat(fd: number): Stat;
  /** Of the file system that holds the path: type, size of a block, blocks, free, available, files, free files. */
  statfs(path: string): number[];
  readdir(path: string): Entries;
  /**
   * All that lies in a folder, for a caller that asks for one after the other, and in those that it is likely to ask for next; null when
   * it is more than `most` entries; with `near` so many of those from that name on are told then. `used` are the folders of which the
   * caller has made use since the last time, and the files that it has read of what they brought with them, in that order.
   */
  neighbours(
    folder: string,
    most: number,
    read?: WantedContents,
    near?: string,
    used?: string[],
  ): [Neighbours, LikelyNext[]] | null;
  /** With `recursive`: the first folder that was made, else null. */
  mkdir(path: string, mode: number, recursive: boolean): string | null;
  rmdir(path: string): void;
  unlink(path: string): void;
  /** Both say of what kind it is, as `Entries` does. */
  rename(from: string, to: string): number;
  link(existing: string, path: string): number;
  symlink(target: string, path: string): void;
  readlink(path: string): string;
  realpath(path: string): string;
  /** Mode bits: R_OK 4, W_OK 2, X_OK 1, F_OK 0. */
  access(path: string, mode: number): void;
  chmod(path: string, mode: number): void;
  fchmod(fd: number, mode: number): void;
  chown(path: string, uid: number, gid: number, follow: boolean): void;
  fchown(fd: number, uid: number, gid: number): void;
  /** Times in milliseconds since the epoch. */
  utimes(path: string, atimeMs: number, mtimeMs: number, follow: boolean): void;
  futimes(fd: number, atimeMs: number, mtimeMs: number): void;
  ftruncate(fd: number, length: number): void;
  /** Flags: COPYFILE_EXCL 1. */
  copyFile(from: string, to: string, flags: number): void;
  /** The folder's path: `prefix` and six random characters. */
  mkdtemp(prefix: string): string;
  /** Removes a file or a whole tree; with `force` a missing path is no error. */
  remove(path: string, force: boolean): void;
  /** A descriptor of kind `watch`. */
  watch(path: string, recursive: boolean): number;
  /** Waits for the next event. */
  nextWatchEvent(fd: number): WatchEvent;

  // -- descriptors -----------------------------------------------------------------------------------------------
  /** [read end, write end]. With as much room as a socket, which natively stands between a process and its child. */
  pipe(isSocket?: boolean): [number, number];
  /** Two connected ends, each readable and writable. */
  socketpair(): [number, number];
  /**
   * As `write`; a duplicate of the caller's descriptor `passed` travels with the first byte (SCM_RIGHTS of Unix sockets).
   * ENOTSUP when `fd` is no socket.
   */
  sendDescriptor(fd: number, data: Uint8Array, passed: number): number;
  /** As `readAvailable` of a socket, with the descriptors that travelled with the first byte; it stops before the next that come with any. */
  receiveAvailable(fd: number, length: number): Received;
  dup(fd: number): number;
  /** Makes `to` a duplicate of `from`, closing `to` first. */
  dup2(from: number, to: number): void;
  descriptorKind(fd: number): DescriptorKind;
  /** Of a TCP socket or listener; what has no address there has null. */
  endpoints(fd: number): Endpoints;
  /** [columns, rows] of a terminal; ENOTTY else. */
  terminalSize(fd: number): [number, number];
  /** Raw until it is told otherwise, or the process ends: then as it was before. */
  setRawMode(fd: number, raw: boolean): void;
  terminalAttributes(fd: number): TerminalAttributes;
  setTerminalAttributes(fd: number, attributes: TerminalAttributes): void;
  /** Ctrl-C at the terminal signals this process group from now on, 0 the caller's. ENOTTY. */
  setForeground(fd: number, group: number): void;

  // -- processes -------------------------------------------------------------------------------------------------
  /** The child's pid. ENOENT, EACCES or ENOEXEC when it cannot be started. */
  spawn(request: SpawnRequest): number;
  /** The caller becomes another program: same pid, same group, the descriptors of `stdio`. Answers only when it fails, as `spawn`. */
  exec(request: SpawnRequest): never;
  /** Waits until the child has ended; ECHILD when `pid` is not a child of the caller or was waited for before. */
  wait(pid: number): ExitStatus;
  /** As `wait`, feeding and draining the child's pipes meanwhile: what `spawnSync` needs while its caller is blocked. */
  collect(pid: number, request: CollectRequest): Collected;
  /** `pid` < 0 signals the group; 0 the caller's; -1 whatever the client's command has started, but the caller. Signal 0 only checks. */
  kill(pid: number, signal: number): void;
  /** All there are, the oldest first. */
  processes(): ProcessInfo[];
  /** Never answers: the Worker is terminated. `steps`, a bit each, are those of `process/library/preload.ts` that the program used. */
  exit(code: number, steps?: number): never;
  /**
   * The caller's process ends with `code`, but what else runs in its Worker goes on as a process of its own, without a parent
   * (as what a shell has forked does). Answers its pid.
   */
  leave(code: number): number;
  /** Whether the process handles the signal itself (then it arrives as a `signal` event) instead of the default action. */
  handleSignal(signal: number, handled: boolean): void;
  /** How the process is listed from now on, in place of its command line. */
  setTitle(title: string): void;
  chdir(path: string): void;
  getcwd(): string;
  umask(mask: number | null): number;

  // -- loopback network ------------------------------------------------------------------------------------------
  /** Port 0 picks a free one; `::` takes IPv4 too unless it is restricted. EADDRINUSE, EADDRNOTAVAIL. */
  listen(host: string, port: number, backlog: number, options?: ListenOptions): { fd: number; port: number };
  /** A connection that was made; EAGAIN when there is none (see `poll`). */
  accept(fd: number): Connected;
  /** As `accept`, but waits for a connection; and whether more wait. */
  acceptNext(fd: number): [connected: Connected, more: boolean];
  /**
   * Answers after the listener has learnt of the connection. `from` is this side's address; port 0 picks a free one.
   * ECONNREFUSED when nobody listens; ENETUNREACH for what is not the loopback; EADDRINUSE when `from` is taken.
   */
  connect(host: string, port: number, from?: Endpoint): Connected;
  /** Listens on and connects to a path of the file system (a Unix domain socket); after a NUL it is a name outside of it. */
  listenPath(path: string, backlog: number): number;
  connectPath(path: string): number;
  /** Ends the writing side; the peer reads to the end. */
  shutdown(fd: number): void;
  /** What happened to a connection since it was made (ECONNRESET), if nobody was told yet. */
  takeError(fd: number): string | null;
  /** A UDP socket; `poll` waits for a message. */
  datagramSocket(): number;
  /** Its address; port 0 picks a free one. EADDRINUSE, EADDRNOTAVAIL, EINVAL. */
  bindDatagram(fd: number, at: Endpoint, options?: BindOptions): Endpoint;
  /** False when nobody is bound there: the message is lost. Binds the socket where it is not. ENETUNREACH, EMSGSIZE. */
  sendDatagram(fd: number, data: Uint8Array, to: Endpoint): boolean;
  /** EAGAIN when there is none. */
  receiveDatagram(fd: number): { data: Uint8Array; from: Endpoint };
  /** Makes the next `close` of this connection a reset: the peer's reads and writes fail with ECONNRESET. */
  reset(fd: number): void;

  // -- threads ---------------------------------------------------------------------------------------------------
  // A thread makes system calls as its process does, with the same descriptors and the same working directory; `exit`
  // ends the thread alone.
  /** Id of a thread that is yet to be started by the caller. The port is the thread's from now on. */
  createThread(port: number): number;
  /** EAGAIN when there are too many. */
  startThread(request: ThreadRequest): void;
  /** ESRCH when it has ended. */
  stopThread(id: number): void;
  /** Memory that all threads of the process will have: see `process/threads/message-memory.ts`. An asynchronous call only. */
  shareMemory(memory: SharedArrayBuffer): void;
  /** Makes both ends of a channel of the caller known to the other threads; the ids are the caller's choice. */
  openPorts(one: number, other: number): void;
  /** A port that hears every other port of that name in the process. */
  joinPort(id: number, name: string): void;
  /** Sends to the port's other end. With `shared` objects it must be an asynchronous call. */
  postToPort(id: number, message: PortMessage, shared: unknown[] | null): void;
  /** What has arrived for ports of the caller, so much at a time (`MAX_TAKEN`). */
  takeMessages(): TakenMessage[];
  /** Puts a message back at the head of the queue of a port that is about to be sent to another thread. */
  giveBackMessage(id: number, message: PortMessage | null, shared: unknown[] | null): void;
  closePort(id: number): void;
  /** The caller's environment is one that threads can have in common from now on: `NAME=value`. */
  shareEnvironment(entries: string[]): void;
  /** EINVAL when the caller's is not shared. */
  readEnvironment(): string[];
  setVariable(name: string, value: string | null): void;
  /** The descriptor came in a message: it is closed when the calling thread ends. */
  ownDescriptor(fd: number): void;

  // -- the client --------------------------------------------------------------------------------------------------
  /** Tells the client: `xdg-open` what to open, `code` the arguments of the editor's command. */
  announce(topic: Announcement, words: string[]): void;

  // -- the runtime itself ------------------------------------------------------------------------------------------
  /** An optional part of the runtime (`optional-parts.ts`), fetched when it is first asked for. ENOENT, EIO. */
  runtimePart(name: string): Uint8Array;
  /**
   * What must be edited in a source (`source-transforms.ts`), as JSON. Null: it does not parse, or it is not large and not known yet, and
   * the caller parses it by itself. EIO.
   */
  transform(kind: SourceKind, source: Uint8Array): Uint8Array | null;
  /** The id of what was compiled of these bytes, among the modules of a launch (`compiled-modules.ts`); null when there is none. */
  knownModule(bytes: Uint8Array): number | null;
  /** WebAssembly that the caller has compiled, to be compiled for the processes after it. */
  keepModule(bytes: Uint8Array): void;
}

export const ANNOUNCEMENTS = ['xdg-open', 'code'] as const;
export type Announcement = (typeof ANNOUNCEMENTS)[number];

export type SyscallName = keyof Syscalls;

export interface ProcessInfo {
  pid: number;
  ppid: number;
  group: number;
  session: number;
  argv: string[];
  startedMs: number;
  /** It has ended, and its parent has not waited for it yet. */
  ended: boolean;
  /** The ports that it waits for connections at. */
  listening: ListeningPort[];
}

export interface ListeningPort extends Endpoint {
  fd: number;
}

/** What the kernel sends to a process unasked. */
export type KernelEvent =
  | { type: 'signal'; signal: number }
  | { type: 'resize' }
  /** A thread that the caller started has ended. */
  | { type: 'thread-ended'; id: number; exitCode: number; reason: string | null }
  /** The objects of a message that was taken: SharedArrayBuffers, WebAssembly modules. */
  | { type: 'shared'; key: number; objects: unknown[] };
