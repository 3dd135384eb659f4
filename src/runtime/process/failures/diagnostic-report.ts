import type { ProcessCore } from '../core.ts';

export interface ReportSettings {
  readonly excludesNetwork: boolean;
  readonly excludesEnvironment: boolean;
  readonly event: string;
  readonly trigger: string;
  /** Null where none is written. */
  readonly filename: string | null;
}

/**
 * What `process.report` says, as Node's diagnostic report has it (version 5): of the machine, the process and the stack at
 * hand. What a browser does not tell (heap spaces, resource usage, the handles of the loop) is left out.
 */
export function diagnosticReport(core: ProcessCore, stack: string, settings: ReportSettings): Record<string, unknown> {
  const [message = '', ...frames] = stack.split('\n');
  const now = new Date();
  return {
    header: { ...header(core, now, settings), ...machine(core, settings) },
    javascriptStack: {
      message,
      // Natively, too, the last line is missing: only those that a line break ends are told.
      stack: frames.slice(0, -1).map((frame) => frame.trim()),
      errorProperties: { code: 'ERR_SYNTHETIC' },
    },
    nativeStack: [],
    libuv: [],
    workers: [],
    ...(settings.excludesEnvironment ? {} : { environmentVariables: { ...core.environment.variables } }),
    sharedObjects: [],
  };
}

function header(
  { process, isThread, library }: ProcessCore,
  now: Date,
  { event, trigger, filename }: ReportSettings,
): Record<string, unknown> {
  const cwd = process['cwd'] as () => string;
  return {
    reportVersion: 5,
    event,
    trigger,
    filename,
    dumpEventTime: now.toISOString().replace(/\.\d+Z$/, 'Z'),
    dumpEventTimeStamp: String(now.getTime()),
    processId: process['pid'],
    threadId: isThread ? undefined : 0,
    cwd: cwd.call(process),
    commandLine: [process['argv0'], ...(process['execArgv'] as string[]), ...(process['argv'] as string[]).slice(1)],
    nodejsVersion: library.version,
    // By these, packages choose among their builds: this Node is the one for glibc.
    glibcVersionRuntime: '2.28',
    glibcVersionCompiler: '2.28',
    wordSize: 64,
    arch: process['arch'],
    platform: process['platform'],
    componentVersions: { ...(process['versions'] as object) },
    release: { ...(process['release'] as object) },
  };
}

function machine(core: ProcessCore, { excludesNetwork }: ReportSettings): Record<string, unknown> {
  const os = core.require('os') as unknown as typeof import('node:os');
  const cpus = os.cpus().map(({ model, speed, times }) => ({ model, speed, ...times }));
  const interfaces = Object.entries(os.networkInterfaces()).flatMap(([name, addresses = []]) =>
    addresses.map(({ internal, mac, address, netmask, family }) => ({ name, internal, mac, address, netmask, family })),
  );
  return {
    osName: os.type(),
    osRelease: os.release(),
    osVersion: os.version(),
    osMachine: os.machine(),
    cpus,
    ...(excludesNetwork ? {} : { networkInterfaces: interfaces }),
    host: os.hostname(),
  };
}
