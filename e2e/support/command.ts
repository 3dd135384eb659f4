/** The commands as a shell starts them. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

interface CommandResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function fixpoint(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<CommandResult> {
  return startFixpoint(args, env).done;
}

interface Started {
  readonly child: ChildProcess;
  readonly done: Promise<CommandResult>;
}

/** A command that is not waited for. */
export function startFixpoint(args: readonly string[], env: NodeJS.ProcessEnv = {}): Started {
  const child = spawn(process.execPath, ['src/cli/start.mjs', ...args], { env: { ...process.env, ...env } });
  const done = new Promise<CommandResult>((resolve, reject) => {
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
  return { child, done };
}

/** Processes of this machine that were started with this variable; Linux alone tells. */
export async function processesWith(variable: string): Promise<string[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const variables = await Promise.all(ids.map((id) => readFile(`/proc/${id}/environ`, 'utf8').catch(() => '')));
  return ids.filter((_, at) => variables[at]?.split('\0').includes(variable));
}

export interface Folder extends AsyncDisposable {
  readonly path: string;
}

/** A folder of its own with these files; removed at the end of its block. */
export async function makeFolder(files: Readonly<Record<string, string>>): Promise<Folder> {
  const path = await mkdtemp(join(tmpdir(), 'fixpoint-e2e-'));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), text);
  }
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
