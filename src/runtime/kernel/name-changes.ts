/** Which calls change names in folders: those that a thread makes without waiting, nobody else may make meanwhile (`NameKeeper`). */
import { O_CREAT } from './file-modes.ts';
import type { SyscallName } from './syscalls.ts';

/** Whose lookups tell a process all that it needs to know to make the next ones without waiting. */
export const PLAIN_CHANGES: readonly SyscallName[] = ['mkdir', 'rmdir', 'unlink', 'rename', 'link', 'symlink'];

const CHANGES: ReadonlySet<unknown> = new Set<SyscallName>([
  ...PLAIN_CHANGES,
  'copyFile',
  'mkdtemp',
  'remove',
  'listenPath',
  'mkfifo',
]);
/** Where in the arguments the flags stand, which say whether a file is made that is not there. */
const FLAGS_AT: Partial<Record<SyscallName, number>> = { open: 1, openFile: 1, openAs: 2, writeFile: 2 };

/** Whether a call, of which nothing was checked yet, may make, remove or move a name. */
export function changesNames(name: unknown, args: unknown): boolean {
  if (CHANGES.has(name)) return true;
  const at = typeof name === 'string' && Object.hasOwn(FLAGS_AT, name) ? FLAGS_AT[name as SyscallName] : undefined;
  if (at === undefined || !Array.isArray(args)) return false;
  const flags: unknown = args[at];
  return typeof flags === 'number' && (flags & O_CREAT) !== 0;
}
