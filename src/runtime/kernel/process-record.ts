/** A process, as the kernel keeps it. */
import { DescriptorTable } from './description.ts';
import type { DirectoryInode } from './file-system/inode.ts';
import type { Place } from './file-system/lookup.ts';
import type { ProcessChannel } from './process-channel.ts';
import type { ExitStatus, ProgramImage } from './syscalls.ts';
import { type Caller, type Waiter, WaitQueue } from './wait-queue.ts';

export interface ProcessIdentity {
  pid: number;
  group: number;
  /** Pid of the process that the client started: this one, or an ancestor. */
  session: number;
}

export class ProcessRecord implements Place, Caller {
  /** Changes in `leave` alone. */
  pid: number;
  group: number;
  readonly session: number;
  /** null: the client, or a parent that has ended; then nobody waits for it. */
  parent: ProcessRecord | null;
  image: ProgramImage;
  readonly root: DirectoryInode;
  cwd: DirectoryInode;
  umask: number;
  readonly descriptors = new DescriptorTable();
  readonly waiting = new Set<Waiter>();
  readonly handledSignals = new Set<number>();
  readonly children = new Map<number, ProcessRecord>();
  /** Who waits for its end. */
  ended = new WaitQueue();
  status: ExitStatus | null = null;
  /** Absent until its Worker is attached. */
  channel: ProcessChannel | null = null;
  terminate: () => void = () => undefined;

  constructor(identity: ProcessIdentity, origin: { parent: ProcessRecord | null; image: ProgramImage; place: Place }) {
    this.pid = identity.pid;
    this.group = identity.group;
    this.session = identity.session;
    this.parent = origin.parent;
    this.image = origin.image;
    this.root = origin.place.root;
    this.cwd = origin.place.cwd;
    this.umask = origin.place.umask;
  }
}
