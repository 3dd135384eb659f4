/** The whole process, as its own core sees it: more than the bindings of others need to know. */
import type { Foreknowledge, Launch } from '../kernel/launch.ts';
import type { CoverageOutput } from './block-coverage/coverage.ts';
import type { BindingObject, ProcessContext } from './context.ts';
import type { AsyncState } from './engine/async-context.ts';
import type { Environment } from './environment.ts';
import type { ProcessLoop } from './event-loop.ts';
import type { CallSites } from './failures/call-sites.ts';
import type { FatalHooks } from './failures/fatal.ts';
import type { Position, Thrown } from './failures/position.ts';
import type { HotFunctions } from './library/hot-functions.ts';
import type { CommandLine, OptionTable } from './options/options.ts';
import type { PortNetwork } from './threads/port-network.ts';

export interface ProcessCore extends ProcessContext {
  launch: Launch;
  /** Not the main thread of its process. */
  readonly isThread: boolean;
  readonly ports: PortNetwork;
  readonly coverageFiles: CoverageOutput;
  /** Answers of the kernel before their questions: `ThreadSys`. */
  readonly foreknowledge: { learn(known: Foreknowledge): void; forget(): void };
  readonly loop: ProcessLoop;
  readonly asyncState: AsyncState;
  readonly callSites: CallSites;
  /** Exports of Node's per-context scripts: primordials, domexception, messageport. */
  readonly perContext: Record<string, Record<string, unknown>>;
  /** The variables themselves, and `process.env` over them. */
  readonly environment: Environment;
  shareEnvironment(): void;
  readonly environmentProxy: unknown;
  /** Null until the process is launched. */
  commandLine: CommandLine | null;
  readonly optionTable: OptionTable;
  /** Modules of Node's library that are compiled and did not run yet. */
  readonly compiledAhead: Map<string, (this: unknown, ...args: unknown[]) => unknown>;
  readonly hotFunctions: HotFunctions;
  /** Loads modules ahead of the launch: see `library/preload.ts`. */
  readonly preload: {
    start(steps: number, done: () => void): void;
    observe(values: Record<string, unknown>): Record<string, unknown>;
    settle(values: Readonly<Record<string, unknown>>): void;
    used(): number;
  };
  readonly fatalHooks: FatalHooks;
  /** Target and handler of every Proxy that the guest made. */
  readonly proxies: WeakMap<object, [target: unknown, handler: unknown]>;
  /** Node's handler of rejections: (type, promise, reason). */
  rejectionCallback: ((type: number, promise: Promise<unknown>, reason: unknown) => void) | null;
  /** The loader's own `internalBinding` and `require`, once bootstrap/realm has run. */
  guestInternalBinding?: (name: string) => BindingObject;
  require(id: string): Record<string, unknown>;
  emitWarningSync(warning: string): void;
  /** `thrownAt` where it is known better than by the error's own stack. */
  reportFatal(error: unknown, fromPromise?: boolean, thrownAt?: Position): void;
  /** Calls; what that throws is kept from the browser, which tells where it was thrown, unless it tells of another error now. */
  callReported(callback: () => void): Thrown | undefined;
  errnoNameOf(errno: number): string | undefined;
  errnoMessageOf(errno: number): string | undefined;
}

export type CoreBindingFactory = (core: ProcessCore) => BindingObject;
