/**
 * What a Node process is made of, seen from a binding.
 *
 * Boot builds one context per Worker (`boot.ts`); every binding (`bindings/<name>.ts`) is a function from it to the object
 * that `internalBinding(name)` returns. A binding keeps its state in its closure, asks others through the context only, and
 * never touches the Worker's globals: it uses `context.host`, captured before guest code could replace them.
 */

import type { Launch } from '../kernel/launch.ts';
import type { Coverage } from './block-coverage/coverage.ts';
import type { Position } from './failures/position.ts';
import type { Sys } from './system-calls/sys.ts';
import type { NativeCloneables } from './threads/native-cloneables.ts';

// Node's own library is untyped JavaScript: values that cross into it are `unknown`, and functions of it are `GuestFunction`.
export type GuestFunction = (this: unknown, ...args: never[]) => unknown;
export type BindingObject = Record<string | symbol, unknown>;
export type BindingFactory = (context: ProcessContext) => BindingObject;

/** The browser's own functions, bound, from before Node's globals replace them. */
export interface HostGlobals {
  setTimeout(callback: () => void, ms: number): number;
  clearTimeout(id: number): void;
  queueMicrotask(callback: () => void): void;
  /** Of `Atomics`. */
  waitAsync(cells: Int32Array, index: number, value: number): ReturnType<typeof Atomics.waitAsync>;
  notify(cells: Int32Array, index: number): void;
  /** Of `EventTarget`, whose methods go with the browser's globals. */
  addMessageListener(port: MessagePort, listener: (event: MessageEvent) => void): void;
  /** The browser's own `then`, which carries no context. */
  promiseThen(promise: Promise<unknown>, callback: () => void): void;
  structuredClone<T>(value: T, options?: StructuredSerializeOptions): T;
  now(): number;
  readonly timeOrigin: number;
  readonly MessageChannel: typeof MessageChannel;
  readonly MessagePort: typeof MessagePort;
  readonly TextDecoder: typeof TextDecoder;
  readonly TextEncoder: typeof TextEncoder;
  readonly URL: typeof URL;
  readonly URLPattern: new (...given: unknown[]) => BrowserUrlPattern;
  readonly Proxy: ProxyConstructor;
  readonly Promise: PromiseConstructor;
  readonly crypto: Crypto;
  readonly console: Console;
  readonly WebAssembly: typeof WebAssembly;
  /** Indirect eval: compiles in the global scope. */
  evaluate(source: string): unknown;
  /** Throws a SyntaxError for what is no body of a function by itself. */
  checkBody(source: string): void;
}

/** https://urlpattern.spec.whatwg.org/ */
export interface BrowserUrlPattern {
  readonly hasRegExpGroups: boolean;
  exec(input?: unknown, base?: string): Record<string, unknown> | null;
  test(input?: unknown, base?: string): boolean;
}

/** Node's library as the build step extracted it: see `src/runtime/library`. Each answer is decoded anew. */
export interface NodeLibrary {
  /** "v24.11.1" */
  readonly version: string;
  /** Of all modules ("internal/util/inspect"). */
  readonly moduleIds: readonly string[];
  /** A module, already patched and await-transformed where needed. */
  source(id: string): LibrarySource | undefined;
  /** What a binding of the native binary holds: names, types, constants. */
  binding(name: string): BindingDescription | undefined;
  hasBinding(name: string): boolean;
  /** process.versions, process.release, option table, errno map and the rest of the binary's facts. */
  readonly facts: LibraryFacts;
}

export interface LibrarySource {
  /** The function body that is compiled. */
  code: string;
  /** Column map back to Node's own text, where the code was transformed; see `modules/transform/edits.ts`. */
  segments?: number[];
  /** The array of those of its functions that nearly every program calls, an expression in its scope. */
  hot?: string;
}

/** One described value of a native binding. */
export type DescribedValue =
  | string
  | number
  | boolean
  | { type: 'undefined' | 'null' }
  /** What JSON has not. */
  | { type: 'number' | 'bigint'; value: string }
  | { type: 'symbol'; value: string }
  | { type: 'function'; name: string; prototype?: string[]; parent?: string }
  | { type: 'array'; value: DescribedValue[] }
  | { type: 'map'; value: [DescribedValue, DescribedValue][] }
  | { type: 'typed-array'; constructor: string; length: number; value?: string[] }
  | { type: 'object'; nullPrototype?: boolean; value: Record<string, DescribedValue> };
export type BindingDescription = Record<string, DescribedValue>;

export interface OptionFacts {
  /** Their defaults, as internalBinding('options') gives them; so the other two. */
  values: DescribedValue;
  embedder: DescribedValue;
  namespaceInputTypes: DescribedValue;
  /** By name, as internalBinding('options').types. */
  kinds: [name: string, kind: number][];
  aliases: [name: string, words: string[]][];
  allowedInEnvironment: string[];
  /** V8's own, by their type: names behind one another. */
  engineFlags: Record<string, string>;
}

export interface LibraryFacts {
  versions: Record<string, string>;
  release: Record<string, unknown>;
  /** The property names of each built-in object of the language by its path ("Array.prototype"); a symbol as "@@iterator". */
  builtins: Record<string, string[]>;
  /** errno (negative) -> [name, message], as `uv.getErrorMap()`. */
  errorMap: [number, [string, string]][];
  /** The command line options. */
  options: OptionFacts;
}

/** As `uv_metrics_info` and `uv_metrics_idle_time`. */
export interface LoopMetrics {
  /** Time spent waiting for something to happen, without a wait that goes on. */
  idle: number;
  turns: number;
  /** Answers and events that were handed over. */
  events: number;
  /** Those among them that were there before the loop looked for them. */
  eventsWaiting: number;
}

/** libuv's loop, as far as bindings see it. */
/** What a callback of the loop returns when it has run nothing of the guest: no microtask can wait then, and the browser's turn is saved. */
export const QUIET: unique symbol = Symbol('quiet');

/** What other threads bring about without the kernel's answers: the loop looks for it once a turn. */
export interface LoopSource {
  /** Takes what has come. */
  look(): void;
  /** The loop is about to wait: `wake` is to be called, in a task of its own, when something comes. False when it has come already. */
  arm(wake: () => void): boolean;
}

export interface EventLoop {
  /** Runs the callback in a later turn, in its own callback scope (ticks and microtasks follow it, unless it returns QUIET). */
  enqueue(callback: () => unknown): void;
  /** Runs the callback next, before what waits already: for a callback that has more of the same to do. */
  enqueueNext(callback: () => unknown): void;
  /** Runs the callback, which is the runtime's own, at the end of the turn, before the loop waits for the kernel. */
  beforeWait(callback: () => void): void;
  /** As `enqueue`, for what was done already: in this turn, after the answers of the kernel and before the immediates. */
  enqueueSoon(callback: () => void): void;
  /** As `enqueue`, for the callbacks of closed handles: after the immediates of this turn. */
  enqueueClosing(callback: () => void): void;
  /** Keeps the loop alive while the count is above zero. */
  ref(): void;
  unref(): void;
  /** Milliseconds since the loop started, updated once a turn, as `uv_now`. */
  now(): number;
  /** What the loop has done so far; counts, and milliseconds of the host's clock. */
  readonly metrics: Readonly<LoopMetrics>;
  /** From now on the loop looks there. */
  watch(source: LoopSource): void;
  /** Code of a module runs: what it leaves rejected is noticed before the timers and immediates that follow. */
  noteModuleRun(): void;
  /** Calls, once, when the main script has run and the loop starts to turn. */
  whenStarted(callback: () => void): void;
  /** Calls, once, when nothing keeps the loop alive any more, before the process tells its listeners of the exit. */
  whenDone(callback: () => void): void;
  /** True after exit: nothing of the guest may run any more. */
  readonly stopped: boolean;
}

/** async_hooks and AsyncLocalStorage: ids, resources, and what travels with a callback. */
export interface ResourceOrigin {
  /** The resource that caused this one, where that is not the one whose callback runs. */
  trigger?: object;
  /** What hooks see as the resource. */
  shown?: unknown;
}

export interface AsyncContext {
  /** Gives the resource an async id (and emits `init`), remembering the context it was made in. */
  register(resource: object, type: string, origin?: ResourceOrigin): number;
  /** The resource is no more: hooks are told so, once and in a later turn. */
  destroy(resource: object): void;
  idOf(resource: object): number;
  /** MakeCallback: runs `callback` in the resource's context, with before and after hooks; errors are fatal errors of the process. */
  runIn(resource: object, callback: () => void): void;
  /** The same in the middle of something else, which gets what is thrown. */
  runWithin(resource: object, callback: () => void): void;
  /** Resources that the callback registers are caused by this one, outside of every context: how libuv's callbacks make handles. */
  causeBy<T>(resource: object, callback: () => T): T;
  /** `runIn` for a request, which is no more then. */
  complete(request: object, callback: () => void): void;
  /** The same where nothing follows in this turn of the loop: what is thrown reaches the browser, which knows where that was. */
  completeLast(request: object, callback: () => void): void;
  /** The continuation-preserved embedder data (AsyncContextFrame). */
  getFrame(): unknown;
  setFrame(frame: unknown): void;
}

export interface CompiledText {
  code: string;
  segments: number[];
  /** Where counters were put in first: `segments` of that. */
  before?: readonly number[] | undefined;
}

/** Positions: what was compiled for which file, to give stacks the user's own lines and columns. */
export interface SourceRegistry {
  /** `original` is what the user wrote, `compiled` what was evaluated; `segments` maps offsets back (pairs compiled, original),
   * through `before` where the text was edited twice. `prefix` counts the characters in front of line 1. */
  register(file: string, original: string | (() => string), compiled?: CompiledText, prefix?: number): void;
  sourceOf(file: string): string | undefined;
  /** What the user wrote where a piece of what was evaluated stands: the text of a function. */
  originalText(piece: string): string | undefined;
  originalColumn(file: string, line: number, column: number): number;
  /** Whether code stands there that was put in front of the file's own. */
  isInFront(file: string, line: number, column: number): boolean;
}

export interface ProcessContext {
  readonly global: typeof globalThis & Record<PropertyKey, unknown>;
  readonly host: HostGlobals;
  readonly library: NodeLibrary;
  /** Set when the process starts; a prewarmed Worker boots without it, so read it lazily. */
  readonly launch: Launch;
  /** Calls back at the launch, before the program; at once when it was. */
  whenLaunched(callback: () => void): void;
  /** When the process started, in milliseconds since 1970; its threads count from there, too. Before the launch, of no use. */
  readonly timeOrigin: number;
  /** Milliseconds since then. */
  uptime(): number;
  readonly sys: Sys;
  readonly loop: EventLoop;
  readonly asyncContext: AsyncContext;
  /** Classes of bindings whose objects may be in messages. */
  readonly nativeCloneables: NativeCloneables;
  readonly sourceRegistry: SourceRegistry;
  readonly coverage: Coverage;
  /** By property name of internalBinding('util').privateSymbols: WeakMap-backed, never visible as own keys. */
  readonly privateSymbols: Record<string, symbol>;
  readonly perIsolateSymbols: Record<string, symbol>;
  readonly primordials: Record<string, unknown>;
  /** `process` of the guest. */
  readonly process: Record<PropertyKey, unknown>;
  /** The binding's described constants, with stubs that throw and name themselves where a function is not written. */
  described(binding: string): BindingObject;
  internalBinding(name: string): BindingObject;
  /** Node's internal require. Only after bootstrap/realm has run. */
  require(id: string): Record<string, unknown>;
  /** An errno error as libuv's: "ENOENT: no such file or directory, open 'x'". */
  createErrnoError(code: string, syscall: string, path?: string, destination?: string): Error;
  /** Makes an error of the runtime's: the runtime's own frames take no places of the guest's in its stack. */
  makeError<Made>(make: () => Made): Made;
  /** uv's negative errno for a name. */
  errnoOf(code: string): number;
  /** What was asked of the files and has not begun: natively it is in libuv's pool, which does it while the loop stands still, too. */
  readonly unbegun: Set<() => unknown>;
  /** With `--trace-sync-io`: to be called before what blocks the loop. */
  noteSync: (() => void) | null;
  /** Lets the kernel know how the program calls itself now. */
  tellTitle(): void;
  /** Ends the process as an uncaught error does, 'uncaughtException' handlers first. */
  reportFatal(error: unknown, fromPromise?: boolean): void;
  /** Where the browser says that an error is which nobody throws now: of a syntax error, the place in the text. */
  reportedPlace(error: unknown): Position | undefined;
  /** Emits a warning at once, as Node's C++ does. */
  emitWarningSync(warning: string): void;
  /**
   * As `end`, where code of the guest is on the stack, which is unwound. What of it catches the error finds a kernel that answers no
   * call any more: to block here instead would keep the Worker and its memory, as a browser ends a blocked one after two seconds.
   * It does block where other threads could hear of what that code does.
   */
  exit(code: number): never;
  /** Tells the kernel behind all that was written. */
  end(code: number): void;
  /**
   * What an optional part of the runtime exports (`library/parts.ts`): its script is fetched and run when it is first asked for,
   * synchronously. Throws ENOENT or EIO when it cannot be had.
   */
  loadPart(name: string): unknown;
  /** The bytes of an optional part that is no script ("brotli.wasm"); as `loadPart`. */
  partBytes(name: string): Uint8Array<ArrayBuffer>;
  /** Compiles the text of a function with these parameters; the file is what stacks show. */
  compileFunction(source: string, parameters: readonly string[], file: string): GuestFunction;
}
