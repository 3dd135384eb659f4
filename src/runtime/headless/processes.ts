/** The processes that the client starts. */
import * as Comlink from 'comlink';
import type { ClientCommand } from '../kernel/client/client-interface.ts';
import { pathArgument, wordArgument } from './arguments.ts';
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
/** 128 + SIGKILL: what became of a process when its kernel ended. */
const KILLED = 137;

const encoder = new TextEncoder();

/** Starts commands with this kernel. */
export function createRun({ client, lost, ended }: RunningKernel, workdir: string) {
  const running = new Set<(code: number) => void>();
  let hasEnded = false;
  let explanation: Uint8Array | null = null;
  void lost.then((why) => {
    explanation = encoder.encode(`\r\nKilled: ${why}.\r\n`);
  });
  void ended.then(() => {
    hasEnded = true;
    for (const end of running) end(KILLED);
  });
  /** The client does not wait for it: of a process that went with its kernel there is nothing to tell. */
  const unlessEnded = async (told: Promise<void>): Promise<void> => {
    try {
      await told;
    } catch (error) {
      if (!hasEnded) throw error;
    }
  };
  /** Not a race with `ended`, which would keep what each process has had for as long as the kernel works. */
  const exitOf = (pid: number): Promise<number> => {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    running.add(resolve);
    client.exitOf(pid).then(resolve, reject);
    return promise.finally(() => running.delete(resolve));
  };
  return async (command: RunCommand, output: OutputCallback | undefined): Promise<unknown> => {
    const tell = untilItFails(output);
    const listener = async (chunk: Uint8Array) => tell(transferred(chunk));
    const pid = await client.start(toStart(command, workdir), Comlink.proxy(listener));
    const onExit = exitOf(pid).then(async (code) => {
      // Who has pipes gets what the program wrote, and nothing else.
      if (explanation && command.env?.[STDIO_VARIABLE] === undefined) await tell(explanation);
      await tell(null);
      (output as Partial<Comlink.ProxyMethods> | undefined)?.[Comlink.releaseProxy]?.();
      return code;
    });
    return Comlink.proxy({
      onExit,
      write: (data: string) => client.writeInput(pid, encoder.encode(data)),
      kill: () => unlessEnded(client.kill(pid)),
      resize: ({ cols, rows }: { cols: number; rows: number }) => {
        if (isDimension(cols) && isDimension(rows)) return unlessEnded(client.resize(pid, cols, rows));
        return undefined;
      },
    });
  };
}

/** A client that cancels its stream of output takes no more: the process goes on, and what it says is dropped. */
function untilItFails(output: OutputCallback | undefined): OutputCallback {
  let listener = output;
  return async (chunk) => {
    try {
      await listener?.(chunk);
    } catch {
      listener = undefined;
    }
  };
}

/** A system keeps each as 16 bits. */
const isDimension = (value: unknown): boolean =>
  Number.isInteger(value) && Number(value) >= 0 && Number(value) < 65_536;

function streamsOf(stdio: unknown, terminal: RunCommand['terminal']): Pick<ClientCommand, 'terminal' | 'frames'> {
  if (stdio === 'pipe') return {};
  if (stdio === 'merged' || stdio === 'split') return { frames: stdio };
  const { cols, rows } = terminal ?? DEFAULT_TERMINAL;
  return {
    terminal: {
      cols: isDimension(cols) ? cols : DEFAULT_TERMINAL.cols,
      rows: isDimension(rows) ? rows : DEFAULT_TERMINAL.rows,
    },
  };
}

function toStart({ command, args = [], cwd = '.', env = {}, terminal }: RunCommand, workdir: string) {
  const { [STDIO_VARIABLE]: stdio, ...variables } = env;
  return {
    command: wordArgument(command, 'file'),
    args: args.map((word, index) => wordArgument(word, `args[${index}]`)),
    cwd: resolveFolder(workdir, pathArgument(cwd, 'options.cwd')),
    env: Object.fromEntries(
      Object.entries(variables)
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => [name, wordArgument(value, `options.env['${name}']`)]),
    ),
    ...streamsOf(stdio, terminal),
  };
}
