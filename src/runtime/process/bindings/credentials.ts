import type { CoreBindingFactory } from '../core.ts';

const USERS: Readonly<Record<string, number>> = { root: 0, daemon: 1, nobody: 65534 };
const GROUPS: Readonly<Record<string, number>> = { root: 0, daemon: 1, nogroup: 65534 };

/** `internalBinding('credentials')`: a process starts as root, and may give that up; the sandbox's files ask for neither. */
export const credentials: CoreBindingFactory = (core) => {
  const ids = { uid: 0, euid: 0, gid: 0, egid: 0, groups: [0] };
  const idOf = (known: Readonly<Record<string, number>>, id: unknown) =>
    typeof id === 'number' ? id : known[String(id)];

  /** As setuid(2) and its kin: root may become anyone, anyone else what they were; returns 1 for a name that there is not. */
  const change = (
    syscall: string,
    known: Readonly<Record<string, number>>,
    targets: ('uid' | 'euid' | 'gid' | 'egid')[],
  ) => {
    const real = known === USERS ? 'uid' : 'gid';
    return (id: unknown) => {
      const wanted = idOf(known, id);
      if (wanted === undefined) return 1;
      if (ids.euid !== 0 && wanted !== ids[real]) throw notPermitted(syscall);
      for (const target of targets) ids[target] = wanted;
      return 0;
    };
  };

  function setgroups(groups: readonly unknown[]): number {
    const wanted = groups.map((group) => idOf(GROUPS, group));
    const unknown = wanted.indexOf(undefined);
    // Its position, from one.
    if (unknown >= 0) return unknown + 1;
    if (ids.euid !== 0) throw notPermitted('setgroups');
    ids.groups = wanted.filter((id) => id !== undefined);
    return 0;
  }

  /** 1 and 2 say that there is no such user or group; a user is looked up by number alone. */
  function initgroups(user: unknown, group: unknown): number {
    const extra = idOf(GROUPS, group);
    if (typeof user === 'number' && !Object.values(USERS).includes(user)) return 1;
    if (extra === undefined) return 2;
    return setgroups([extra]);
  }

  return {
    ...core.described('credentials'),
    safeGetenv: (name: string) => core.environment.variables[name],
    getTempDir: () => temporaryFolder(core.environment.variables),
    implementsPosixCredentials: true,
    getuid: () => ids.uid,
    geteuid: () => ids.euid,
    getgid: () => ids.gid,
    getegid: () => ids.egid,
    getgroups: () => [...ids.groups],
    initgroups,
    setgroups,
    setegid: change('setegid', GROUPS, ['egid']),
    seteuid: change('seteuid', USERS, ['euid']),
    setgid: change('setgid', GROUPS, ['gid', 'egid']),
    setuid: change('setuid', USERS, ['uid', 'euid']),
  };
};

/** As V8's side of Node makes it, not libuv's. */
const notPermitted = (syscall: string): Error =>
  Object.assign(new Error('EPERM, Operation not permitted'), { errno: 1, code: 'EPERM', syscall });

function temporaryFolder({ TMPDIR, TMP, TEMP }: Readonly<Record<string, string | undefined>>): string {
  return (TMPDIR || TMP || TEMP || '/tmp').replace(/(.)\/$/, '$1');
}
