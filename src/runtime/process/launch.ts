/** From a booted Worker to a running program. */

import type { Launch } from '../kernel/launch.ts';
import { SystemError } from '../kernel/syscalls.ts';
import type { ThreadRequest } from '../kernel/threads/thread-requests.ts';
import type { ProcessCore } from './core.ts';
import type { LoopClient } from './event-loop.ts';
import { ProcessEnded, writeText, writeToStderr } from './failures/fatal.ts';
import { syncTrace, TRACED_FRAMES } from './failures/traces.ts';
import { UNSETTLED_AWAIT, warnOfUnsettledAwait, watchEntryPoint } from './failures/unsettled-await.ts';
import { runMainScript } from './library/run-main-script.ts';
import { chooseMainScript, type MainScript } from './main-script.ts';
import { readCommandLine } from './options/command-line.ts';
import { applyGlobalFlags } from './options/global-flags.ts';
import { checkAtStart, notesOn } from './options/option-checks.ts';
import { applyEnvironmentOptions, type CommandLine, parseCommandLine } from './options/options.ts';
import { runPackageScript } from './run-script.ts';

/** What every launch calls here. */
export const LAUNCH_FUNCTIONS: readonly unknown[] = [
  startProcess,
  runCommandLine,
  startMain,
  startLoop,
  createLoopClient,
  runMainScript,
  inRootScope,
  endProcess,
];

/** Node's exit code for a command line that it does not understand. */
const INVALID_COMMAND_LINE = 9;
/** And for one that it understands and cannot follow. */
const INVALID_COMMAND_LINE_2 = 12;

/** Starts the program in this process; returns when the loop has taken over. */
export function startProcess(core: ProcessCore, launch: Launch): void {
  core.launch = launch;
  core.environment.add(launch.env);
  if (launch.thread?.sharesEnvironment) core.shareEnvironment();
  const line = launch.thread
    ? parseCommandLine(core.optionTable, launch.argv, { environment: launch.thread.nodeOptions })
    : readCommandLine(core);
  core.commandLine = line;
  applyEnvironmentOptions(line.values, core.environment.variables);
  applyGlobalFlags(core);
  try {
    core.preload.settle(line.values);
    core.coverageFiles.startIfWanted();
    if (launch.thread) startThread(core, launch.thread);
    else runCommandLine(core, line);
  } catch (error) {
    if (!ProcessEnded.is(error)) throw error;
  }
}

/** A thread has the options of its parent, or those it was given; which script it runs comes in a message. */
function startThread(core: ProcessCore, { execArgv }: ThreadRequest): void {
  if (core.commandLine) Object.assign(core.commandLine, { argv: [core.launch.execPath], execArgv });
  startLoop(core, 'internal/main/worker_thread');
}

function runCommandLine(core: ProcessCore, line: CommandLine): void {
  const tell = (lines: readonly string[]): void =>
    writeToStderr(core, lines.map((text) => `${core.launch.argv[0]}: ${text}\n`).join(''));
  const refuse = (errors: readonly string[], exitCode: number): void => {
    tell(errors);
    core.exit(exitCode);
  };
  if (line.complaint !== '') writeToStderr(core, line.complaint);
  if (line.errors.length > 0) refuse(line.errors, INVALID_COMMAND_LINE);
  const problem = checkAtStart(line.values);
  if (problem !== null) refuse([problem], INVALID_COMMAND_LINE_2);
  tell(notesOn(line.values));
  const stackTraceLimit = line.values['--stack-trace-limit'];
  if (typeof stackTraceLimit === 'number') Error.stackTraceLimit = stackTraceLimit;
  if (line.values['--trace-sync-io'] === true) {
    core.noteSync = () => {
      if (core.loop.mainHasRun) writeToStderr(core, syncTrace(core, core.callSites.current(TRACED_FRAMES)));
    };
  }
  const main = chooseMainScript(line, {
    version: core.library.version,
    completion: () => String(core.library.binding('cli_options')?.['completion']).trimEnd(),
    engineOptions: () => (core.loadPart('v8-options') as string).trimEnd(),
    stdinIsTerminal: () => core.sys.call('descriptorKind', 0) === 'tty',
  });
  startMain(core, main);
}

function startMain(core: ProcessCore, main: MainScript): void {
  if ('print' in main) {
    printAnswer(core, `${main.print}\n`);
    core.exit(0);
  }
  if ('error' in main) {
    writeToStderr(core, `${core.launch.argv[0]}: ${main.error}\n`);
    core.exit(INVALID_COMMAND_LINE);
  }
  if ('run' in main) core.exit(runPackageScript(core, main.run));
  startLoop(core, main.id);
}

/** As natively it is no failure when nobody reads it to its end. */
function printAnswer(core: ProcessCore, text: string): void {
  try {
    writeText(core, 1, text);
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
  }
}

function startLoop(core: ProcessCore, id: string): void {
  core.loop.start(createLoopClient(core, id));
}

/** What the loop of a program calls; `id` is the main script's. */
export function createLoopClient(core: ProcessCore, id: string): LoopClient {
  const { process } = core;
  const emit = (event: string, code: unknown) => (process.emit as (...args: unknown[]) => unknown)(event, code);
  const entryPoint = watchEntryPoint(core);
  return {
    receiver: process,
    runMain: () => runMainScript(core, id),
    inRootScope: (callback) => inRootScope(core, callback),
    resetContext: () => core.asyncState.reset(),
    emitBeforeExit() {
      entryPoint.look();
      return emit('beforeExit', process.exitCode ?? 0) === true;
    },
    finish() {
      const isUnsettled = entryPoint.isPending() && process.exitCode === undefined;
      inRootScope(core, () => {
        if (process._exiting) return;
        process._exiting = true;
        if (isUnsettled) process.exitCode = UNSETTLED_AWAIT;
        emit('exit', process.exitCode ?? 0);
      });
      endProcess(core, isUnsettled);
    },
    takesErrors: () => (process._events as Record<string, unknown> | undefined)?.uncaughtException !== undefined,
    callReported(callback) {
      const thrown = core.callReported(callback);
      if (thrown === undefined || core.loop.stopped || ProcessEnded.is(thrown.error)) return;
      core.reportFatal(thrown.error, false, thrown.place);
    },
    crash(error) {
      if (ProcessEnded.is(error) || core.loop.stopped) return;
      writeToStderr(core, `The sandbox's event loop failed: ${describe(error)}\n`);
      core.end(70);
    },
  };
}

const describe = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));

function inRootScope(core: ProcessCore, callback: () => void): void {
  const { asyncState } = core;
  const resource = {};
  asyncState.push(1, 0, resource);
  try {
    callback();
  } finally {
    asyncState.clearStack();
  }
}

function endProcess(core: ProcessCore, isUnsettled: boolean): void {
  const symbol = core.privateSymbols.exit_info_private_symbol;
  const info = symbol === undefined ? undefined : core.process[symbol];
  const code = info instanceof Int32Array && info[2] ? (info[1] ?? 0) : 0;
  if (isUnsettled) warnOfUnsettledAwait(core);
  core.coverageFiles.end();
  core.end(code);
}
