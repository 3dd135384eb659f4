import type { InodeRecord, MirrorStore } from '../mirror/records.ts';
import type { TransformStore } from '../source-transforms.ts';

/** What the headless page asks of the kernel. It travels through Comlink, so every answer is a promise there. */
import type { Announcement } from '../syscalls.ts';

export interface KernelBoot {
  type: 'boot';
  /** Comlink endpoint of {@link KernelClient}. */
  port: MessagePort;
  /** Scripts of the process Workers. */
  programs: { node: Blob; shell: Blob };
  /** Drives a Worker of the program `node` that boots already: `../processes/program-worker.ts`. */
  firstWorker: MessagePort;
  /** Absolute path of the client's working directory. */
  workdir: string;
  /** Of the machine, as the browser rounds it: 8 stands for all above. Undefined where it does not tell. */
  memoryGigabytes: number | undefined;
}

/** `merged`: stdout and stderr in their order, both as descriptor 1. `split`: each as its own, without order between them. */
export type OutputFrames = 'merged' | 'split';

export interface ClientCommand {
  command: string;
  args: string[];
  /** Absolute path. */
  cwd: string;
  env: Record<string, string>;
  terminal?: { cols: number; rows: number };
  /** Without a terminal, how its output arrives: see `output-frames.ts`. Bare bytes, stdout and stderr in their order, when absent. */
  frames?: OutputFrames;
}

export type OutputListener = (chunk: Uint8Array) => Promise<void> | void;

export interface FileEntry {
  name: string;
  /** libuv's: 1 a file, 2 a folder, 3 a link. The client knows the first two, and takes what has another for neither. */
  type: number;
}

export interface ListedFile {
  /** Relative; a folder's ends with a slash. */
  path: string;
  /** As `stat` gives it: it tells what it is. */
  mode: number;
  /** Of a link its target. */
  content: Uint8Array;
}

/** Globs, by path relative to the folder. What `excludes` leaves out `includes` brings back. */
export interface Selection {
  includes?: string[];
  excludes?: string[];
  /** At most so many bytes of each file. */
  head?: number;
}

/** Errors carry `code`, and a message as Node's. Paths are absolute. */
export interface KernelClient {
  readFile(path: string): Uint8Array;
  writeFile(path: string, data: Uint8Array): void;
  readdir(path: string): FileEntry[];
  /** With `recursive`: the first folder that was made, if any was. */
  mkdir(path: string, recursive: boolean): string | undefined;
  rm(path: string, options: { recursive: boolean; force: boolean }): void;
  rename(from: string, to: string): void;
  /** A number for `unwatch`. */
  watch(
    path: string,
    recursive: boolean,
    listener: (type: 'rename' | 'change', name: string) => Promise<void> | void,
  ): number;
  unwatch(id: number): void;
  /** A tree in the client's internal format, as JSON text or as a binary snapshot: see `tree.ts`. `number`: the mirror's for these bytes. */
  mount(path: string, tree: Uint8Array, number: number): Promise<void>;
  /** The tree below a folder in that format. EFBIG: it is more than can be sent. */
  serialize(path: string, format: 'json' | 'binary', selection: Selection): Promise<Uint8Array>;
  /** The files and links below a folder, and the folders that have nothing in them; or the one file. EFBIG. */
  listFiles(path: string, selection: Selection): ListedFile[];
  /**
   * The pid; fails as `chdir` when the folder is none. Each chunk of output is handed over when the one before was acknowledged; chunks end
   * at borders of characters.
   */
  start(command: ClientCommand, output: OutputListener): number;
  /** Resolves with the exit code (128 + n after signal n) when the process has ended and its output is delivered. */
  exitOf(pid: number): Promise<number>;
  writeInput(pid: number, data: Uint8Array): void;
  kill(pid: number): void;
  resize(pid: number, columns: number, rows: number): void;
  /** A TCP connection to a port of the sandbox, and its number. ECONNREFUSED. */
  connect(port: number): number;
  /** What has arrived, waiting for it; empty when the server has ended its side. ECONNRESET. */
  receive(connection: number): Promise<Uint8Array>;
  /** Resolves when the connection had room for everything. EPIPE. */
  transmit(connection: number, data: Uint8Array): Promise<void>;
  /** Ends this side. */
  finish(connection: number): void;
  /** Ends both sides and frees the number. */
  disconnect(connection: number): void;
  /** Told what programs do that the client may want to know, in order. */
  onProgramEvents(listener: (events: ProgramEvent[]) => void): void;
  /** Told, in one sentence, of defects of the kernel itself. */
  onDefect(listener: (message: string) => void): void;
  /** Where the runtime's optional parts come from. */
  setPartLoader(loader: (name: string) => Promise<Uint8Array>): void;
  /** Keeps what the transformer finds, for the next kernel. */
  setTransformStore(store: TransformStore): void;
  /**
   * Node's library, as `library/pack-library.ts` packs it; copied into memory that all processes share. It is by far the largest part:
   * Workers are made, and read their scripts, while it is on its way.
   */
  setLibrary(library: Blob): void;
  /** Puts back what a mirror has kept of another kernel's files, before anybody uses this one; `isLast`: there is no more. */
  restoreFiles(records: readonly InodeRecord[], isLast: boolean): Promise<void>;
  /** Told, from now on, what changes in the file system. */
  setMirror(store: MirrorStore): void;
  /** What the kernel holds, for those who look for leaks. */
  counters(): KernelCounters;
  shutDown(): void;
}

/** A port that opens or closes; and what is announced, see `announce` of the system calls: the words are the guest's. */
export type ProgramEvent =
  | { type: 'port'; port: number; state: 'open' | 'close' }
  | { type: 'announce'; topic: Announcement; words: string[] };

export interface KernelCounters {
  processes: number;
  /** Of all processes. */
  descriptors: number;
  /** In pipes and sockets. */
  queuedBytes: number;
  watchers: number;
  /** Commands of the client that have not been waited for. */
  commands: number;
}
