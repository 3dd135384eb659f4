import type { CoreBindingFactory } from '../core.ts';
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
    getUptime: () => Math.floor(core.host.now() / 1000),
    getTotalMem: () => MEMORY,
    getFreeMem: () => MEMORY / 2,
    // Seven values a processor: model, speed, and five times.
    getCPUs: () => Array.from({ length: processors }, () => ['virtual', 0, 0, 0, 0, 0, 0]).flat(),
    getInterfaceAddresses: () => [
      ...['lo', '127.0.0.1', '255.0.0.0', 'IPv4', '00:00:00:00:00:00', true, -1],
      ...['lo', '::1', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'IPv6', '00:00:00:00:00:00', true, 0],
    ],
    getHomeDirectory: homeDirectory,
    getUserInfo: () => ({ uid: 0, gid: 0, username: 'root', homedir: homeDirectory(), shell: '/bin/sh' }),
    setPriority: () => 0,
    getPriority: () => 0,
    getAvailableParallelism: () => processors,
    getOSInformation: () => ['Linux', '#1 SMP', '6.1.0', 'x86_64'],
  };
};
