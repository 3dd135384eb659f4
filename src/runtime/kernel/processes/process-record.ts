/** A process, as the kernel keeps it. */

import type { ProcessChannel } from '../channel/process-channel.ts';
import { DescriptorTable } from '../description.ts';
import type { TerminalDescription } from '../descriptions/terminal.ts';
import type { DirectoryInode } from '../file-system/inode.ts';
import type { Place } from '../file-system/lookup.ts';
import type { ProgramImage } from '../launch.ts';
import type { ExitStatus } from '../syscalls.ts';
import type { TerminalAttributes } from '../terminal-attributes.ts';
import { Threads } from '../threads/threads.ts';
import { WaitQueue } from '../wait-queue.ts';

export interface ProcessIdentity {
  pid: number;
  group: number;
  /** Pid of the process that the client started: this one, or an ancestor. */
  session: number;
}

export class ProcessRecord implements Place {
  /** Changes in `leave` alone. */
  pid: number;
  group: number;
  readonly session: number;
  /** null: the client, or a parent that has ended; then nobody waits for it. */
  parent: ProcessRecord | null;
  image: ProgramImage;
  /** Path of the program that runs. */
  execPath: string;
  /** Of the program that runs. */
  argv: readonly string[];
  readonly startedMs = Date.now();
  readonly root: DirectoryInode;
  cwd: DirectoryInode;
  umask: number;
  visited: number[] | null = null;
  readonly descriptors = new DescriptorTable();
  readonly handledSignals = new Set<number>();
  readonly children = new Map<number, ProcessRecord>();
  /** What a process without a Worker waits for: it ends when this child does. */
  command: ProcessRecord | null = null;
  /** Who waits for its end. */
  ended = new WaitQueue();
  /** The terminal that it has put into raw mode, and how it was before. */
  rawTerminal: { terminal: TerminalDescription; before: TerminalAttributes } | null = null;
  status: ExitStatus | null = null;
  threads = new Threads();

  constructor(
    identity: ProcessIdentity,
    origin: {
      parent: ProcessRecord | null;
      program: Readonly<Pick<ProcessRecord, 'image' | 'execPath' | 'argv'>>;
      place: Place;
    },
  ) {
    this.pid = identity.pid;
    this.group = identity.group;
    this.session = identity.session;
    this.parent = origin.parent;
    this.image = origin.program.image;
    this.execPath = origin.program.execPath;
    this.argv = origin.program.argv;
    this.root = origin.place.root;
    this.cwd = origin.place.cwd;
    this.umask = origin.place.umask;
  }

  /** Of its main thread; absent until the Worker is attached. */
  get channel(): ProcessChannel | null {
    return this.threads.main.channel;
  }

  leaveRawMode(): void {
    if (this.rawTerminal) this.rawTerminal.terminal.attributes = this.rawTerminal.before;
    this.rawTerminal = null;
  }
}
