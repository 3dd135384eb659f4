import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runNatively } from '../shell/conformance/native-run.test-support.ts';

// The expected texts are what npm 11.19.1 prints to a pipe, the line that names its log file apart.
let cwd: string;

beforeEach(() => {
  cwd = realpathSync(mkdtempSync(join(tmpdir(), 'npm-')));
});

afterEach(() => {
  rmSync(cwd, { recursive: true, force: true });
});

async function npm(...args: string[]) {
  const who = {
    GIT_AUTHOR_NAME: 'A',
    GIT_AUTHOR_EMAIL: 'a@b.c',
    GIT_COMMITTER_NAME: 'A',
    GIT_COMMITTER_EMAIL: 'a@b.c',
  };
  const env = { PATH: `${dirname(process.execPath)}:/usr/bin:/bin`, HOME: cwd, ...who };
  const { stdout, stderr, status } = await runNatively({ argv: ['npm', ...args], cwd, env });
  return { stdout: stdout.replaceAll(cwd, 'DIR'), stderr: stderr.replaceAll(cwd, 'DIR'), status };
}

function put(path: string, content: unknown): void {
  mkdirSync(dirname(join(cwd, path)), { recursive: true });
  writeFileSync(join(cwd, path), typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`);
}

const installed = (name: string, version: string, dependencies: Record<string, string> = {}) =>
  put(`node_modules/${name}/package.json`, { name, version, dependencies });

const content = () => JSON.parse(readFileSync(join(cwd, 'package.json'), 'utf8'));

describe('npm ls', () => {
  beforeEach(() => {
    put('package.json', {
      name: 'demo',
      version: '1.0.0',
      dependencies: { express: '^4.18.2', lodash: '~4.17.21' },
      devDependencies: { jest: '29.7.0' },
      optionalDependencies: { fsevents: '^2.0.0' },
    });
    installed('express', '4.18.2', { 'body-parser': '*' });
    installed('body-parser', '1.0.0', { lodash: '*' });
    installed('lodash', '4.17.21');
    installed('left-pad', '1.3.0');
  });

  it('shows what is asked for, what is missing and what nobody asks for', async () => {
    installed('jest', '29.0.0');
    expect(await npm('ls')).toEqual({
      stdout: `demo@1.0.0 DIR
├── express@4.18.2
├── UNMET OPTIONAL DEPENDENCY fsevents@^2.0.0
├── jest@29.0.0 invalid: "29.7.0" from the root project
├── left-pad@1.3.0 extraneous
└── lodash@4.17.21

`,
      stderr: `npm error code ELSPROBLEMS
npm error invalid: jest@29.0.0 DIR/node_modules/jest
npm error extraneous: left-pad@1.3.0 DIR/node_modules/left-pad
`,
      status: 1,
    });
  });

  it('tells a package once, where it stands highest', async () => {
    installed('jest', '29.7.0');
    expect((await npm('ls', '--all')).stdout).toBe(`demo@1.0.0 DIR
├─┬ express@4.18.2
│ └─┬ body-parser@1.0.0
│   └── lodash@4.17.21 deduped
├── UNMET OPTIONAL DEPENDENCY fsevents@^2.0.0
├── jest@29.7.0
├── left-pad@1.3.0 extraneous
└── lodash@4.17.21

`);
    expect(await npm('ls', 'body-parser')).toEqual({
      stdout: 'demo@1.0.0 DIR\n└─┬ express@4.18.2\n  └── body-parser@1.0.0\n\n',
      stderr: '',
      status: 0,
    });
    expect((await npm('ls', 'nosuch')).status).toBe(1);
  });

  it('says what is missing, as npm install does', async () => {
    const missing = 'missing: jest@29.7.0, required by demo@1.0.0';
    expect(await npm('ls')).toMatchObject({ status: 1, stderr: expect.stringContaining(missing) });
    expect(await npm('install')).toMatchObject({ status: 1, stderr: expect.stringContaining('missing: jest@29.7.0') });
    installed('jest', '29.7.0');
    expect(await npm('install')).toEqual({ stdout: '\nup to date\n', stderr: '', status: 0 });
  });
});

describe('npm version', () => {
  it('writes the next version, and commits and tags it in a repository', async () => {
    put('package.json', { name: 'demo', version: '1.4.2' });
    expect(await npm('version', 'patch')).toEqual({ stdout: 'v1.4.3\n', stderr: '', status: 0 });
    expect(await npm('version', '1.4.3')).toEqual({ stdout: '', stderr: 'npm error Version not changed\n', status: 1 });
    expect(await npm('version', 'nosuch')).toEqual({
      stdout: '',
      stderr: 'npm error Invalid version: nosuch\n',
      status: 1,
    });
    execFileSync('git', ['init', '-q', '-b', 'main'], { cwd });
    execFileSync('sh', ['-c', 'git add -A; git -c user.name=A -c user.email=a@b.c commit -qm one'], { cwd });
    expect(await npm('version', 'minor', '-m', 'release %s')).toEqual({ stdout: 'v1.5.0\n', stderr: '', status: 0 });
    const git = (...args: string[]) => execFileSync('git', args, { cwd, encoding: 'utf8' });
    expect([git('log', '-1', '--format=%s'), git('tag')]).toEqual(['release 1.5.0\n', 'v1.5.0\n']);
    put('new', 'x');
    git('add', 'new');
    expect((await npm('version', 'major')).stderr).toBe('npm error Git working directory not clean.\n');
    expect(content().version).toBe('1.5.0');
  });

  it('runs its scripts before and after', async () => {
    const scripts = { preversion: 'echo pre', version: 'echo v', postversion: 'echo post' };
    put('package.json', { name: 'demo', version: '1.0.0', scripts });
    expect(await npm('version', 'patch')).toEqual({
      stdout:
        '\n> preversion\n> echo pre\n\npre\n\n> version\n> echo v\n\nv\n\n> postversion\n> echo post\n\npost\nv1.0.1\n',
      stderr: '',
      status: 0,
    });
  });
});

it('npm pack lists what a package is made of, and packs it', async () => {
  put('package.json', { name: '@me/demo', version: '1.0.0', files: ['src'], main: 'index.js' });
  for (const path of ['index.js', 'other.js', 'README.md', 'src/a.js', 'src/.DS_Store', 'node_modules/x/package.json'])
    put(path, 'text\n');
  const dry = await npm('pack', '--dry-run');
  expect([dry.stdout, dry.status, readdirSync(cwd).filter((name) => name.endsWith('.tgz'))]).toEqual([
    'me-demo-1.0.0.tgz\n',
    0,
    [],
  ]);
  const paths = ['README.md', 'index.js', 'package.json', 'src/a.js'];
  expect(dry.stderr.match(/(?<=^npm notice \d+B ).*/gm)).toEqual(paths);
  await npm('pack', '-s');
  const listed = execFileSync('tar', ['tzf', 'me-demo-1.0.0.tgz'], { cwd, encoding: 'utf8' });
  expect(listed.trim().split('\n')).toEqual(paths.map((path) => `package/${path}`));
});

it('npm init -y takes what the folder tells, and keeps what a package.json says', async () => {
  put('README.md', '# Title\n\nA small thing.\n');
  put('run.js', '');
  put('docs/x.md', '');
  put('package.json', { name: 'x', version: '3.0.0', private: true });
  expect((await npm('init', '-y')).status).toBe(0);
  expect(content()).toEqual({
    name: 'x',
    version: '3.0.0',
    private: true,
    description: 'A small thing.',
    main: 'run.js',
    directories: { doc: 'docs' },
    scripts: { test: 'echo "Error: no test specified" && exit 1' },
    keywords: [],
    author: '',
    license: 'ISC',
    type: 'commonjs',
  });
});
