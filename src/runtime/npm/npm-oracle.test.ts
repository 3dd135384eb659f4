import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runNatively } from '../shell/conformance/native-run.test-support.ts';

// What npm 11.19.1 does, run on the same folders under Node 24.11.1; the line that names its log file and its lists of options are left out.
let cwd: string;

beforeEach(() => {
  cwd = realpathSync(mkdtempSync(join(tmpdir(), 'npm-')));
});

afterEach(() => {
  rmSync(cwd, { recursive: true, force: true });
});

function put(path: string, content: unknown, mode = 0o644): void {
  mkdirSync(dirname(join(cwd, path)), { recursive: true });
  writeFileSync(join(cwd, path), typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`, {
    mode,
  });
}

const project = (fields: object) => put('package.json', { name: 'demo', version: '1.2.3', ...fields });
const text = (path = 'package.json') => readFileSync(join(cwd, path), 'utf8');

async function run(command: string, at = '.', more: Record<string, string> = {}) {
  const env = { PATH: `${dirname(process.execPath)}:/usr/bin:/bin`, HOME: '/nonexistent', ...more };
  const result = await runNatively({ argv: command.split(' '), cwd: join(cwd, at), env });
  const shown = (output: string) => output.replaceAll(cwd, 'DIR');
  return { stdout: shown(result.stdout), stderr: shown(result.stderr), status: result.status };
}

describe('npm pkg', () => {
  it.each([
    ['__proto__.x=1', 'code EFORBIDDENKEY\nnpm error Forbidden key: "__proto__"'],
    ['constructor.prototype.x=1', 'code EFORBIDDENKEY\nnpm error Forbidden key: "constructor"'],
    ['name.x=1', 'code EOVERRIDEVALUE\nnpm error Property name already exists and is not an Array or Object.'],
    ['o[]=1', "code ENOAPPEND\nnpm error Can't use append syntax in non-Array element"],
    ['list.x=1', "code ENOADDPROP\nnpm error Can't add property list.x to an Array."],
    ['=1', 'code EUSAGE\nnpm error\nnpm error npm pkg set expects a key=value pair of args.'],
    ['x=', 'code EUSAGE\nnpm error\nnpm error npm pkg set expects a key=value pair of args.'],
  ])('refuses to set %s, and writes nothing', async (change, message) => {
    project({ o: { a: 1 }, list: [1] });
    const before = text();
    expect(await run(`npm pkg set a=1 ${change}`)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining(`npm error ${message}\n`),
    });
    expect(text()).toBe(before);
  });

  it('takes what stands in brackets as one name, and shows a field of all elements', async () => {
    project({ contributors: [{ name: 'a' }, { name: 'b' }] });
    await run('npm pkg set exports[./a.js].import=x name.first=y --force');
    expect(JSON.parse(text())).toMatchObject({ exports: { './a.js': { import: 'x' } }, name: { first: 'y' } });
    expect((await run('npm pkg get contributors.name')).stdout).toBe(
      '{\n  "contributors[0].name": "a",\n  "contributors[1].name": "b"\n}\n',
    );
    expect(await run('npm pkg get contributors[].name')).toEqual({
      status: 1,
      stdout:
        '{\n  "error": {\n    "code": "EINVALIDSYNTAX",\n    "summary": "Empty brackets are not valid syntax for retrieving values.",\n    "detail": ""\n  }\n}\n',
      stderr: 'npm error code EINVALIDSYNTAX\nnpm error Empty brackets are not valid syntax for retrieving values.\n',
    });
  });

  it('writes package.json with the ends of lines that it had', async () => {
    for (const [before, after] of [
      ['{\r\n  "name": "x"\r\n}\r\n', '{\r\n  "name": "x",\r\n  "a": "1"\r\n}\r\n'],
      ['{"name":"x"}\n', '{"name":"x","a":"1"}'],
      ['\ufeff{\n\t"name": "x"\n}', '{\n\t"name": "x",\n\t"a": "1"\n}\n'],
      ['{}', '{\n  "a": "1"\n}\n'],
    ] as const) {
      put('package.json', before);
      await run('npm pkg set a=1');
      expect(text()).toBe(after);
    }
  });

  it('says it when package.json is a folder', async () => {
    mkdirSync(join(cwd, 'package.json'));
    expect(await run('npm pkg set a=1')).toEqual({
      status: 235,
      stdout: '',
      stderr:
        'npm error code EISDIR\nnpm error syscall read\nnpm error errno -21\nnpm error Could not read package.json: Error: EISDIR: illegal operation on a directory, read\n',
    });
  });
});

describe('npm’s configuration', () => {
  it('is read from .npmrc of the project, below the environment and the command line', async () => {
    project({ scripts: { prea: 'echo pre', a: 'echo $npm_config_foo $npm_config_bar $npm_config_key_with_dash' } });
    put(
      '.npmrc',
      `; a comment\nloglevel = silent\nignore-scripts=true\nfoo="b \${WHO}" \n@s:registry=x\nkey-with-dash\n`,
    );
    expect(await run('npm run a', '.', { WHO: 'me' })).toEqual({ status: 0, stdout: 'b me true\n', stderr: '' });
    expect((await run('npm run a --loglevel=notice', '.', { npm_config_ignore_scripts: 'false' })).stdout).toContain(
      '\npre\n',
    );
  });

  it('names the shell of scripts', async () => {
    project({ scripts: { a: 'echo $0' } });
    expect((await run('npm run -s a --script-shell=/bin/bash')).stdout).toBe('/bin/bash\n');
  });

  it('warns of flags that it does not know, and of words behind them', async () => {
    project({ scripts: { a: 'echo' } });
    expect(await run('npm run -s a -z x')).toMatchObject({ stdout: 'x\n', stderr: '' });
    expect((await run('npm run a -z x')).stderr).toBe(
      'npm warn "x" is being parsed as a normal command line argument.\nnpm warn Unknown cli config "--z". This will stop working in the next major version of npm.\n',
    );
    expect((await run('npm toString')).stdout).toMatch(/^Unknown command: "toString"\n/);
  });

  it('takes --prefix as the project, and tells scripts where npm was called', async () => {
    project({ scripts: { a: 'pwd' } });
    put('sub/package.json', { scripts: { a: 'pwd; echo $INIT_CWD' } });
    expect((await run('npm -s --prefix sub run a')).stdout).toBe('DIR/sub\nDIR\n');
    expect(await run('npm --prefix nosuch run a')).toMatchObject({ status: 254, stdout: '' });
  });

  it('keeps the header of a script apart from JSON', async () => {
    project({ scripts: { a: 'echo {}' } });
    expect(await run('npm run a --json')).toEqual({
      status: 0,
      stdout: '{}\n',
      stderr: '\n> demo@1.2.3 a\n> echo {}\n\n',
    });
  });
});

describe('npm config', () => {
  it('shows what is set, by whom, and no secrets', async () => {
    project({});
    put(
      '.npmrc',
      'fund=false\nfetch-retries=7\n//r/:_authToken=x\n@s:registry=http://u:p@r/\nomit[]=dev\nomit[]=peer\n',
    );
    expect((await run('npm config get fund')).stdout).toBe('false\n');
    expect((await run('npm get fund fetch-timeout foo omit')).stdout).toBe(
      'fund=false\nfetch-timeout=300000\nfoo=undefined\nomit=dev,peer\n',
    );
    expect(await run('npm c get //r/:_authToken')).toMatchObject({
      status: 1,
      stderr: 'npm error The //r/:_authToken option is protected, and cannot be retrieved in this way\n',
    });
    const { stdout } = await run('npm config ls --no-audit', '.', { npm_config_fund: 'true' });
    expect(stdout.split('\n\n; node bin')[0]).toBe(
      `; "project" config from DIR/.npmrc

@s:registry = "http://u:***@r/"
//r/:_authToken = (protected)
fetch-retries = 7
; fund = false ; overridden by env
omit = ["dev","peer"]

; "env" config from environment

fund = true

; "cli" config from command line options

audit = false`,
    );
  });

  it('sets and removes in a file, whose other lines stay', async () => {
    project({});
    put('.npmrc', '; why\ntag=a\n');
    expect(await run('npm config set -L project fund=false message a;b')).toEqual({
      status: 0,
      stdout: '',
      stderr: '',
    });
    expect(text('.npmrc')).toBe('; why\ntag=a\nfund=false\nmessage=a\\;b\n');
    expect((await run('npm config get message')).stdout).toBe('a;b\n');
    await run('npm config delete tag fund --location=project');
    expect(text('.npmrc')).toBe('; why\nmessage=a\\;b\n');
    put('.npmrc', 'omit[]=dev\nomit[] = peer\ntag=a\n');
    await run('npm config delete omit -L project');
    expect(text('.npmrc')).toBe('tag=a\n');
    expect(await run('npm set foo=1')).toMatchObject({ stderr: 'npm error `foo` is not a valid npm option\n' });
  });

  it('keeps the settings of the user at home', async () => {
    put('home/.keep', '');
    const env = { HOME: join(cwd, 'home') };
    await run('npm config set save-exact true', '.', env);
    expect(text('home/.npmrc')).toBe('save-exact=true\n');
    expect((await run('npm config get save-exact', '.', env)).stdout).toBe('true\n');
    await run('npm config delete save-exact', '.', env);
    expect(() => text('home/.npmrc')).toThrow('ENOENT');
  });
});

describe('npx', () => {
  const tool = '#!/bin/sh\necho tool "$@" $npm_lifecycle_script\n';

  it('runs programs of the project, and of a package by its name', async () => {
    project({ bin: { own: './own.sh' } });
    put('own.sh', tool, 0o755);
    put('node_modules/@s/tl/package.json', { name: '@s/tl', version: '1.0.0', bin: { other: 'cli.sh' } });
    put('node_modules/@s/tl/cli.sh', tool, 0o755);
    expect((await run('npx own x')).stdout).toMatch(/^tool x '.*own(\.sh)?'\n$/);
    expect((await run('npx -p @s/tl@1 @s/tl -y')).stdout).toMatch(/^tool -y /);
    expect(await run('npx -c ls more')).toMatchObject({ status: 1, stderr: expect.stringContaining('code EUSAGE') });
  });
});

describe('npm version', () => {
  it('tells its scripts both versions, and stops where one fails', async () => {
    project({ scripts: { version: 'echo $npm_old_version $npm_new_version' } });
    expect((await run('npm version -s minor')).stdout).toBe('1.2.3 1.3.0\nv1.3.0\n');
    project({ scripts: { preversion: 'exit 3' } });
    expect(await run('npm version -s minor')).toMatchObject({ status: 3 });
    expect((await run('npm version minor')).stderr).toBe(
      'npm error code 3\nnpm error path DIR\nnpm error command failed\nnpm error command sh -c exit 3\n',
    );
    expect(JSON.parse(text()).version).toBe('1.2.3');
  });

  it('starts from nothing, leaves a broken lock file alone and takes one version', async () => {
    put('package.json', { name: 'demo' });
    put('package-lock.json', '{');
    expect(await run('npm version patch')).toEqual({ status: 0, stdout: 'v0.0.1\n', stderr: '' });
    expect(text('package-lock.json')).toBe('{');
    expect(await run('npm version 1.0.0 2.0.0')).toMatchObject({ status: 1 });
  });
});

describe('npm pack', () => {
  const packed = async (command = 'npm pack --dry-run --json -s') =>
    JSON.parse((await run(command)).stdout)[0].files.map(({ path }: { path: string }) => path);

  it('writes beside package.json, whatever the name', async () => {
    put('package.json', { name: '../../x', version: '1.0.0' });
    expect(await run('npm pack -s')).toEqual({ status: 0, stdout: '..-..-x-1.0.0.tgz\n', stderr: '' });
    put('package.json', { name: 'x', version: '../../1' });
    await run('npm pack -s');
    expect(text('x-..-..-1.tgz')).not.toBe('');
  });

  it('takes files in their order, files by name always, what main and browser name, and bundled packages', async () => {
    put('package.json', {
      name: 'x',
      version: '1.0.0',
      main: 'm.js',
      browser: './b.js',
      files: ['lib', '!lib/x.js', 'ignored/one.js'],
      dependencies: { q: '1' },
      bundleDependencies: ['q'],
    });
    put('node_modules/q/package.json', { name: 'q', version: '1.0.0', dependencies: { r: '1' } });
    put('node_modules/r/package.json', { name: 'r', version: '1.0.0' });
    put('node_modules/z/package.json', { name: 'z', version: '1.0.0' });
    for (const path of ['lib/a.js', 'lib/x.js', 'm.js', 'b.js', 'o.js', 'ignored/one.js', 'ignored/two.js'])
      put(path, '');
    put('ignored/.npmignore', '*');
    expect(await packed()).toEqual([
      'b.js',
      'ignored/one.js',
      'lib/a.js',
      'm.js',
      'node_modules/q/package.json',
      'node_modules/r/package.json',
      'package.json',
    ]);
  });

  it('expands braces in the list of files and in what is ignored', async () => {
    for (const path of [
      'lib/a.js',
      'lib/b.css',
      'lib/c.ts',
      'lib/x/d.js',
      'images/1.png',
      'images/2.svg',
      'images/3.gif',
    ])
      put(path, '');
    put('package.json', {
      name: 'x',
      version: '1.0.0',
      files: ['images/*.{png,svg}', 'lib/**/*.{js,css}', '!lib/{b,z}.css'],
    });
    expect(await packed()).toEqual(['images/1.png', 'images/2.svg', 'lib/a.js', 'lib/x/d.js', 'package.json']);
    put('package.json', { name: 'x', version: '1.0.0' });
    put('.npmignore', '*.{png,svg}\n!images/{1,9}.png\n#{a,b}\nlib/{a,c}.*\n');
    expect(await packed()).toEqual(['images/1.png', 'images/3.gif', 'lib/b.css', 'lib/x/d.js', 'package.json']);
  });

  it('packs a folder that is named, and no folder further up', async () => {
    project({});
    put('sub/package.json', { name: 'sub', version: '1.0.0' });
    mkdirSync(join(cwd, 'none'));
    expect((await run('npm pack ./sub -s')).stdout).toBe('sub-1.0.0.tgz\n');
    expect(await run('npm pack -s', 'none')).toMatchObject({ status: 254, stdout: '' });
    expect(await run('npm pack -s --pack-destination nosuch')).toMatchObject({ status: 254, stdout: '' });
  });
});

describe('npm ls', () => {
  it('shows a folder without package.json, packages by range, and those that are broken', async () => {
    expect(await run('npm ls')).toEqual({ status: 0, stdout: 'DIR\n└── (empty)\n\n', stderr: '' });
    project({ dependencies: { a: '^1.0.0', b: 'npm:c@1', d: '*' } });
    put('node_modules/a/package.json', '{');
    put('node_modules/b/package.json', { name: 'c', version: '1.0.0' });
    put('node_modules/d/package.json', { name: 'd', version: '1.0.0' });
    expect((await run('npm ls')).stdout).toBe(
      'demo@1.2.3 DIR\n├── a@ invalid: "^1.0.0" from the root project\n├── b@npm:c@1.0.0\n└── d@1.0.0\n\n',
    );
    expect(await run('npm ls d@2')).toEqual({ status: 1, stdout: 'demo@1.2.3 DIR\n└── (empty)\n\n', stderr: '' });
  });
});

describe('workspaces of npm', () => {
  const root = (workspaces: unknown) => put('package.json', { name: 'root', version: '1.0.0', workspaces });
  beforeEach(() => {
    put('packages/a/package.json', { name: 'a', version: '1.0.0', scripts: { x: 'echo a $INIT_CWD' } });
    put('packages/b/package.json', { name: 'b', version: '1.0.0', scripts: { x: 'echo b' } });
  });

  it.each([
    [['packages/[a]'], 'a DIR\n'],
    [['packages/[!a]'], 'b\n'],
    [['packages/@(a|b)'], 'a DIR\nb\n'],
    [['packages/{b,a}'], 'b\na DIR\n'],
    [['**/**/**/**/**/**/**/**/a'], 'a DIR\n'],
    [['packages/../packages/a/'], 'a DIR\n'],
    [['packages/[a'], ''],
  ])('%j', async (patterns, stdout) => {
    root(patterns);
    symlinkSync('..', join(cwd, 'packages/loop'));
    symlinkSync('self', join(cwd, 'packages/self'));
    expect((await run('npm run x -s --workspaces')).stdout).toBe(stdout);
  });

  it('have one name each, in a list', async () => {
    root('packages/*');
    expect((await run('npm run x --workspaces')).stderr).toContain('npm error code EWORKSPACESCONFIG\n');
    root(['packages/*']);
    put('packages/b/package.json', { name: 'a' });
    expect((await run('npm run x --workspaces')).stderr).toBe(
      "npm error code EDUPLICATEWORKSPACE\nnpm error must not have multiple workspaces with the same name\nnpm error package 'a' has conflicts in the following paths:\nnpm error     DIR/packages/a\nnpm error     DIR/packages/b\n",
    );
  });

  it('belong to their project', async () => {
    root(['packages/*']);
    mkdirSync(join(cwd, 'node_modules'));
    for (const name of ['a', 'b']) symlinkSync(`../packages/${name}`, join(cwd, 'node_modules', name));
    expect((await run('npm prefix', 'packages/a')).stdout).toBe('DIR\n');
    expect((await run('npm ls')).stdout).toBe(
      'root@1.0.0 DIR\n├── a@1.0.0 -> ./packages/a\n└── b@1.0.0 -> ./packages/b\n\n',
    );
    expect((await run('npm exec --workspaces -c pwd')).stdout).toBe('DIR/packages/a\nDIR/packages/b\n');
    expect((await run('npm pkg get version --workspaces')).stdout).toBe('{\n  "a": "1.0.0",\n  "b": "1.0.0"\n}\n');
  });
});
