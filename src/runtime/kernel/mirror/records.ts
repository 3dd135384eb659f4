/** What is kept of the file system outside of the sandbox's process, for the kernel that comes when that process has died. */

/** What was mounted is there already, as it came. */
export interface PartOfMount {
  /** Its number, as the client's page gave it. */
  readonly mount: number;
  readonly at: number;
  readonly length: number;
}

/** Of what is long, a blob: the browser keeps it, in a process of its own, and on the disk where it is much. */
export type Bytes = Uint8Array | Blob;

/** An inode. Its number is the same with every kernel. */
export interface InodeRecord<Content = Bytes> {
  readonly number: number;
  /** With the bits of its type. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Milliseconds since the epoch: of access, of modification, of change, of birth. */
  readonly times: readonly [number, number, number, number];
  /** A file's; absent when it is as it was told before. */
  readonly content?: FileContent<Content>;
  /** A folder's, by name. */
  readonly entries?: ReadonlyMap<string, number>;
  /** A symbolic link's. */
  readonly target?: string;
}

export interface FileContent<Content = Bytes> {
  readonly size: number;
  /** What is in none of them is zero. */
  readonly parts: readonly ContentPart<Content>[];
  /** The parts that were told before are still there, but for those at the same positions. */
  readonly adds?: true;
}

export interface ContentPart<Content = Bytes> {
  readonly position: number;
  readonly bytes: Content;
}

export type ToldRecord = InodeRecord<Bytes | PartOfMount>;

/** What has happened since the last one. */
export interface MirrorChange {
  readonly changed: readonly ToldRecord[];
  /** Numbers of inodes that nothing leads to any more. */
  readonly gone: readonly number[];
  /** Numbers of mounts of which all was told. */
  readonly mounts: readonly number[];
}

/** Keeps what it is told. The next change is told when it has answered. */
export type MirrorStore = (change: MirrorChange) => Promise<void> | void;
