import type { CoreBindingFactory } from '../core.ts';

/** `internalBinding('credentials')`: the sandbox's one user is root. */
export const credentials: CoreBindingFactory = (core) => {
  const root = () => 0;
  const isRoot = (id: unknown) => id === 0 || id === 'root';
  /** 1 says that there is no such user or group. */
  const change = (syscall: string) => (id: unknown) => {
    if (isRoot(id)) return 0;
    if (typeof id === 'string') return 1;
    throw core.createErrnoError('EPERM', syscall);
  };
  return {
    ...core.described('credentials'),
    safeGetenv: (name: string) => core.environment.variables[name],
    getTempDir: () => (core.environment.variables['TMPDIR'] ?? '/tmp').replace(/(.)\/$/, '$1'),
    implementsPosixCredentials: true,
    getuid: root,
    geteuid: root,
    getgid: root,
    getegid: root,
    getgroups: () => [0],
    initgroups: (user: unknown, group: unknown) => (isRoot(group) ? (isRoot(user) ? 0 : 1) : 2),
    /** The position, from one, of the first group that there is not. */
    setgroups: (groups: unknown[]) => 1 + groups.findIndex((group) => typeof group === 'string' && !isRoot(group)),
    setegid: change('setegid'),
    seteuid: change('seteuid'),
    setgid: change('setgid'),
    setuid: change('setuid'),
  };
};
