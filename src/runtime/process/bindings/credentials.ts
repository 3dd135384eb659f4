import type { CoreBindingFactory } from '../core.ts';

/** `internalBinding('credentials')`: the sandbox's one user is root. */
export const credentials: CoreBindingFactory = (core) => {
  const root = () => 0;
  const unchanged = (id: unknown) => {
    if (id === 0 || id === 'root') return 0;
    throw core.createErrnoError('EPERM', 'setuid');
  };
  return {
    ...core.described('credentials'),
    safeGetenv: (name: string) => core.environment[name],
    getTempDir: () => (core.environment['TMPDIR'] ?? '/tmp').replace(/(.)\/$/, '$1'),
    implementsPosixCredentials: true,
    getuid: root,
    geteuid: root,
    getgid: root,
    getegid: root,
    getgroups: () => [0],
    initgroups: root,
    setgroups: root,
    setegid: unchanged,
    seteuid: unchanged,
    setgid: unchanged,
    setuid: unchanged,
  };
};
