/** Test support: scripts run by this shell and by the machine's own, on copies of the same folder, and compared. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { launch } from '../../../sandbox/launcher.test-support.ts';
import { SCRATCH_FOLDER } from '../../../sandbox/scratch-folder.test-support.ts';
import { runNatively } from './native-run.test-support.ts';

const SET_UP = `mkdir -p d/sub .hid; printf 'b 2\\na 10\\nc 1\\na 10\\n' > f; printf 'one\\ntwo\\nthree\\n' > g; echo x > d/x.js; echo y > d/sub/y.ts; touch .dot "sp ace"; echo hid > .hid/z`;
const baseEnv = { PATH: '/usr/bin:/bin', HOME: '/root', LC_ALL: 'C.UTF-8', TZ: 'UTC', USER: 'root' };
const input = 'in 1\nin 2\n';
/** On a socket, which Node gives its children for their input, bash takes itself for a remote shell and reads ~/.bashrc. */
const OPTIONS = { sh: [], bash: ['--norc'] } as const;

/** The cases of a fixture: one a line, `# ` starts a comment; after a line `%%` each further one ends with such a line. */
export function readSnippets(name: string): string[] {
  const text = readFileSync(join(import.meta.dirname, 'fixtures', name), 'utf8');
  const [lines = '', ...blocks] = text.split(/^%%\n/m);
  return [...lines.split('\n').filter((line) => line !== '' && !line.startsWith('# ')), ...blocks];
}

/** Makes one test of each snippet: stdout, stderr, exit code and files must agree. `more` adds to the folder they run in. */
export function compareWithNative(
  shell: 'sh' | 'bash',
  snippets: readonly string[],
  more = '',
  moreEnv: Readonly<Record<string, string>> = {},
): void {
  const env = { ...baseEnv, ...moreEnv };
  const folders: string[] = [];
  const template = mkdtempSync(join(SCRATCH_FOLDER, 'shell-'));
  folders.push(template);
  spawnSync('/bin/sh', ['-c', `${SET_UP}\n${more}`], { cwd: template });
  const freshFolder = () => {
    const folder = mkdtempSync(join(SCRATCH_FOLDER, 'shell-'));
    folders.push(folder);
    cpSync(template, folder, { recursive: true });
    return folder;
  };
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });
  it.each(snippets)('%s', async (snippet) => {
    const [mine, theirs] = [freshFolder(), freshFolder()];
    const output = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
    const { closed } = launch({
      file: `/bin/${shell}`,
      args: [...OPTIONS[shell], '-c', snippet],
      options: { argv0: shell, cwd: theirs, env },
      input,
      onOutput: (stream, data) => output[stream].push(data),
    });
    const { code } = await closed;
    const run = await runNatively({ argv: [shell, '-c', snippet], cwd: mine, env, input });
    const plain = (text: string) => text.replaceAll(theirs, 'DIR').replaceAll(mine, 'DIR');
    expect({ stdout: plain(run.stdout), stderr: plain(run.stderr), status: run.status, leaked: run.leaked }).toEqual({
      stdout: plain(Buffer.concat(output.stdout).toString()),
      stderr: plain(Buffer.concat(output.stderr).toString()),
      status: code,
      leaked: 0,
    });
    expect(filesOf(mine)).toEqual(filesOf(theirs));
  });
}

/** Every file with its content; what lies in the folder of a repository depends on the version of git. */
function filesOf(folder: string): [string, string][] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const repositories = entries.filter((entry) => entry.name === 'objects').map((entry) => entry.parentPath);
  return entries
    .filter((entry) => entry.isFile() && !repositories.some((path) => `${entry.parentPath}/`.startsWith(`${path}/`)))
    .map((entry): [string, string] => {
      const path = join(entry.parentPath, entry.name);
      return [path.slice(folder.length), readFileSync(path, 'latin1')];
    })
    .sort();
}
