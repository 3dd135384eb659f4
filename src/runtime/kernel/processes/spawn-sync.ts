/**
 * `collect`: waits for a child while feeding and draining its pipes, so that a process which is blocked in a synchronous
 * call can still talk to its child. It is built from the other system calls, made on the caller's behalf.
 */
import { joinBytes } from '../join-bytes.ts';
import type { Collected, CollectRequest, ExitStatus, SyscallName, Syscalls } from '../syscalls.ts';

/** Makes a system call as the process that asked for `collect`; may answer later. */
export type CallOnBehalf = <Name extends SyscallName>(
  name: Name,
  ...args: Parameters<Syscalls[Name]>
) => ReturnType<Syscalls[Name]> | Promise<ReturnType<Syscalls[Name]>>;

const CHUNK = 65536;
/** The outputs are gathered in the kernel's memory, whatever the caller allows. */
const MAX_OUTPUT = 512 * 1024 * 1024;

/** Resolves when the child has ended and its outputs are read to their ends (or it was killed for time or size). */
export async function collectChild(call: CallOnBehalf, pid: number, request: CollectRequest): Promise<Collected> {
  let error: string | null = null;
  let stopReading = (): void => undefined;
  const stopped = new Promise<void>((resolve) => {
    stopReading = resolve;
  });
  const kill = async (reason: string): Promise<void> => {
    if (error !== null) return;
    error = reason;
    stopReading();
    await ignoringFailure(() => call('kill', pid, request.killSignal));
  };
  const timer = request.timeoutMs > 0 ? setTimeout(() => void kill('ETIMEDOUT'), request.timeoutMs) : undefined;
  const onTooMuch = (): void => void kill('ENOBUFS');
  const maxBuffer = Math.min(request.maxBuffer, MAX_OUTPUT);
  const drains = request.outputs.map((fd) => startDrain(call, fd, maxBuffer, onTooMuch));
  const feeds = request.inputs.map(({ fd, data }) => feed(call, fd, data));
  try {
    const status = (await call('wait', pid)) as ExitStatus;
    // A grandchild may hold a pipe open; after a kill nobody waits for it.
    await Promise.race([Promise.all([...drains.map((drain) => drain.finished), ...feeds]), stopped]);
    return { status, outputs: drains.map((drain) => drain.collected()), error };
  } finally {
    clearTimeout(timer);
    for (const fd of [...request.outputs, ...request.inputs.map((input) => input.fd)]) {
      await ignoringFailure(() => call('close', fd));
    }
  }
}

interface Drain {
  finished: Promise<void>;
  collected(): Uint8Array;
}

function startDrain(call: CallOnBehalf, fd: number, maxBuffer: number, onTooMuch: () => void): Drain {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const run = async (): Promise<void> => {
    for (;;) {
      const chunk = (await call('read', fd, CHUNK, null)) as Uint8Array;
      if (chunk.length === 0) return;
      // As Node does, what was read is kept whole, also when it is too much.
      chunks.push(chunk);
      length += chunk.length;
      if (length > maxBuffer) return onTooMuch();
    }
  };
  // The read fails with ECANCELED when the descriptor is closed after a kill: what came until then is the output.
  return { finished: ignoringFailure(run), collected: () => joinBytes(chunks) };
}

async function feed(call: CallOnBehalf, fd: number, data: Uint8Array): Promise<void> {
  // A child that does not read its input is no failure of the caller (EPIPE).
  await ignoringFailure(async () => {
    for (let at = 0; at < data.length; ) {
      at += (await call('write', fd, data.subarray(at, at + CHUNK), null)) as number;
    }
  });
  await ignoringFailure(() => call('close', fd));
}

/** Runs a step whose failure means only that the child or the descriptor is gone already. */
async function ignoringFailure(step: () => unknown): Promise<void> {
  try {
    await step();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
  }
}
