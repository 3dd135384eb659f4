import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

  it('changes fields of package.json and keeps its indentation', async () => {
    const text = '{\n    "name": "x",\n    "keywords": ["a", "b"]\n}';
    const changed = async (...args: string[]) => {
      const { status, stderr } = await run(undefined, 'pkg', ...args);
      return { status, stderr, text: readFileSync(join(cwd, 'package.json'), 'utf8') };
    };
    writeFileSync(join(cwd, 'package.json'), text);
    expect(await changed('set', 'type=module', 'keywords[]=z', 'keywords[0]=q', 'scripts[a:b]=x=y')).toEqual({
      status: 0,
      stderr: '',
      text: `${JSON.stringify({ name: 'x', keywords: ['q', 'b', 'z'], type: 'module', scripts: { 'a:b': 'x=y' } }, null, 4)}\n`,
    });
    expect((await changed('set', 'private=true', 'n=1', '--json')).text).toContain('"private": true,\n    "n": 1\n');
    expect((await changed('delete', 'name', 'keywords[0]', 'scripts.nope')).text).toContain(
      '{\n    "keywords": [\n        "b",\n        "z"\n    ],\n    "type"',
    );
    expect((await run(undefined, 'pkg', 'get', 'keywords[0]', 'n')).stdout).toBe(
      '{\n  "keywords[0]": "b",\n  "n": 1\n}\n',
    );
    expect(await changed('set', 'novalue')).toMatchObject({ status: 1 });
  });

  it('exits with the code of the script', async () => {
    expect(await run(project, 'run', 'fail', '--silent')).toMatchObject({ stdout: '', stderr: '', status: 3 });
  });

  it('gives the script its environment', async () => {
    expect((await run(project, '-s', 'run', 'env')).stdout).toBe('env proj\n');
  });

  it('tells the script, and npm in it, of its flags', async () => {
    const watched =
      'echo $npm_config_watch/$npm_config_foo_bar/$npm_config_force/$(env | grep -c ^npm_config_audit=) "$@"';
    const scripts = { outer: 'npm run inner', inner: watched };
    const flags = ['--watch', '--foo-bar=3', '-s', '--force', '--audit'];
    expect(await run({ ...project, scripts }, 'run', 'outer', ...flags)).toMatchObject({
      stdout: 'true/3/true/0\n',
      status: 0,
    });
    const inner = await run(
      { ...project, scripts },
      'run',
      'inner',
      '-s',
      '--no-watch',
      '--no-audit',
      '--',
      '--foo-bar',
    );
    expect(inner).toMatchObject({ stdout: '///1 --foo-bar\n', status: 0 });
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
    expect(await run(project, 'install', 'left-pad')).toMatchObject({
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

describe('workspaces', () => {
  const root = {
    name: 'root',
    private: true,
    workspaces: ['packages/*', '!packages/none'],
    scripts: { test: 'npm run test --workspaces --if-present' },
  };
  const packages = {
    a: { name: 'a', version: '1.0.0', scripts: { test: 'basename $PWD && exit 3' } },
    b: { name: '@s/b', version: '1.0.0', scripts: { test: 'echo B', x: 'echo X' } },
    c: { version: '2.0.0', scripts: { test: 'exit 5' } },
    none: { name: 'none', version: '1.0.0', scripts: { test: 'exit 9' } },
  };
  beforeEach(() => {
    for (const [name, content] of Object.entries(packages)) {
      mkdirSync(join(cwd, 'packages', name), { recursive: true });
      writeFileSync(join(cwd, 'packages', name, 'package.json'), JSON.stringify(content));
    }
    mkdirSync(join(cwd, 'packages/empty'));
  });

  it('runs a script in each, tells what fails and goes on', async () => {
    const { stdout, stderr, status } = await run(root, 'test', '--workspaces');
    expect(stdout).toBe(
      '\n> a@1.0.0 test\n> basename $PWD && exit 3\n\na\n\n> @s/b@1.0.0 test\n> echo B\n\nB\n\n> test\n> exit 5\n\n',
    );
    const failure = (folder: string, id: string, code: number, text: string) =>
      `npm error Lifecycle script \`test\` failed with error:\nnpm error code ${code}\nnpm error path ${cwd}/packages/${folder}\n` +
      `npm error workspace ${id}\nnpm error location ${cwd}/packages/${folder}\nnpm error command failed\nnpm error command sh -c ${text}\n`;
    expect(stderr).toBe(`${failure('a', 'a@1.0.0', 3, 'basename $PWD && exit 3')}\n${failure('c', 'c', 5, 'exit 5')}`);
    expect(status).toBe(5);
    expect((await run(root, 'test')).status).toBe(5);
  });

  it('runs it in those that are named, by name or folder', async () => {
    expect((await run(root, '-s', 'test', '-w', '@s/b')).stdout).toBe('B\n');
    expect((await run(root, '-s', 'run', 'x', '--workspace=packages/b')).stdout).toBe('X\n');
    expect(await run(root, '-s', 'run', 'x', '-w', 'packages', '--if-present')).toMatchObject({
      stdout: 'X\n',
      status: 0,
    });
    expect((await run(root, 'run', 'x', '-w', 'a')).stderr).toBe(
      `npm error Lifecycle script \`x\` failed with error:\nnpm error workspace a@1.0.0\nnpm error location ${cwd}/packages/a\n` +
        'npm error Missing script: "x"\nnpm error\nnpm error To see a list of scripts, run:\nnpm error   npm run --workspace=a@1.0.0\n',
    );
    expect(await run(root, 'test', '-w', 'nope')).toMatchObject({
      stderr: 'npm error No workspaces found:\nnpm error   --workspace=nope\n',
      status: 1,
    });
  });
});
