import { accessSync, constants, readFileSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';

/** Tests make and remove thousands of folders, for which a disk takes longer than the tests themselves. */
const MEMORY = '/dev/shm';
const NEEDED_BYTES = 2 ** 30;

/** Where tests make their folders: in memory, where a system has room for them there. */
export const SCRATCH_FOLDER = hasMemoryFolder() ? MEMORY : tmpdir();

function hasMemoryFolder(): boolean {
  try {
    accessSync(MEMORY, constants.W_OK);
    const { bavail, bsize } = statfsSync(MEMORY);
    const mounts = readFileSync('/proc/mounts', 'utf8').split('\n');
    const mount = mounts.find((line) => line.split(' ')[1] === MEMORY);
    return bavail * bsize > NEEDED_BYTES && mount !== undefined && !/\bnoexec\b/.test(mount);
  } catch {
    // Another system, or a container without it.
    return false;
  }
}
