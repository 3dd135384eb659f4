import { SystemError } from '../../kernel/syscalls.ts';
import { activeResources, nameOfHandle } from '../active-resources.ts';
import type { CoreBindingFactory, ProcessCore } from '../core.ts';
import { materialize } from '../engine/description.ts';
import { addonError } from '../engine/native-addon.ts';
import { writeToStderr } from '../failures/fatal.ts';
import { tellOfMachineCode } from '../failures/machine-code.ts';
import { exitTrace, TRACED_FRAMES } from '../failures/traces.ts';
import { beginAllAtExit } from '../files/operation.ts';
import { asNative } from '../modules/caller-stack.ts';
import { loadEnvironmentFile } from '../options/environment-files.ts';
import { symbolNamed } from '../streams/handle-wrap.ts';

const SIGABRT = 6;
const SIGSEGV = 11;
const DEBUG_PORT = 9229;

/** `internalBinding('process_methods')`: what `process` does itself. */
export const processMethods: CoreBindingFactory = (core) => ({
  ...core.described('process_methods'),
  ...clock(core),
  ...resources(core),
  ...kernelCalls(core),
  patchProcessObject: (process: Record<string, unknown>) => patchProcessObject(core, process),
  _rawDebug: (text: string) => writeToStderr(core, `${text}\n`),
  _debugProcess: () => undefined,
  _debugEnd: () => undefined,
  ...active(core),
  setEmitWarningSync(emit: (warning: string) => void) {
    core.emitWarningSync = emit;
  },
  loadEnvFile: asNative('loadEnvFile', (path: string | Uint8Array = '.env') =>
    loadEnvironmentFile(core, typeof path === 'string' ? path : new core.host.TextDecoder().decode(path)),
  ),
  dlopen(_module: unknown, path: string) {
    throw addonError(core, path, core.commandLine?.values['--no-addons'] !== true);
  },
});

function active(core: ProcessCore) {
  const { handles, requests } = activeResources(core);
  const { loop } = core;
  const ownerOf = (object: object): unknown => Reflect.get(object, symbolNamed(core, 'owner_symbol')) ?? object;
  return {
    _getActiveRequests: () => [...requests.keys()].map(ownerOf),
    _getActiveHandles: () => [...handles.keys()].map(ownerOf),
    getActiveResourcesInfo: () => [
      ...requests.values(),
      ...[...handles.values()].map(nameOfHandle),
      ...Array.from({ length: loop.timeoutInfo[0] ?? 0 }, () => 'Timeout'),
      ...Array.from({ length: loop.immediateInfo[1] ?? 0 }, () => 'Immediate'),
    ],
  };
}

function clock(core: ProcessCore) {
  const { host } = core;
  const hrtimeBuffer = materialize(core.library.binding('process_methods')?.['hrtimeBuffer']) as Uint32Array;
  const nanoseconds = new BigUint64Array(hrtimeBuffer.buffer, 0, 1);
  return {
    hrtimeBuffer,
    hrtime() {
      const ms = host.timeOrigin + host.now();
      const seconds = Math.floor(ms / 1000);
      hrtimeBuffer[0] = Math.floor(seconds / 2 ** 32);
      hrtimeBuffer[1] = seconds >>> 0;
      hrtimeBuffer[2] = Math.min(999_999_999, Math.round((ms - seconds * 1000) * 1e6));
    },
    hrtimeBigInt() {
      nanoseconds[0] = BigInt(Math.round((host.timeOrigin + host.now()) * 1e6));
    },
    uptime: () => core.uptime() / 1000,
  };
}

/** A Worker cannot see what it uses: figures of a usual process, with the heap from the browser where it tells. */
function resources(core: ProcessCore) {
  const RSS = 60_000_000;
  const memory = (globalThis.performance as { memory?: { totalJSHeapSize: number; usedJSHeapSize: number } }).memory;
  const cpuMicroseconds = () => Math.round(core.host.now() * 1000);
  return {
    memoryUsage(values: Float64Array) {
      values.set([RSS, memory?.totalJSHeapSize ?? 30_000_000, memory?.usedJSHeapSize ?? 20_000_000, 1_000_000, 10_000]);
    },
    rss: () => RSS,
    constrainedMemory: () => 0,
    availableMemory: () => 4 * 2 ** 30,
    cpuUsage: (values: Float64Array) => values.set([cpuMicroseconds(), 0]),
    threadCpuUsage: (values: Float64Array) => values.set([cpuMicroseconds(), 0]),
    resourceUsage(values: Float64Array) {
      values.fill(0);
      values[0] = cpuMicroseconds();
    },
  };
}

/** Empty when it was removed. */
function currentFolder({ sys }: ProcessCore): string {
  try {
    return sys.call('getcwd');
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    return '';
  }
}

function kernelCalls(core: ProcessCore) {
  const { sys } = core;
  const endBy = (signal: number) => {
    sys.call('kill', core.launch.pid, signal);
    core.exit(128 + signal);
  };
  return {
    cwd: () => attempt(core, 'uv_cwd', undefined, () => sys.call('getcwd')),
    chdir(folder: string) {
      try {
        sys.call('chdir', folder);
      } catch (error) {
        if (!(error instanceof SystemError)) throw error;
        throw core.createErrnoError(error.code, 'chdir', currentFolder(core), folder);
      }
    },
    umask: (mask?: number) => sys.call('umask', mask ?? null),
    /** The id may be text, as programs read it from a file. */
    _kill(pid: unknown, signal: unknown) {
      try {
        sys.call('kill', Number(pid) | 0, Number(signal) | 0);
        return 0;
      } catch (error) {
        if (!(error instanceof SystemError)) throw error;
        return core.errnoOf(error.code);
      }
    },
    execve: (file: string, argv: string[], env: string[]) => replaceProgram(core, { file, argv, env }),
    abort: () => endBy(SIGABRT),
    causeSegfault: () => endBy(SIGSEGV),
    reallyExit(code: number) {
      const limit = core.commandLine?.values['--stack-trace-limit'];
      const frames = core.callSites.current(typeof limit === 'number' ? limit : TRACED_FRAMES);
      const trace = exitTrace(core, code | 0, frames);
      if (trace) writeToStderr(core, trace);
      core.coverageFiles.end();
      beginAllAtExit(core);
      core.exit(code | 0);
    },
  };
}

const KEPT_DESCRIPTORS = [0, 1, 2];

/** Does not return; as in Node, a program that cannot be started ends the process with an abort. */
function replaceProgram(core: ProcessCore, program: { file: string; argv: string[]; env: string[] }): void {
  try {
    core.sys.call('exec', { ...program, stdio: KEPT_DESCRIPTORS });
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    tellOfMachineCode(core, error, program.file);
    writeToStderr(core, `process.execve failed with error code ${error.code}\n`);
    writeToStderr(core, `${new Error().stack?.split('\n').slice(1).join('\n')}\n`);
    core.sys.call('kill', core.launch.pid, SIGABRT);
  }
}

function attempt<T>(core: ProcessCore, syscall: string, path: string | undefined, call: () => T): T {
  try {
    return call();
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    throw core.createErrnoError(error.code, syscall, path);
  }
}

/** Gives `process` what the launch and the command line say. */
export function patchProcessObject(core: ProcessCore, process: Record<string, unknown>): void {
  const { launch, commandLine } = core;
  Object.assign(process, {
    title: commandLine?.values['--title'] || launch.argv[0] || 'node',
    argv: [...(commandLine?.argv ?? launch.argv)],
    execArgv: [...(commandLine?.execArgv ?? [])],
    env: core.environmentProxy,
    pid: launch.pid,
    ppid: launch.ppid,
    execPath: launch.execPath,
    debugPort: DEBUG_PORT,
  });
}
