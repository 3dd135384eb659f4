/** What the runtime itself does between the launch of a program and its end: done in a Worker that waits, so that it is compiled then. */
import { Encoder } from '../../kernel/channel/codec.ts';
import { createSyncMemory } from '../../kernel/channel/sync-layout.ts';
import { WriteBehindRing } from '../../kernel/channel/write-behind.ts';
import { SystemError } from '../../kernel/syscalls.ts';
import { patchProcessObject } from '../bindings/process_methods.ts';
import { guessHandleType } from '../bindings/util.ts';
import type { ProcessCore } from '../core.ts';
import { AsyncState } from '../engine/async-context.ts';
import { Environment } from '../environment.ts';
import { ProcessLoop } from '../event-loop.ts';
import { writeText, writeToStderr } from '../failures/fatal.ts';
import { watchEntryPoint } from '../failures/unsettled-await.ts';
import { statArray } from '../files/values.ts';
import { createLoopClient, LAUNCH_FUNCTIONS } from '../launch.ts';
import { chooseMainScript } from '../main-script.ts';
import { parserOf } from '../modules/transform/parser.ts';
import { transformModule } from '../modules/transform/transform-module.ts';
import { findScriptEdits } from '../modules/transform/transform-script.ts';
import { readCommandLine } from '../options/command-line.ts';
import { configurationPath } from '../options/configuration-file.ts';
import { addToEnvironment, readEnvironmentFiles } from '../options/environment-files.ts';
import { applyGlobalFlags } from '../options/global-flags.ts';
import { checkAtStart, notesOn } from '../options/option-checks.ts';
import { applyEnvironmentOptions } from '../options/options.ts';
import { canonicalAddress, isLocalAddress } from '../streams/addresses.ts';
import { DirectWriter } from '../streams/direct-writer.ts';
import { acceptConnections } from '../streams/listener.ts';
import { encodeUtf8Pooled } from '../streams/text.ts';
import { WriteQueue } from '../streams/write-queue.ts';
import { KernelSys } from '../system-calls/kernel-sys.ts';
import { OpenFiles } from '../system-calls/open-files.ts';
import { TurnDriver } from '../turn-driver.ts';

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
  'performance',
  'process_methods',
  'options',
  'credentials',
  'permission',
  'tcp_wrap',
];

const MODULE =
  'import a, { b as c } from "d"; export * from "e"; export const f = await a(c, import.meta.url); export default { f };';
const SCRIPT = 'const { a } = require("b"); module.exports = async () => import(await a);';

const ARGV = ['node', 'script.js'];

const { getOwnPropertyDescriptors, getPrototypeOf } = Object;

/** Functions that can be compiled without being called. */
export function hotFunctionsOfRuntime(core: ProcessCore, ...more: unknown[]): unknown[] {
  const classes = [
    AsyncState,
    DirectWriter,
    Encoder,
    Environment,
    KernelSys,
    OpenFiles,
    ProcessLoop,
    TurnDriver,
    WriteBehindRing,
    WriteQueue,
  ];
  const functions = [
    ...LAUNCH_FUNCTIONS,
    acceptConnections,
    addToEnvironment,
    applyEnvironmentOptions,
    applyGlobalFlags,
    chooseMainScript,
    encodeUtf8Pooled,
    guessHandleType,
    patchProcessObject,
    readCommandLine,
    statArray,
    watchEntryPoint,
    writeText,
    writeToStderr,
  ];
  const objects = [core, core.asyncContext, core.sys, createLoopClient(core, ''), watchEntryPoint(core)];
  const holders = [...objects, ...BINDINGS.map((name) => core.internalBinding(name))];
  const ofClasses = [...classes, core.coverageFiles.constructor, core.hotFunctions.constructor, ...more];
  return [...functions, ...[...ofClasses, ...holders.flatMap(membersOf)].flatMap(withMethods)];
}

const membersOf = (holder: object): unknown[] =>
  Object.values(getOwnPropertyDescriptors(holder)).flatMap(({ value, get, set }) => [value as unknown, get, set]);

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
  encodeUtf8Pooled('text');
  rehearseConsole(core);
  rehearseLaunch(core);
  rehearseSending(core);
  rehearseLoop(core);
  rehearseCall(core);
}

function rehearseLaunch(core: ProcessCore): void {
  const { optionTable } = core;
  new Environment().add(['NAME=value']);
  new AsyncState(Symbol('id'), Symbol('trigger')).register({}, 'REHEARSAL');
  readEnvironmentFiles(core, ARGV);
  configurationPath(ARGV);
  checkAtStart(optionTable.defaults);
  notesOn(optionTable.defaults);
  core.callReported(() => undefined);
  isLocalAddress(canonicalAddress('::') ?? '');
}

/** To nobody. */
function rehearseSending({ host }: ProcessCore): void {
  const { port1 } = new host.MessageChannel();
  const sys = new KernelSys(createSyncMemory(), port1);
  sys.writeBehind(1, new Uint8Array(1));
  sys.send('exit', 0, 0);
  sys.look();
  port1.close();
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
    runMain: () => loop.enqueue(nothing),
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
