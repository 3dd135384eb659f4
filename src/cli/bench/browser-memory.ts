import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const KB = 1024;

/** Bytes of memory that the browser's pages use, the sandbox's renderer among them; null where the system does not tell (Windows). */
export async function pagesMemory(browserPid: number): Promise<number | null> {
  if (process.platform === 'win32') return null;
  // The browser leads a process group.
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,pgid=,rss=,args='], { maxBuffer: 64 * KB * KB });
  const lines = stdout.split('\n').filter((line) => line.includes('--type=renderer'));
  const renderers = lines
    .map((line) => line.trim().split(/\s+/, 3).map(Number))
    .filter(([, group]) => group === browserPid);
  const sizes = await Promise.all(renderers.map(([pid = 0, , rss = 0]) => proportionalSize(pid, rss * KB)));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Pages that several processes share count in part; the resident size where the system tells no better. */
async function proportionalSize(pid: number, residentSize: number): Promise<number> {
  try {
    const [, kilobytes] = /^Pss:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/smaps_rollup`, 'utf8')) ?? [];
    return kilobytes === undefined ? residentSize : Number(kilobytes) * KB;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'EACCES' || code === 'ESRCH') return residentSize;
    throw error;
  }
}
