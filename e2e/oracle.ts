/** Native Node of the pinned version, run on the same files: what the sandbox's output is compared with. */
import { spawn } from 'node:child_process';
import { cp, mkdtemp, open, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { findNode, projectRoot } from '../src/runtime/library/find-node.ts';

export interface ProgramOutput {
  exitCode: number;
  stdout: string;
  stderr: string;
}

const pinned = dirname(findNode(projectRoot()).path);

/** Runs a line of sh in a fresh copy of the folder; paths of the copy are written as the sandbox's project folder. */
export async function runNatively(folder: string, command: string, project: string): Promise<ProgramOutput> {
  const place = await mkdtemp(join(tmpdir(), 'fixpoint-oracle-'));
  const copy = join(place, basename(project));
  try {
    await cp(folder, copy, { recursive: true, verbatimSymlinks: true });
    const env = {
      PATH: `${pinned}${delimiter}${process.env.PATH}`,
      HOME: copy,
      NO_UPDATE_NOTIFIER: '1',
      npm_config_update_notifier: 'false',
    };
    // Into files, because Node loses what a pipe has not taken yet when a program calls process.exit.
    const outputs = { stdout: join(place, 'stdout'), stderr: join(place, 'stderr') };
    const [out, err] = await Promise.all([open(outputs.stdout, 'w'), open(outputs.stderr, 'w')]);
    const child = spawn('sh', ['-c', command], { cwd: copy, env, stdio: ['ignore', out.fd, err.fd] });
    const exitCode = await new Promise<number>((resolve) => child.on('close', (code) => resolve(code ?? -1)));
    await Promise.all([out.close(), err.close()]);
    const stdout = await readFile(outputs.stdout, 'utf8');
    const stderr = await readFile(outputs.stderr, 'utf8');
    const inSandbox = (output: string) => output.replaceAll(copy, project);
    return { exitCode, stdout: inSandbox(stdout), stderr: inSandbox(stderr) };
  } finally {
    await rm(place, { recursive: true, force: true });
  }
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
