import { SystemError } from '../../kernel/syscalls.ts';
import type { CoreBindingFactory, ProcessCore } from '../core.ts';
import { namedEncoding } from '../encoding/names.ts';
import { processorCount } from '../processors.ts';

const MEMORY = 8 * 2 ** 30;
const HOSTNAME = 'localhost';

/** `internalBinding('os')`: the machine that the sandbox plays. */
export const os: CoreBindingFactory = (core) => {
  const processors = processorCount();
  const homeDirectory = () => core.environment.variables['HOME'] ?? '/root';
  return {
    ...core.described('os'),
    getHostname: () => HOSTNAME,
    getLoadAvg: (averages: Float64Array) => averages.fill(0),
    getUptime: () => Math.ceil(core.host.now() / 10) / 100,
    getTotalMem: () => MEMORY,
    getFreeMem: () => MEMORY / 2,
    // Seven values a processor: model, speed, and five times.
    getCPUs: () => Array.from({ length: processors }, () => ['virtual', 0, 0, 0, 0, 0, 0]).flat(),
    getInterfaceAddresses: () => [
      ...['lo', '127.0.0.1', '255.0.0.0', 'IPv4', '00:00:00:00:00:00', true, -1],
      ...['lo', '::1', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'IPv6', '00:00:00:00:00:00', true, 0],
    ],
    getHomeDirectory: homeDirectory,
    getUserInfo(options: { encoding?: unknown } | null) {
      const name = options?.encoding;
      const encoding = typeof name === 'string' ? (namedEncoding(name) ?? 'utf8') : 'utf8';
      const { Buffer: GuestBuffer } = core.require('buffer') as { Buffer: typeof Buffer };
      const encoded = (text: string) => {
        const bytes = GuestBuffer.from(text);
        return encoding === 'buffer' ? bytes : bytes.toString(encoding);
      };
      return {
        __proto__: null,
        uid: 0,
        gid: 0,
        username: encoded('root'),
        homedir: encoded(homeDirectory()),
        shell: encoded('/bin/sh'),
      };
    },
    ...priorities(core),
    getAvailableParallelism: () => processors,
    getOSInformation: () => ['Linux', '#1 SMP', '6.1.0', 'x86_64'],
  };
};

/** Told to nobody: a browser schedules its threads itself. A process sees what it has set. */
function priorities(core: ProcessCore) {
  const { sys, errnoOf, errnoMessageOf } = core;
  const known = new Map<number, number>();
  const idOf = (pid: number) => (pid === 0 ? core.launch.pid : pid);
  /** Undefined, and the failure's details in `failure`, where there is no such process. */
  const attempt = <Result>(syscall: string, pid: number, failure: object, step: () => Result): Result | undefined => {
    try {
      sys.call('kill', idOf(pid), 0);
      return step();
    } catch (error) {
      if (!(error instanceof SystemError)) throw error;
      const errno = errnoOf(error.code);
      Object.assign(failure, { errno, code: error.code, message: errnoMessageOf(errno), syscall });
      return undefined;
    }
  };
  return {
    setPriority(pid: number, priority: number, failure: object): number | undefined {
      return attempt('uv_os_setpriority', pid, failure, () => {
        known.set(idOf(pid), priority);
        return 0;
      });
    },
    getPriority: (pid: number, failure: object): number | undefined =>
      attempt('uv_os_getpriority', pid, failure, () => known.get(idOf(pid)) ?? 0),
  };
}
