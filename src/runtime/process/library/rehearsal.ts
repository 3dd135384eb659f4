/** What the runtime itself does between the launch of a program and its end: done in a Worker that waits, so that it is compiled then. */
import { Encoder } from '../../kernel/channel/codec.ts';
import { WriteBehindRing } from '../../kernel/channel/write-behind.ts';
import { SystemError } from '../../kernel/syscalls.ts';
import type { ProcessCore } from '../core.ts';
import { AsyncState } from '../engine/async-context.ts';
import { ProcessLoop } from '../event-loop.ts';
import { watchEntryPoint } from '../failures/unsettled-await.ts';
import { statArray } from '../files/values.ts';
import { LAUNCH_FUNCTIONS } from '../launch.ts';
import { chooseMainScript } from '../main-script.ts';
import { parserOf } from '../modules/transform/parser.ts';
import { transformModule } from '../modules/transform/transform-module.ts';
import { findScriptEdits } from '../modules/transform/transform-script.ts';
import { readCommandLine } from '../options/command-line.ts';
import { applyGlobalFlags } from '../options/global-flags.ts';
import { applyEnvironmentOptions } from '../options/options.ts';
import { encodeUtf8Pooled } from '../streams/text.ts';
import { WriteQueue } from '../streams/write-queue.ts';
import { KernelSys } from '../system-calls/kernel-sys.ts';
import { OpenFiles } from '../system-calls/open-files.ts';

/** Bindings that nearly every program calls. */
const BINDINGS = [
  'fs',
  'modules',
  'contextify',
  'pipe_wrap',
  'module_wrap',
  'util',
  'timers',
  'errors',
  'trace_events',
];

const MODULE =
  'import a, { b as c } from "d"; export * from "e"; export const f = await a(c, import.meta.url); export default { f };';
const SCRIPT = 'const { a } = require("b"); module.exports = async () => import(await a);';

const { getOwnPropertyDescriptors, getPrototypeOf } = Object;

/** Functions that can be compiled without being called. */
export function hotFunctionsOfRuntime(core: ProcessCore, ...more: unknown[]): unknown[] {
  const classes = [AsyncState, Encoder, KernelSys, OpenFiles, ProcessLoop, WriteBehindRing, WriteQueue, ...more];
  const functions = [
    ...LAUNCH_FUNCTIONS,
    applyEnvironmentOptions,
    applyGlobalFlags,
    chooseMainScript,
    encodeUtf8Pooled,
    readCommandLine,
    statArray,
    watchEntryPoint,
  ];
  const bound = BINDINGS.flatMap((name) =>
    Object.values(getOwnPropertyDescriptors(core.internalBinding(name))).map(({ value }) => value as unknown),
  );
  return [...functions, ...[...classes, ...bound].flatMap(withMethods)];
}

/** A function and, of a class, the methods and accessors of its instances. */
function withMethods(value: unknown): unknown[] {
  if (typeof value !== 'function') return [];
  const found: unknown[] = [value];
  const top = Object.prototype;
  for (let shape: unknown = value.prototype; shape && shape !== top; shape = getPrototypeOf(shape)) {
    for (const { value: method, get, set } of Object.values(getOwnPropertyDescriptors(shape))) {
      found.push(method, get, set);
    }
  }
  return found;
}

/** The rest: it is run on texts and objects of its own, and leaves no trace. */
export function rehearseRuntime(core: ProcessCore): void {
  const parse = parserOf(core);
  transformModule(MODULE, parse);
  findScriptEdits(SCRIPT, { isFunctionBody: true }, parse);
  new Encoder().encode([1, -1, 1.5, 'text', null, [true], new Uint8Array(1)]);
  rehearseConsole(core);
  rehearseLoop(core);
  rehearseCall(core);
}

function rehearseConsole(core: ProcessCore): void {
  type ConsoleClass = new (options: object) => { log(...values: unknown[]): void };
  const { Console } = core.require('internal/console/constructor') as unknown as { Console: ConsoleClass };
  const nothing = () => undefined;
  const stdout = { write: nothing, once: nothing, removeListener: nothing, listenerCount: () => 0 };
  new Console({ stdout, colorMode: false }).log('text', 1);
}

function rehearseLoop({ host }: ProcessCore): void {
  const nothing = () => undefined;
  const loop = new ProcessLoop(host);
  loop.start({
    receiver: {},
    runMain: nothing,
    inRootScope: (callback) => callback(),
    resetContext: nothing,
    takesErrors: () => false,
    callReported: (callback) => callback(),
    emitBeforeExit: () => false,
    finish: () => loop.stop(),
    crash: nothing,
  });
}

/** The kernel refuses it, as it knows of no process here. */
function rehearseCall({ sys }: ProcessCore): void {
  try {
    sys.call('umask', null);
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
  }
}
