import type { Collected } from '../../kernel/syscalls.ts';
import type { BindingFactory, ProcessContext } from '../context.ts';
import { tellOfMachineCode } from '../failures/machine-code.ts';
import { beginAll } from '../files/operation.ts';
import type { ChildStdio } from '../streams/child-stdio.ts';
import { openChildStdio } from '../streams/child-stdio.ts';
import { errnoOfError } from '../streams/handle-wrap.ts';
import { copyOf } from '../streams/text.ts';
import type { SpawnOptions } from './process_wrap.ts';
import { toSpawnRequest } from './process_wrap.ts';

interface SpawnSyncOptions extends SpawnOptions {
  timeout?: number;
  maxBuffer?: number;
  killSignal?: number;
}

const SIGTERM = 15;

/** `internalBinding('spawn_sync')`: a child that its parent waits for, blocked. */
export const spawnSync: BindingFactory = (context) => ({
  ...context.described('spawn_sync'),
  spawn: (options: SpawnSyncOptions): object => {
    const failed = (error: unknown): object => ({
      error: errnoOfError(context, error),
      status: null,
      signal: null,
      output: null,
      pid: 0,
    });
    let stdio: ChildStdio;
    try {
      stdio = openChildStdio(context, options.stdio ?? []);
    } catch (error) {
      return failed(error);
    }
    let pid: number;
    beginAll(context);
    context.noteSync?.();
    context.tellTitle();
    try {
      pid = context.sys.call('spawn', toSpawnRequest(options, stdio.descriptors, context.launch.env));
    } catch (error) {
      for (const { fd } of stdio.ends) context.sys.call('close', fd);
      tellOfMachineCode(context, error, options.file);
      return failed(error);
    } finally {
      stdio.closeChildEnds();
    }
    return describeResult(context, { pid, options, stdio, collected: collect(context, pid, { options, stdio }) });
  },
});

function collect(
  context: ProcessContext,
  pid: number,
  { options, stdio }: { options: SpawnSyncOptions; stdio: ChildStdio },
): Collected {
  const inputs = stdio.ends.filter((end) => end.direction === 'write');
  const outputs = stdio.ends.filter((end) => end.direction !== 'write');
  return context.sys.call('collect', pid, {
    inputs: inputs.map(({ index, fd }) => {
      const input = options.stdio?.[index]?.input;
      return { fd, data: input === undefined || input === null ? new Uint8Array(0) : copyOf(input) };
    }),
    outputs: outputs.map((end) => end.fd),
    timeoutMs: options.timeout ?? 0,
    maxBuffer: options.maxBuffer ?? Number.POSITIVE_INFINITY,
    killSignal: options.killSignal || SIGTERM,
  });
}

function describeResult(
  context: ProcessContext,
  result: { pid: number; options: SpawnSyncOptions; stdio: ChildStdio; collected: Collected },
): object {
  const { collected, stdio, options } = result;
  const { Buffer: GuestBuffer } = context.require('buffer') as { Buffer: typeof Buffer };
  const output: (Buffer | null)[] = (options.stdio ?? []).map(() => null);
  stdio.ends
    .filter((end) => end.direction !== 'write')
    .forEach((end, i) => {
      const bytes = collected.outputs[i] ?? new Uint8Array(0);
      output[end.index] = GuestBuffer.from(copyOf(bytes).buffer);
    });
  return {
    ...(collected.error === null ? {} : { error: context.errnoOf(collected.error) }),
    status: collected.status.exitCode,
    signal: collected.status.signal,
    output,
    pid: result.pid,
  };
}
