/** A message between two ports: bytes in V8's format, and beside them what is moved or shared instead of copied. */
export interface Message {
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

/** One end of a message channel, whether or not this thread has an object for it. */
export interface PortState {
  /** Number among all threads of the process; 0 while only this thread knows the channel. */
  id: number;
  /** The other end, while it is in this thread and no other thread knows of it. */
  sibling: PortState | null;
  /** What has arrived and is not delivered yet. */
  readonly queue: Queued[];
  /** Called when something has arrived; null while no object stands for the port. */
  onArrival: (() => void) | null;
  closed: boolean;
}

export function createPortState(id = 0): PortState {
  return { id, sibling: null, queue: [], onArrival: null, closed: false };
}
