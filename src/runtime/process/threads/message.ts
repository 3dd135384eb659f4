import { Fifo } from '../fifo.ts';

/** A message between two ports: bytes in V8's format, and beside them what is moved or shared instead of copied. */
export interface Message {
  /** Counts the messages of one direction of a channel between two threads. */
  number: number;
  /** The value, then the contents of its host objects of Node's library, one after the other. */
  data: Uint8Array;
  /**
   * What the host objects of the value are made of: `port` (the next of `ports`), `library:` and the place of a class in Node's
   * library (`internal/blob:Blob`), or `native:` and the name of a binding's class.
   */
  hosts: string[];
  buffers: ArrayBuffer[];
  ports: PortState[];
  /** Objects that both sides have from now on; null while they are under way. */
  shared: unknown[] | null;
}

/** null: the other end was closed. */
export type Queued = Message | null;

/** One end of a channel whose messages pass without the kernel. Each has a number, whichever way it goes. */
export interface Channel {
  /** The number of the next message that is sent. */
  nextNumber(): number;
  /** The number of the message that this end takes next. */
  expected: number;
  /** So many messages to this end were sent, and taken, before the channel was made. */
  skip(count: number): void;
  /** False when the message must go through the kernel. */
  send(message: Message): boolean;
  /** The next message that lies there; null when there is none. */
  take(): Message | null;
  /** This end is the thread's, which hears of what is sent here from now on; null while it is under way. */
  belongTo(thread: number | null): void;
  close(): void;
  /** The other end was closed, or its thread has ended and could not close it. */
  otherClosed(): void;
}

/** One end of a message channel, whether or not this thread has an object for it. */
export interface PortState {
  /** The way past the kernel, of a channel between threads. */
  channel: Channel | null;
  /** Messages that have overtaken others, by their numbers. */
  readonly early: Map<number, Message>;
  /** Number among all threads of the process; 0 while only this thread knows the channel. */
  id: number;
  /** The other end, while it is in this thread and no other thread knows of it. */
  sibling: PortState | null;
  /** What has arrived and is not delivered yet. */
  readonly queue: Fifo<Queued>;
  /** Called when something has arrived; null while no object stands for the port. */
  onArrival: (() => void) | null;
  closed: boolean;
}

export function createPortState(id = 0): PortState {
  return { id, channel: null, early: new Map(), sibling: null, queue: new Fifo(), onArrival: null, closed: false };
}
