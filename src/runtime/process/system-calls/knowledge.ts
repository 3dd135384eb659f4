/** What the calls of a process know and work with. */
import type { FileWrite } from '../../kernel/channel/write-behind.ts';
import type { DescriptorKind } from '../../kernel/descriptors.ts';
import type { SyscallName, Syscalls } from '../../kernel/syscalls.ts';
import type { Dependencies, FileCache } from './file-cache.ts';
import type { KnownFolders } from './known-folders.ts';
import type { KnownNames } from './known-names.ts';
import type { KnownStats } from './known-stats.ts';
import type { OpenFiles } from './open-files.ts';

/** Asks the kernel. */
export type Ask = <Name extends SyscallName>(
  name: Name,
  args: Parameters<Syscalls[Name]>,
) => ReturnType<Syscalls[Name]>;

export interface Knowledge {
  cache: FileCache;
  folders: KnownFolders;
  names: KnownNames;
  changes: NameChanges;
  files: OpenFiles;
  stats: KnownStats;
  ask: Ask;
  /** As `ask`; bytes that it answers are valid until the next call. */
  askToLook: Ask;
  /** What the kernel has said before it was asked: the first answer, and those for standard streams until they are closed. */
  cwd: string | null;
  kinds: Map<number, DescriptorKind>;
  /** Where relative paths begin; null where another thread may change that. */
  home: RelativePaths | null;
  /** Milliseconds since the epoch: when what is not waited for happens. */
  now(): number;
  /** Whether nobody could tell that the process does not wait for what cannot fail. */
  mayPost(): boolean;
  /** Writes to a file without waiting for it; false when it must be waited for. The caller moves the stamps of the file. */
  postWrite(write: FileWrite): boolean;
  /** Makes a call that cannot fail without waiting for it; false when it must be waited for. */
  post<Name extends SyscallName>(name: Name, args: Parameters<Syscalls[Name]>): boolean;
  /** On what the kernel's last answer depends; null when it must not be kept. */
  dependencies(): Dependencies | null;
}

export interface RelativePaths {
  /** The arguments with absolute paths, where these are certain. */
  atRoot<Args extends readonly unknown[]>(name: SyscallName, args: Args): Args;
  absolute(path: string): string;
  /** The working directory is another one. */
  forget(): void;
}

/** What a process does to names without waiting for it. */
export interface NameChanges {
  /** Whether it may, as far as can be told before. */
  mayChange(): boolean;
  /** False when it must be waited for. What the call makes gets the number, 0 where it makes nothing. */
  change<Name extends SyscallName>(name: Name, args: Parameters<Syscalls[Name]>, made: MadeNow): boolean;
  /** The number of an inode that is to be made; 0 when none is left. */
  nextNumber(): number;
  /** Whether it is no part of the system, which may refuse. */
  isOwn(number: number): boolean;
  /** What of these permissions is not masked. */
  permissionsOf(mode: number): number;
}

export interface MadeNow {
  number: number;
  time: number;
}
