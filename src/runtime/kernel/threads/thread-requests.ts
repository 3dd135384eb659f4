/** What threads of a process ask of the kernel: to be started, and to carry their messages. */

/** A message on its way between two ports. */
export interface PortMessage {
  /** Counts the messages of one direction of a channel: some reach the receiver past the kernel. */
  number: number;
  /** The value, and the data of its host objects, in V8's format. */
  data: Uint8Array;
  /** What each host object is made of: see `process/threads/message.ts`. */
  hosts: string[];
  /** Contents of the transferred buffers. */
  buffers: Uint8Array[];
  /** Ids of the transferred ports: the taker's from the moment it takes the message. */
  ports: number[];
  /** Pairs of ids: channels of the sender that the kernel does not know yet. */
  opened: number[];
  /** Key of the objects that arrive in a `shared` event, 0 for none. */
  shared: number;
}

/** `message` null: the other end was closed. */
export interface TakenMessage {
  port: number;
  message: PortMessage | null;
}

/** What `startThread` starts. */
export interface ThreadRequest {
  id: number;
  name: string;
  /** The thread's end of the channel to its parent: the one it was created with. */
  port: number;
  /** One of Node's own threads (loader hooks). */
  isInternal: boolean;
  /** As `process.execArgv` of the thread. */
  execArgv: string[];
  nodeOptions: string;
  /** As `NAME=value`. */
  env: string[];
  /** It has the environment of the thread that starts it, which must have called `shareEnvironment`. */
  sharesEnvironment: boolean;
  /** False leaves files that the thread has opened with `open` open at its end. */
  closesFiles: boolean;
  /** In the order of Node's constants kMaxYoungGenerationSizeMb …; reported, not enforced. */
  resourceLimits: number[];
  /** When the process started, in milliseconds since 1970: where the clock of `performance` begins. */
  timeOrigin: number;
}
