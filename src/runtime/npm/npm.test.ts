import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runNatively } from '../shell/conformance/native-run.test-support.ts';

// The expected texts are what npm 11.19.1 prints to a pipe, the line that names its log file apart.
let cwd: string;

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'npm-'));
});

afterEach(() => {
  rmSync(cwd, { recursive: true, force: true });
});

function run(pkg: unknown, ...args: string[]) {
  if (pkg !== undefined) writeFileSync(join(cwd, 'package.json'), typeof pkg === 'string' ? pkg : JSON.stringify(pkg));
  const env = { PATH: `${dirname(process.execPath)}:/usr/bin:/bin` };
  return runNatively({ argv: ['npm', ...args], cwd, env });
}

const project = {
  name: 'proj',
  version: '1.2.3',
  scripts: {
    test: 'echo testing',
    build: 'echo build',
    prebuild: 'echo pre',
    fail: 'exit 3',
    env: 'echo $npm_lifecycle_event $npm_package_name',
  },
};

describe('npm', () => {
  it('runs a script behind its header', async () => {
    const result = await run(project, 'test');
    expect(result).toEqual({
      stdout: '\n> proj@1.2.3 test\n> echo testing\n\ntesting\n',
      stderr: '',
      status: 0,
      leaked: 0,
    });
  });

  it('passes arguments to the script, not to its pre script', async () => {
    const { stdout } = await run(project, 'run', 'build', '--', 'a', 'b c');
    expect(stdout).toBe(
      '\n> proj@1.2.3 prebuild\n> echo pre\n\npre\n\n> proj@1.2.3 build\n> echo build a b c\n\nbuild a b c\n',
    );
  });

  it('exits with the code of the script', async () => {
    expect(await run(project, 'run', 'fail', '--silent')).toMatchObject({ stdout: '', stderr: '', status: 3 });
  });

  it('gives the script its environment', async () => {
    expect((await run(project, '-s', 'run', 'env')).stdout).toBe('env proj\n');
  });

  it('lists the scripts', async () => {
    const { stdout } = await run({ name: 'x', scripts: { test: 'a', other: 'b' } }, 'run');
    expect(stdout).toBe('Lifecycle scripts included in x:\n  test\n    a\navailable via `npm run`:\n  other\n    b\n');
  });

  it('names a missing script', async () => {
    expect(await run({ name: 'x' }, 'test')).toMatchObject({
      stderr:
        'npm error Missing script: "test"\nnpm error\nnpm error To see a list of scripts, run:\nnpm error   npm run\n',
      status: 1,
    });
  });

  it('says where it looked for package.json', async () => {
    const { stderr, status } = await run(undefined, 'test');
    expect(stderr).toContain(
      `npm error enoent Could not read package.json: Error: ENOENT: no such file or directory, open '${cwd}/package.json'`,
    );
    expect(status).toBe(254);
  });

  it('explains a package.json that is not JSON', async () => {
    const { stderr, status } = await run('{bad\n', 'test');
    expect(stderr).toContain(
      'npm error code EJSONPARSE\nnpm error JSON.parse Invalid package.json: JSONParseError: Expected property name',
    );
    expect(status).toBe(1);
  });

  it('does not pretend to install', async () => {
    expect(await run(project, 'install')).toMatchObject({
      stderr: expect.stringContaining('not supported in the sandbox yet'),
      status: 1,
    });
  });

  it('suggests a command for a misspelt one', async () => {
    expect((await run(project, 'tset')).stdout).toContain(
      'Did you mean this?\n  npm set # Set a value in the npm configuration\n',
    );
  });
});
