/**
 * The shared memory of a process's synchronous calls: a few control words, then a window through which requests and
 * answers pass, in pieces when they are longer than the window; and two rings, one each way, for what nobody blocks on.
 *
 *     process: request-part* request  ->  kernel: taken* … answer  ->  process: more, kernel: answer, …
 */

import type { SyscallName } from '../syscalls.ts';
import { STAMPS } from './stamps.ts';
import { WriteBehindRing } from './write-behind.ts';

/** Indices of the control words (Int32). */
export const Word = {
  state: 0,
  /** Bytes of the piece that lies in the window. */
  length: 1,
  /** Bytes of the whole answer. */
  total: 2,
  /** How many asynchronous calls the process has posted on the port. */
  asyncCalls: 3,
  status: 4,
  /** Counts the arrivals of messages for ports of this thread. */
  inbox: 6,
  /** Counts the changes of the environment that the thread shares with others. */
  environmentVersion: 5,
  /** Of the ring of writes that nobody waits for: see `write-behind.ts`. */
  behindHead: 7,
  behindTail: 8,
  /** A write of the ring failed: the process must make the call to learn why. */
  behindFailed: 9,
  /**
   * How many stamps the answer depends on; 0 when it must not be kept. The words from `dependencies` on are the numbers of the inodes, in
   * the order in which a lookup met them, or, negative, indices of stamps.
   */
  stampCount: 10,
  /** The sum of those stamps when the kernel answered. */
  stampSum: 11,
  /** How many notes go before the request: pairs of a descriptor and a new offset, or -1 that closes it. */
  noteCount: 12,
  /** Of the ring of the kernel's answers to asynchronous calls. */
  answerHead: 13,
  answerTail: 14,
  /** Counts the messages of the port that each side has taken: what is sent otherwise must not overtake one. */
  kernelTook: 15,
  processTook: 16,
  /** Counts the ends of pipes and connections that were closed, of all processes: a write may find nobody who reads. */
  breaks: 17,
  /** Counts what has arrived while nobody waited for it: what the process asks for quietly may be there already. */
  unread: 18,
  /** Not 0 while the process may write to files without waiting: nobody can tell the difference, and there is room on the disk. */
  mayPost: 19,
  /** Counts the begins and ends of the program's work: odd while its loop runs, even while it waits. */
  work: 20,
  /** Not 0 while the kernel looks at the ring soon without being woken: see `process-channel.ts`. */
  attentive: 21,
  /** Of a file that the process looked at: its stamp before and behind that. */
  stampBefore: 22,
  stampAfter: 23,
  /** Numbers for the inodes that the process makes without waiting: from the first to before the second. */
  reservedFrom: 24,
  reservedEnd: 25,
  /** The inodes with lower numbers belong to the system. */
  firstOwn: 26,
  /** What the process masks of the permissions of what it makes. */
  umask: 27,
  /** Not 0 while the process waits for so many bytes of room for what it puts behind. */
  roomWanted: 28,
  /** As `breaks`, of what is no connection. */
  pipeBreaks: 29,
  dependencies: 30,
  notes: 94,
  /** `stamps.ts`. */
  stamps: 158,
} as const;

/** Numbers of inodes from here on do not fit into a word. */
export const MAX_NUMBER = 2 ** 31;
/** So many dependencies and notes (pairs) there is room for. */
export const MAX_DEPENDENCIES = 64;
export const MAX_NOTES = 32;

export const State = { idle: 0, request: 1, requestPart: 2, taken: 3, answer: 4, more: 5, closed: 6 } as const;

/** What an answer is: an encoded value, plain bytes, an encoded `[code, message]`, a packed `Stat`, or one with bytes behind it. */
export const Status = { value: 0, bytes: 1, error: 2, stat: 3, look: 4 } as const;

const HEADER_BYTES = 4 * (Word.stamps + STAMPS);
/** What a process reads or writes of a file in one call. */
export const TRANSFER_BYTES = 1 << 20;
/** Room for that, and for the rest of the request. The browser gives memory only to what is used of it. */
export const WINDOW_BYTES = TRANSFER_BYTES + 4096;
/** A longer request is no request. */
export const MAX_REQUEST_BYTES = 512 * 1024 * 1024;

/**
 * In the ring of the process, in place of a descriptor: an encoded `[id, number, notes, …arguments]` of a call that will be
 * answered, or `[number, notes, …arguments]` of one whose answer nobody wants. In the ring of answers stands the call's id there;
 * negative, when what follows is an encoded `[code, message]`.
 */
export const Behind = {
  call: -1,
  send: -2,
  /**
   * A write to a file by its descriptor, or to the one that was appended to by its inode's number (`FileWrite` of `write-behind.ts`).
   * The process has moved its own stamps for it.
   */
  write: -3,
  appendAgain: -4,
  /**
   * An encoded `[reserved, time, number, …arguments]` of a call that changes names: it is certain to succeed, and the process has moved its
   * own stamps for it. It happens at the time that the process says. What it makes gets the reserved number.
   */
  change: -5,
  /** An encoded `[time, number, notes, …arguments]` of what else changes files, as of `send`: the kernel need not be woken for each. */
  post: -6,
} as const;
/** What is longer goes on the port. */
export const MAX_BEHIND_BYTES = 16 * 1024;
/** Likewise of the kernel's answers: what a pipe holds goes beside it. */
export const MAX_ANSWER_BYTES = 257 * 1024;

/** Powers of two. The browser gives memory to what is used of them. The rings of all processes hold less than `TIGHT_BYTES` of the disk. */
const RING_BYTES = 4 * 1024 * 1024;
const ANSWER_RING_BYTES = 512 * 1024;
/** Of the first one, what is not written to files. */
const APPENDED_BYTES = 64 * 1024;
/** So much of it one write to a file may take, and so much of several is made at once. */
export const MAX_POSTED_BYTES = 64 * 1024;

const made = new WeakSet<ArrayBufferLike>();

export function createSyncMemory(): SharedArrayBuffer {
  const memory = new SharedArrayBuffer(HEADER_BYTES + WINDOW_BYTES + RING_BYTES + ANSWER_RING_BYTES);
  made.add(memory);
  return memory;
}

/** Memory for bytes on their way: as of that of a process, whoever takes them copies them at once. */
export function createPassage(length: number): Uint8Array {
  const memory = new SharedArrayBuffer(length);
  made.add(memory);
  return new Uint8Array(memory);
}

/** Whether this is memory that was made here: what comes in a message never is. */
export const isSyncMemory = (buffer: ArrayBufferLike): boolean => made.has(buffer);

interface SyncViews {
  words: Int32Array<SharedArrayBuffer>;
  window: Uint8Array;
  ring: WriteBehindRing;
  answers: WriteBehindRing;
}

export function viewsOf(memory: SharedArrayBuffer): SyncViews {
  const words = new Int32Array(memory, 0, HEADER_BYTES / 4);
  const ring = new Uint8Array(memory, HEADER_BYTES + WINDOW_BYTES, RING_BYTES);
  const answers = new Uint8Array(memory, HEADER_BYTES + WINDOW_BYTES + RING_BYTES, ANSWER_RING_BYTES);
  return {
    words,
    window: new Uint8Array(memory, HEADER_BYTES, WINDOW_BYTES),
    ring: new WriteBehindRing({
      words,
      head: Word.behindHead,
      tail: Word.behindTail,
      ring,
      appendLimit: APPENDED_BYTES,
      roomWanted: Word.roomWanted,
    }),
    answers: new WriteBehindRing({ words, head: Word.answerHead, tail: Word.answerTail, ring: answers }),
  };
}

/** Every call, once; its place here is its number on the wire. */
const calls: Record<SyscallName, true> = {
  open: true,
  close: true,
  read: true,
  write: true,
  readFile: true,
  stat: true,
  statOrNull: true,
  fstat: true,
  readdir: true,
  mkdir: true,
  rmdir: true,
  unlink: true,
  rename: true,
  link: true,
  symlink: true,
  readlink: true,
  realpath: true,
  access: true,
  chmod: true,
  fchmod: true,
  chown: true,
  fchown: true,
  utimes: true,
  futimes: true,
  ftruncate: true,
  copyFile: true,
  mkdtemp: true,
  remove: true,
  watch: true,
  nextWatchEvent: true,
  pipe: true,
  socketpair: true,
  dup: true,
  dup2: true,
  descriptorKind: true,
  endpoints: true,
  terminalSize: true,
  setRawMode: true,
  terminalAttributes: true,
  setTerminalAttributes: true,
  spawn: true,
  wait: true,
  kill: true,
  exit: true,
  handleSignal: true,
  setTitle: true,
  chdir: true,
  getcwd: true,
  umask: true,
  listen: true,
  accept: true,
  connect: true,
  listenPath: true,
  connectPath: true,
  shutdown: true,
  collect: true,
  poll: true,
  sendDescriptor: true,
  receiveAvailable: true,
  setForeground: true,
  exec: true,
  leave: true,
  readAvailable: true,
  writeAvailable: true,
  reset: true,
  takeError: true,
  createThread: true,
  startThread: true,
  stopThread: true,
  openPorts: true,
  joinPort: true,
  postToPort: true,
  takeMessages: true,
  giveBackMessage: true,
  closePort: true,
  ownDescriptor: true,
  runtimePart: true,
  transform: true,
  announce: true,
  openFile: true,
  writeFile: true,
  seek: true,
  shareEnvironment: true,
  readEnvironment: true,
  setVariable: true,
  statfs: true,
  datagramSocket: true,
  bindDatagram: true,
  sendDatagram: true,
  receiveDatagram: true,
  reopen: true,
  receive: true,
  push: true,
  processes: true,
  shareMemory: true,
  acceptNext: true,
  neighbours: true,
  knownModule: true,
  keepModule: true,
  appendAgain: true,
  look: true,
  changePath: true,
  changeAgain: true,
  openAs: true,
  listNames: true,
  reserve: true,
  discard: true,
  awaitOpen: true,
  mkfifo: true,
  flock: true,
};
const names = Object.keys(calls) as SyscallName[];
const numbers = Object.fromEntries(names.map((name, number) => [name, number])) as Record<SyscallName, number>;

export function numberOfCall(name: SyscallName): number {
  return numbers[name];
}

export function nameOfCall(number: number): SyscallName | undefined {
  return names[number];
}
