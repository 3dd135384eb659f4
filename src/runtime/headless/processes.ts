/** The processes that the client starts. */
import * as Comlink from 'comlink';
import type { ClientCommand } from '../kernel/client/client-interface.ts';
import { resolveFolder } from './client-paths.ts';
import { transferred } from './files.ts';
import type { RunningKernel } from './kernel-client.ts';
import type { OutputCallback, RunCommand } from './protocol.ts';

/** What a terminal has of which the client does not say the size. */
const DEFAULT_TERMINAL = { cols: 80, rows: 24 };
/**
 * In `env`; it does not reach the process. With the value `pipe` the process gets pipes and no terminal; with `merged` or `split`,
 * too, and its output arrives in frames (`kernel/client/output-frames.ts`).
 */
const STDIO_VARIABLE = 'FIXPOINT_STDIO';
/** 128 + SIGKILL: what became of a process when its kernel failed. */
const KILLED = 137;

const encoder = new TextEncoder();

export function createRun({ client, failed }: RunningKernel, workdir: string) {
  const running = new Set<(code: number) => void>();
  void failed.then(() => {
    for (const end of running) end(KILLED);
  });
  /** Not a race with `failed`, which would keep what each process has had for as long as the kernel works. */
  const exitOf = (pid: number): Promise<number> => {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    running.add(resolve);
    client.exitOf(pid).then(resolve, reject);
    return promise.finally(() => running.delete(resolve));
  };
  return async (command: RunCommand, output: OutputCallback | undefined): Promise<unknown> => {
    const listener = async (chunk: Uint8Array) => {
      await output?.(transferred(chunk));
    };
    const started = await client.start(toStart(command, workdir), Comlink.proxy(listener));
    if ('error' in started) throw new Error(started.error);
    const { pid } = started;
    const onExit = exitOf(pid).then(async (code) => {
      await output?.(null);
      (output as Partial<Comlink.ProxyMethods> | undefined)?.[Comlink.releaseProxy]?.();
      return code;
    });
    return Comlink.proxy({
      onExit,
      write: (data: string) => client.writeInput(pid, encoder.encode(data)),
      kill: () => client.kill(pid),
      resize: ({ cols, rows }: { cols: number; rows: number }) => client.resize(pid, cols, rows),
    });
  };
}

function streamsOf(stdio: unknown, terminal: RunCommand['terminal']): Pick<ClientCommand, 'terminal' | 'frames'> {
  if (stdio === 'pipe') return {};
  if (stdio === 'merged' || stdio === 'split') return { frames: stdio };
  return { terminal: terminal ?? DEFAULT_TERMINAL };
}

function toStart({ command, args = [], cwd = '.', env = {}, terminal }: RunCommand, workdir: string) {
  const { [STDIO_VARIABLE]: stdio, ...variables } = env;
  return {
    command,
    args,
    cwd: resolveFolder(workdir, cwd),
    env: Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, String(value)])),
    ...streamsOf(stdio, terminal),
  };
}
