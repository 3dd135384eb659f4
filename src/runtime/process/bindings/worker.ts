import { SystemError } from '../../kernel/syscalls.ts';
import type { ThreadRequest } from '../../kernel/threads/thread-requests.ts';
import type { BindingObject } from '../context.ts';
import type { CoreBindingFactory, ProcessCore } from '../core.ts';
import { parseCommandLine } from '../options/options.ts';
import { handleClasses } from '../streams/handle-wrap.ts';
import { listenToThreadEnd } from '../system-calls/kernel-events.ts';
import { invalidThreadOptions } from '../threads/thread-options.ts';
import { messagePorts } from './messaging.ts';

const MEGABYTES = { young: 192, old: 4096, code: 0, stack: 4 };
/** What a thread has when nothing was asked for, in the order of the binding's constants; a browser enforces none of them. */
const DEFAULT_LIMITS = [MEGABYTES.young, MEGABYTES.old, MEGABYTES.code, MEGABYTES.stack];

/** `internalBinding('worker')`: threads, and what this one is. */
export const worker: CoreBindingFactory = (core) => {
  const binding: BindingObject = {
    ...core.described('worker'),
    Worker: defineWorker(core),
    isMainThread: !core.isThread,
    ownsProcessState: !core.isThread,
  };
  const describe = (name: string, get: () => unknown) =>
    Object.defineProperty(binding, name, { enumerable: true, configurable: true, get });
  // A prewarmed Worker learns only at its launch which thread it is.
  describe('isInternalThread', () => thread(core)?.isInternal ?? false);
  describe('threadId', () => thread(core)?.id ?? 0);
  describe('threadName', () => thread(core)?.name ?? '');
  describe('resourceLimits', () => Float64Array.from(thread(core)?.resourceLimits ?? [0, 0, 0, 0]));
  let parentPort: object | undefined;
  binding.getEnvMessagePort = () => {
    const request = thread(core);
    if (request !== undefined) parentPort ??= messagePorts(core).over(core.ports.adopt(request.port));
    return parentPort;
  };
  return binding;
};

const thread = (core: ProcessCore) => (core.isThread ? core.launch.thread : undefined);

/** What a question to a thread returns: the library sets `ondone`. */
interface Taker {
  ondone: ((...answer: unknown[]) => void) | null;
}

function unavailable(what: string): Error {
  const error = new Error(`${what} of a thread is not available in this sandbox: a browser gives none`);
  return Object.assign(error, { code: 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM' });
}

interface WorkerArguments {
  /** null: a copy of this thread's; undefined: the same as this thread's. */
  env: Record<string, string> | null | undefined;
  execArgv: unknown;
  limits: Float64Array;
  tracksFiles: boolean;
  isInternal: boolean;
  name: string;
}

function defineWorker(core: ProcessCore) {
  const { HandleWrap } = handleClasses(core);

  return class Worker extends HandleWrap {
    readonly threadId: number;
    readonly threadName: string;
    readonly messagePort: object;
    invalidExecArgv?: string[];
    invalidNodeOptions?: string[];
    onexit: ((code: number, error?: string, reason?: string) => void) | null = null;
    readonly #arguments: WorkerArguments;
    readonly #port: number;
    readonly #hasTold: () => boolean;
    /** It was stopped before it told that it is up: that is no error. */
    #isStoppedEarly = false;
    readonly #limits: number[];
    #execArgv: string[] = [];
    #nodeOptions = '';
    #isRunning = false;
    #isReferenced = true;
    #isGone = false;
    #startedAt = -1;

    constructor(...[, env, execArgv, limits, tracksFiles, isInternal, name]: unknown[]) {
      super('WORKER');
      this.#arguments = { env, execArgv, limits, tracksFiles, isInternal, name } as WorkerArguments;
      this.#limits = DEFAULT_LIMITS.map((fallback, index) => positive((limits as Float64Array)[index]) ?? fallback);
      this.threadName = String(name);
      const [mine, theirs] = core.ports.openPair();
      this.messagePort = messagePorts(core).over(mine);
      this.#hasTold = () => core.ports.hasReceived(mine);
      this.#port = core.ports.handOver(theirs);
      this.threadId = core.sys.call('createThread', this.#port);
      this.#readOptions();
    }

    startThread(): void {
      if (this.#arguments.env === undefined) core.shareEnvironment();
      this.#startedAt = core.host.now();
      this.activate();
      const failure = this.#start();
      this.#isRunning = failure === null;
      if (failure === null) listenToThreadEnd(core, this.threadId, (code, reason) => this.#ended(code, reason));
      else core.loop.enqueue(() => this.#ended(1, failure));
    }

    #request(): ThreadRequest {
      const { isInternal, env, tracksFiles } = this.#arguments;
      return {
        id: this.threadId,
        name: this.threadName,
        port: this.#port,
        isInternal,
        execArgv: this.#execArgv,
        nodeOptions: this.#nodeOptions,
        env: env ? Object.entries(env).map(([key, value]) => `${key}=${value}`) : core.environment.entries(),
        sharesEnvironment: env === undefined,
        closesFiles: tracksFiles,
        resourceLimits: this.#limits,
        timeOrigin: core.timeOrigin,
      };
    }

    /** There may be too many threads already: the program is told by an event, as of all that goes wrong in the start of one. */
    #start(): string | null {
      try {
        core.sys.call('startThread', this.#request());
        return null;
      } catch (error) {
        if (!(error instanceof SystemError)) throw error;
        return error.code;
      }
    }

    /** Undefined once its end was told. */
    override hasRef(): boolean {
      return this.#isGone ? (undefined as unknown as boolean) : this.#isReferenced;
    }

    override ref(): void {
      this.#isReferenced = true;
      super.ref();
    }

    override unref(): void {
      this.#isReferenced = false;
      super.unref();
    }

    loopStartTime(): number {
      return this.#startedAt;
    }

    loopIdleTime(): number {
      return 0;
    }

    cpuUsage(): Taker | undefined {
      const user = Math.round((core.host.now() - this.#startedAt) * 1000);
      return this.#taker((taker) => taker.ondone?.(null, { user, system: 0 }));
    }

    getHeapStatistics(): Taker | undefined {
      const { getHeapStatistics } = core.require('v8') as { getHeapStatistics: () => object };
      return this.#taker((taker) => taker.ondone?.(getHeapStatistics()));
    }

    takeHeapSnapshot(): undefined {
      if (this.#isRunning) throw unavailable('A heap snapshot');
    }

    startCpuProfile(): Taker | undefined {
      return this.#taker((taker) => taker.ondone?.(unavailable('A CPU profile')));
    }

    startHeapProfile(): Taker | undefined {
      return this.#taker((taker) => taker.ondone?.(unavailable('A heap profile')));
    }

    stopThread(): void {
      if (!this.#isRunning) return;
      this.#isStoppedEarly = !this.#hasTold();
      core.sys.call('stopThread', this.threadId);
    }

    getResourceLimits(): Float64Array {
      return Float64Array.from(this.#isRunning ? this.#limits : this.#arguments.limits);
    }

    /** As Node: the parent's own options, unless the thread is given an environment or options. */
    #readOptions(): void {
      const { env, execArgv } = this.#arguments;
      const own = core.commandLine?.execArgv ?? [];
      this.#execArgv = Array.isArray(execArgv) ? execArgv.map(String).filter((word) => word !== '--') : [...own];
      this.#nodeOptions = env?.NODE_OPTIONS ?? core.environment.variables.NODE_OPTIONS ?? '';
      if (env) {
        const { errors } = parseCommandLine(core.optionTable, ['node'], { environment: this.#nodeOptions });
        if (errors.length > 0) this.invalidNodeOptions = errors;
      }
      if (!Array.isArray(execArgv)) return;
      const invalid = invalidThreadOptions(core.optionTable, this.#execArgv);
      if (invalid.length > 0) this.invalidExecArgv = invalid;
    }

    /** Answers in a later turn; undefined when the thread does not run. */
    #taker(answer: (taker: Taker) => void): Taker | undefined {
      if (!this.#isRunning) return undefined;
      const taker: Taker = { ondone: null };
      core.loop.ref();
      core.loop.enqueue(() => {
        core.loop.unref();
        answer(taker);
      });
      return taker;
    }

    #ended(code: number, reason: string | null): void {
      this.#isRunning = false;
      this.deactivate();
      core.asyncContext.runIn(this, () => {
        if (reason === null) this.onexit?.(this.#isStoppedEarly ? 0 : code);
        else this.onexit?.(code, 'ERR_WORKER_INIT_FAILED', reason);
      });
      core.loop.enqueueClosing(() => {
        this.#isGone = true;
      });
      this.close();
    }
  };
}

const positive = (value: number | undefined): number | undefined =>
  value !== undefined && value > 0 ? value : undefined;
