import type { ExitStatus, SpawnRequest } from '../../kernel/syscalls.ts';
import type { BindingFactory } from '../context.ts';
import { tellOfMachineCode } from '../failures/machine-code.ts';
import type { StdioEntry } from '../streams/child-stdio.ts';
import { openChildStdio } from '../streams/child-stdio.ts';
import { errnoOfError, guestMethod, handleClasses } from '../streams/handle-wrap.ts';
import type { StreamHandle } from '../streams/stream-wrap.ts';

/** What `child_process` passes to `spawn`. */
export interface SpawnOptions {
  file: string;
  args?: unknown[];
  cwd?: string | null;
  envPairs?: unknown[];
  stdio?: StdioEntry[];
  detached?: boolean;
}

/** The system call's request of the library's options. */
export function toSpawnRequest(options: SpawnOptions, stdio: number[], parentEnv: string[]): SpawnRequest {
  return {
    file: options.file,
    argv: (options.args ?? [options.file]).map(String),
    env: (options.envPairs ?? parentEnv).map(String),
    stdio,
    ...(options.cwd ? { cwd: String(options.cwd) } : {}),
    ...(options.detached ? { detached: true } : {}),
  };
}

/** Of the output of a child that has ended: what others write to the same pipes has no end. */
const MOST_READS = 64;

/** `internalBinding('process_wrap')`: child processes. */
export const processWrap: BindingFactory = (context) => {
  const { sys, loop, asyncContext } = context;
  const { HandleWrap } = handleClasses(context);

  class Process extends HandleWrap {
    pid?: number;
    #exited = false;
    readonly #outputs: StreamHandle[] = [];

    constructor() {
      super('PROCESSWRAP');
    }

    /** Returns 0 or a negative errno. The streams of a child that could not be started end at once. */
    spawn(options: SpawnOptions): number {
      let status = 0;
      try {
        const stdio = openChildStdio(context, options.stdio ?? []);
        try {
          const pid = sys.call('spawn', toSpawnRequest(options, stdio.descriptors, context.launch.env));
          this.pid = pid;
          this.activate();
          sys.callWith('wait', [pid], (error, exit) => this.#onExit(error, exit));
        } catch (error) {
          tellOfMachineCode(context, error, options.file);
          status = errnoOfError(context, error);
        }
        stdio.closeChildEnds();
        for (const { index, fd, direction } of stdio.ends) {
          const handle = options.stdio?.[index]?.handle as StreamHandle | undefined;
          handle?.adoptOwn(fd, direction);
          if (handle && direction !== 'write') this.#outputs.push(handle);
        }
      } catch (error) {
        return errnoOfError(context, error);
      }
      return status;
    }

    kill(signal: number): number {
      if (this.pid === undefined || this.#exited) return context.errnoOf('ESRCH');
      try {
        sys.call('kill', this.pid, signal);
        return 0;
      } catch (error) {
        return errnoOfError(context, error);
      }
    }

    #onExit(error: Error | null, exit: ExitStatus | undefined): void {
      this.#exited = true;
      if (this.isClosed) return;
      if (error !== null || exit === undefined) throw error ?? new Error('wait answered nothing');
      this.#tellBehindOutput(exit, MOST_READS, true);
    }

    #bytesRead(): number {
      return this.#outputs.reduce((sum, output) => sum + output.bytesRead, 0);
    }

    /** As with libuv, which looks at signals last: what the child has written, and its end, are read before. */
    #tellBehindOutput(exit: ExitStatus, reads: number, mayBeOnItsWay: boolean): void {
      if (this.isClosed) return;
      if (reads > 0 && this.#outputs.some((output) => output.readRest())) {
        loop.enqueueNext(() => this.#tellBehindOutput(exit, reads - 1, true));
        return;
      }
      // What is on its way comes before the answer to a call that changes nothing.
      if (reads > 0 && mayBeOnItsWay && this.#outputs.some((output) => output.isAsked)) {
        const read = this.#bytesRead();
        sys.callWith('umask', [null], () => this.#tellBehindOutput(exit, reads - 1, this.#bytesRead() > read));
        return;
      }
      // The streams that have ended are closed at the end of this turn.
      loop.enqueue(() => {
        if (this.isClosed) return;
        this.deactivate();
        asyncContext.runIn(this, () => guestMethod(this, 'onexit')?.(exit.exitCode ?? 0, exit.signal ?? ''));
      });
    }
  }

  return { ...context.described('process_wrap'), Process };
};
