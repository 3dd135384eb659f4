/** What a process Worker is started with, and what it is told before it asks. */
import type { CompiledModule } from './compiled-modules.ts';
import type { DescriptorKind } from './descriptors.ts';
import type { Stat } from './syscalls.ts';
import type { ThreadRequest } from './threads/thread-requests.ts';

/** An answer, or the errno of the call, to a question about files that was not asked yet. */
export interface ForeseenAnswer {
  kind: 'stat' | 'linkStat' | 'content';
  path: string;
  value: Stat | Uint8Array | null;
  code: string | null;
  /** It is true while the stamps of these indices have this sum (`channel/stamps.ts`). */
  indices: number[];
  sum: number;
}

/** What is answered before it is asked: see `look-ahead.ts`. */
export interface Foreknowledge {
  answers: ForeseenAnswer[];
  /** Null where the call fails. */
  cwd: string | null;
  /** Of the standard streams. */
  kinds: (DescriptorKind | null)[];
}

/** What a process Worker is started with. A prewarmed Worker boots without it and waits for it. */
export interface Launch {
  pid: number;
  ppid: number;
  argv: readonly string[];
  /** Absolute path of the program that runs (`process.execPath`). */
  execPath: string;
  env: string[];
  cwd: string;
  /** What the process was given open; a program of Node asks for what it needs. */
  descriptors?: number[];
  known?: Foreknowledge;
  /** What other processes have compiled. */
  modules?: CompiledModule[];
  /** Both are absent in the main thread. */
  thread?: ThreadRequest;
  /** What a thread of the process has shared with `shareMemory`. */
  memory?: SharedArrayBuffer | null;
}

/** The programs a Worker can boot: Node's library, or the shell with its utilities (argv[0]'s name picks which). */
export type ProgramImage = 'node' | 'shell';

/** What a Worker can boot as: a program, or a thread of Node. */
export type WorkerImage = ProgramImage | 'thread';

/**
 * An executable file whose content starts with this line is a built-in program: the rest of the line names its image.
 * So `which`, symbolic links and `ls -l` see real files.
 */
export const IMAGE_MAGIC = '#!fixpoint-image ';
