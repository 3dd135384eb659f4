import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runNatively } from './native-run.ts';

const SET_UP = `mkdir -p d/sub .hid; printf 'b 2\\na 10\\nc 1\\na 10\\n' > f; printf 'one\\ntwo\\nthree\\n' > g; echo x > d/x.js; echo y > d/sub/y.ts; touch .dot "sp ace"; echo hid > .hid/z`;
const env = { PATH: '/usr/bin:/bin', HOME: '/root', LC_ALL: 'C.UTF-8', TZ: 'UTC', USER: 'root' };
const oneLiners = readFileSync(join(import.meta.dirname, 'fixtures/snippets.txt'), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('# '));
const snippets = [
  ...oneLiners,
  'X=1\ncat <<EOF\nv $X $(echo s) \\$X\nEOF\ncat <<"EOF"\nraw $X\nEOF\ncat <<-EOF\n\ttab\n\tEOF\n',
  'cat <<A; cat <<B\na\nA\nb\nB\n',
  'echo a\nnosuch\necho b\n',
  'if true\nthen\n  echo multi\nfi\n',
  'echo "multi\nline"',
  'echo a \\\n  b',
  'echo ok\nif then\n',
  'false\necho $?\n# comment\n\nexit 2\n',
];
const folders: string[] = [];

const template = mkdtempSync(join(tmpdir(), 'shell-'));
spawnSync('/bin/sh', ['-c', SET_UP], { cwd: template });
folders.push(template);

function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'shell-'));
  folders.push(folder);
  cpSync(template, folder, { recursive: true });
  return folder;
}

/** Every file with its content. */
function filesOf(folder: string): [string, string][] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry): [string, string] => {
      const path = join(entry.parentPath, entry.name);
      return [path.slice(folder.length), readFileSync(path, 'utf8')];
    })
    .sort();
}

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}, 60_000);

describe('as dash and coreutils', () => {
  it.each(snippets)('%s', async (snippet) => {
    const [mine, theirs] = [freshFolder(), freshFolder()];
    const native = spawnSync('/bin/sh', ['-c', snippet], {
      argv0: 'sh',
      cwd: theirs,
      env,
      input: 'in 1\nin 2\n',
      encoding: 'utf8',
    });
    const run = await runNatively({ argv: ['sh', '-c', snippet], cwd: mine, env, input: 'in 1\nin 2\n' });
    const plain = (text: string) => text.replaceAll(theirs, 'DIR').replaceAll(mine, 'DIR');
    expect({ stdout: plain(run.stdout), stderr: plain(run.stderr), status: run.status, leaked: run.leaked }).toEqual({
      stdout: plain(native.stdout),
      stderr: plain(native.stderr),
      status: native.status,
      leaked: 0,
    });
    expect(filesOf(mine)).toEqual(filesOf(theirs));
  });
});
