/**
 * The Worker of a program, as the kernel drives it. The kernel makes its own; the very first is made by the frame around the kernel,
 * beside the kernel's own Worker, and driven from afar: a browser takes its time for each, and the first program waits for both.
 */

export interface ProgramWorker {
  onMessage: ((data: unknown) => void) | null;
  /** It did not start, or an error reached its end: the browser's words, which may be none. */
  onFailure: ((message: string) => void) | null;
  post(message: unknown, transfer?: MessagePort[]): void;
  terminate(): void;
}

/** To the frame. Ports within `message` are transferred beside it. */
type Order = { type: 'post'; message: unknown } | { type: 'terminate' };
/** From the frame. */
type Report = { type: 'message'; data: unknown } | { type: 'failure'; message: string };

export function makeWorker(url: string): ProgramWorker {
  const worker = new Worker(url);
  const made: ProgramWorker = {
    onMessage: null,
    onFailure: null,
    post: (message, transfer = []) => worker.postMessage(message, transfer),
    terminate: () => worker.terminate(),
  };
  worker.onmessage = ({ data }: MessageEvent<unknown>) => made.onMessage?.(data);
  worker.onerror = (event) => {
    // It would be an error of whoever made it, too.
    event.preventDefault();
    made.onFailure?.(event.message);
  };
  return made;
}

/** The Worker that {@link lendWorker} lends at the other end of the port. */
export function borrowWorker(port: MessagePort): ProgramWorker {
  const give = (order: Order, transfer: MessagePort[] = []) => port.postMessage(order, transfer);
  const borrowed: ProgramWorker = {
    onMessage: null,
    onFailure: null,
    post: (message, transfer) => give({ type: 'post', message }, transfer),
    terminate: () => give({ type: 'terminate' }),
  };
  port.onmessage = ({ data }: MessageEvent<Report>) => {
    if (data.type === 'message') borrowed.onMessage?.(data.data);
    else borrowed.onFailure?.(data.message);
  };
  return borrowed;
}

export function lendWorker(worker: ProgramWorker, port: MessagePort): void {
  const report = (message: Report) => port.postMessage(message);
  worker.onMessage = (data) => report({ type: 'message', data });
  worker.onFailure = (message) => report({ type: 'failure', message });
  port.onmessage = ({ data, ports }: MessageEvent<Order>) => {
    if (data.type === 'post') worker.post(data.message, [...ports]);
    else worker.terminate();
  };
}
