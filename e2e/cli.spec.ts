import { randomUUID } from 'node:crypto';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { SessionFile } from '../src/session/events.ts';
import { runNatively } from './oracle.ts';
import { fixpoint, makeFolder, processesWith, startFixpoint } from './support/command.ts';
import { repairDiscount, startOpenAIServer } from './support/openai-server.ts';

test('sandbox: environment, folder, mount, two streams and exit code 0', async () => {
  await using project = await makeFolder({
    'sub/print.js': `
      console.log(process.env.GREETING, process.cwd().endsWith('/sub'), require('fs').readFileSync('/data/note.txt', 'utf8'));
      console.error('a warning');`,
  });
  await using data = await makeFolder({ 'note.txt': 'from the mount' });
  const options = ['--split', '--env', 'GREETING=hello', '--cwd', 'sub', '--mount', `${data.path}:/data`];
  const { exitCode, stdout, stderr } = await fixpoint(['sandbox', ...options, project.path, '--', 'node', 'print.js']);
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'hello true from the mount\n' });
  expect(stderr).toContain('a warning');
});

for (const { name, args, command, exitCode } of [
  { name: "the command's own exit code", args: [], command: ['node', '-e', 'process.exit(3)'], exitCode: 3 },
  { name: '124 at the deadline', args: ['--timeout', '2'], command: ['node', '-e', 'for (;;) {}'], exitCode: 124 },
  { name: '127 for an unknown command', args: [], command: ['no-such-command'], exitCode: 127 },
]) {
  test(`sandbox: ${name}`, async () => {
    await using project = await makeFolder({ 'a.txt': '' });
    const result = await fixpoint(['sandbox', ...args, project.path, '--', ...command]);
    expect(result.exitCode, result.stderr).toBe(exitCode);
  });
}

test('sandbox: npm tells scripts of a program that they can run, with node or as it is', async () => {
  const ask = (program: string) => `execFileSync(${program}, 'run -s greet'.split(' '), { encoding: 'utf8' })`;
  await using project = await makeFolder({
    'package.json': JSON.stringify({ scripts: { greet: 'echo hello', all: 'node all.js' } }),
    'all.js': `
      const { execFileSync } = require('child_process');
      const { npm_execpath: npm } = process.env;
      const withNode = (file, args, options) => execFileSync(process.execPath, [file, ...args], options);
      console.log(${ask('npm')} + ${ask('npm').replace('execFileSync', 'withNode')});`,
  });
  const result = await fixpoint(['sandbox', project.path, '--', 'npm', 'run', '-s', 'all']);
  expect(result).toMatchObject({ exitCode: 0, stdout: 'hello\nhello\n\n' });
});

test('sandbox: who waits at a port is found, and ended', async () => {
  await using project = await makeFolder({
    'server.js': "require('http').createServer((_, response) => response.end('up')).listen(4000)",
    'find.sh': `
      node server.js & pid=$!
      until nc -z localhost 4000; do sleep 0.05; done
      [ "$(lsof -ti:4000)" = $pid ] && echo lsof
      lsof -nP -iTCP:4000 -sTCP:LISTEN | grep -c 'TCP \\*:4000 (LISTEN)'
      ss -ltnp | grep -c ":4000 .*pid=$pid,"
      [ "$(fuser 4000/tcp 2>/dev/null)" = " $pid" ] && echo fuser
      kill $(lsof -t -i :4000); wait $pid; echo $?
      lsof -i :4000; echo $?; nc -z localhost 4000; echo $?`,
  });
  const result = await fixpoint(['sandbox', project.path, '--', 'sh', 'find.sh']);
  expect(result.stdout).toBe('lsof\n1\n1\nfuser\nTerminated\n143\n1\n1\n');
});

test('sandbox: machine code is not run, and it is said why', async () => {
  const start = "require('child_process').spawn('./program').on('error', ({ code }) => console.log(code))";
  await using project = await makeFolder({ program: '\x7fELF\x02\x01\x01\0', 'start.js': start });
  const script = 'chmod +x program; ./program; echo $?; node start.js';
  const { stdout, stderr } = await fixpoint(['sandbox', '--split', project.path, '--', 'sh', '-c', script]);
  expect(stdout).toBe('126\n');
  expect(stderr).toContain('./program: cannot execute binary file: this sandbox runs no machine code\n');
  expect(stderr).toMatch(/Warning: \.\/program is machine code, .*\n[\s\S]*Error: spawn ENOEXEC/);
});

// The other specs watch their pages with developer tools, for which the browser tells another place.
test('sandbox: an uncaught error is shown where it was thrown, by whatever called', async () => {
  await using project = await makeFolder({
    'throws.js': `
      const made = new Error('made here');
      const fail = () => {
        throw made;
      };
      const { exec, spawn } = require('child_process');
      const callers = {
        at_once: () => { try { null.x } catch (error) {
          throw error; } },
        timer: () => setTimeout(fail),
        exec: () => exec('exit 3', (error) => { if (error) throw error; }),
        exit: () => spawn('true').on('exit', fail),
        zlib: () => require('zlib').gzip('a', fail),
        http: () => {
          const { createServer, get } = require('http');
          const server = createServer(fail).listen(0, () => get({ port: server.address().port }));
        },
        message: () => {
          const { port1, port2 } = new MessageChannel();
          port1.on('message', fail);
          port2.postMessage(1);
        },
      };
      callers[process.argv[2]]();`,
  });
  const names = ['at_once', 'timer', 'exec', 'exit', 'zlib', 'http', 'message'];
  const script = `${names.map((name) => `node throws.js ${name} 2>&1 | head -3`).join('; ')}; node -e 'try { null.x } catch (e) {
    throw e }' 2>&1 | head -3`;
  const { stdout } = await fixpoint(['sandbox', project.path, '--', 'sh', '-c', script]);
  expect(stdout).toBe((await runNatively(project.path, script, '/home/project')).stdout);
});

test('sandbox: what a handler of uncaughtException throws again is shown where it does', async () => {
  const file = 'e2e/fixtures/conformance/stacks-place/again.cjs';
  await using project = await makeFolder({ 'again.cjs': await readFile(file, 'utf8') });
  const script =
    'for from in main timer immediate tick file emitter; do node again.cjs same $from 2>&1; node again.cjs called $from 2>&1; done';
  const { stdout } = await fixpoint(['sandbox', project.path, '--', 'sh', '-c', script]);
  expect(stdout).toBe((await runNatively(project.path, script, '/home/project')).stdout);
});

test('sandbox: a text that does not compile is described and marked as by V8', async () => {
  const sources = [
    "if (1) { import { a } from 'b' }",
    "import { test, type Test } from 'node:test'",
    "import { a } of 'b'",
    "export { 'x' }",
    'x = a && #b;',
    'class A { #a; #a }',
    'let x = 08n',
    'function f(a: string) {}',
    'x = new.target',
    'return 5',
    '`${`',
    'const { a }, b = 1',
    'f(1',
    '  /* never ended',
  ];
  const names = sources.flatMap((_, index) => [`${index}.mjs`, `${index}.cjs`]);
  const texts = sources.flatMap((source) => [`\n${source}\n`, `\n${source}\n`]);
  await using project = await makeFolder(Object.fromEntries(names.map((name, index) => [name, texts[index] ?? ''])));
  const script = `for f in ${names.join(' ')}; do node $f 2>&1 | grep -v '^ *at ' | head -5; done`;
  const { stdout } = await fixpoint(['sandbox', project.path, '--', 'sh', '-c', script]);
  const plain = (text: string) => text.replace(/\(node:\d+\)/g, '(node:PID)');
  expect(plain(stdout)).toBe(plain((await runNatively(project.path, script, '/home/project')).stdout));
});

test('sandbox: a program that fills the memory is told as such, once the memory is full', async () => {
  await using project = await makeFolder({ 'a.txt': '' });
  const script = 'const all = []; for (;;) all.push(new Array(1e6).fill(Math.random()))';
  const { exitCode, stderr } = await fixpoint(['sandbox', project.path, '--', 'node', '-e', script]);
  expect(stderr).toContain('used up its memory');
  expect(exitCode).toBe(137);
});

test('a command whose reader leaves ends as by SIGPIPE, without a complaint', async () => {
  const { child, done } = startFixpoint(['model']);
  child.stdout?.destroy();
  expect(await done).toEqual({ exitCode: 141, stdout: '', stderr: '' });
});

test('sandbox --batch: each line has its own folder, and one that hangs does not hold up the others', async () => {
  const lines = [
    { id: 'hello', cmd: ['node', '-e', "console.log('hello')"] },
    {
      id: 'files',
      files: { 'a.js': "console.log(require('./b.js'))", 'b.js': 'module.exports = 42' },
      cmd: ['node', 'a.js'],
    },
    { id: 'hangs', cmd: ['node', '-e', 'for (;;) {}'], timeout: 2 },
    { id: 'fails', cmd: ['sh', '-c', 'echo no >&2; exit 7'] },
    { id: 'alone', cmd: ['ls'], env: { A: '1' } },
  ];
  await using folder = await makeFolder({ 'in.jsonl': lines.map((line) => JSON.stringify(line)).join('\n') });
  const out = join(folder.path, 'out.jsonl');
  const { exitCode, stderr } = await fixpoint(['sandbox', '--batch', join(folder.path, 'in.jsonl'), '--out', out]);
  expect(exitCode, stderr).toBe(0);
  const results = new Map(
    (await readFile(out, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .map(({ id, ms: _, ...result }) => [id, result]),
  );
  const done = (stdout: string) => ({ exitCode: 0, stdout, stderr: '', timedOut: false });
  expect(results.get('hello')).toEqual(done('hello\n'));
  expect(results.get('files')).toEqual(done('42\n'));
  expect(results.get('hangs')).toMatchObject({ exitCode: 124, timedOut: true });
  expect(results.get('fails')).toEqual({ exitCode: 7, stdout: '', stderr: 'no\n', timedOut: false });
  expect(results.get('alone')).toEqual(done(''));
  expect(results.size).toBe(lines.length);
});

test('sandbox --batch: who runs beside a program that fills the memory is run once more', async () => {
  const lines = [
    { id: 'hog', cmd: ['node', '-e', 'const all = []; for (;;) all.push(new Array(3e7).fill(.5))'] },
    { id: 'beside', cmd: ['sh', '-c', 'sleep 10; echo done'] },
    { id: 'behind', cmd: ['echo', 'behind'] },
  ];
  await using folder = await makeFolder({ 'in.jsonl': lines.map((line) => JSON.stringify(line)).join('\n') });
  const out = join(folder.path, 'out.jsonl');
  const { exitCode, stderr } = await fixpoint(['sandbox', '--batch', join(folder.path, 'in.jsonl'), '--out', out]);
  expect(exitCode, stderr).toBe(0);
  const results = (await readFile(out, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .map(({ id, exitCode: code, stdout, stderr: said }) => [id, code, stdout, /used up its memory/.test(said)]);
  expect(results.sort()).toEqual([
    ['behind', 0, 'behind\n', false],
    ['beside', 0, 'done\n', false],
    ['hog', 137, '', true],
  ]);
});

test('agent repairs a folder and writes the repair back; its session replays, and a changed one does not', async () => {
  await using project = await makeFolder({
    'package.json': JSON.stringify({ name: 'area', type: 'module', scripts: { test: 'checked && node --test' } }),
    'node_modules/checked/cli.js': '#!/usr/bin/env node\nrequire("./data");\n',
    'node_modules/checked/data.js': '',
    'src/area.js': 'export function area(width, height) {\n  return width + height;\n}\n',
    'test/area.test.js':
      "import assert from 'node:assert/strict';\nimport { test } from 'node:test';\nimport { area } from '../src/area.js';\n" +
      "test('of a square', () => assert.equal(area(3, 3), 9));\ntest('of a line', () => assert.equal(area(5, 0), 0));\n",
  });
  await mkdir(join(project.path, 'node_modules/.bin'));
  await symlink('../checked/cli.js', join(project.path, 'node_modules/.bin/checked'));
  await using out = await makeFolder({});
  const session = join(out.path, 'session.json');
  const env = { XDG_CACHE_HOME: out.path };
  const args = ['agent', '--task', project.path, '--model', 'solver', '--out', session, '--apply'];
  const agent = await fixpoint(args, env);
  expect(agent.exitCode, agent.stderr + agent.stdout).toBe(0);
  expect(agent.stdout).toMatch(/^solved: /);
  expect(await readFile(join(project.path, 'src/area.js'), 'utf8')).toContain('width * height');

  for (const [more, cache] of [
    [[], env],
    [['--project', project.path], { XDG_CACHE_HOME: project.path }],
  ] as const) {
    const replay = await fixpoint(['replay', session, ...more], cache);
    expect(replay.exitCode, replay.stdout + replay.stderr).toBe(0);
    expect(replay.stdout).toMatch(/^ok .*All \d+ steps agree with the recording\./s);
  }
  const elsewhere = await fixpoint(['replay', session], { XDG_CACHE_HOME: project.path });
  expect(elsewhere.stderr).toContain("give its project's folder with --project DIR");

  const changed = JSON.parse(await readFile(session, 'utf8')) as SessionFile;
  const edit = changed.events.find((event) => event.type === 'files-changed');
  if (edit?.type !== 'files-changed') throw new Error('the session has no edit');
  const events = changed.events.map((event) =>
    event === edit
      ? { ...edit, changes: edit.changes.map((change) => ({ ...change, content: 'export const area = () => 0;\n' })) }
      : event,
  );
  await writeFile(session, JSON.stringify({ ...changed, events }));
  const differing = await fixpoint(['replay', session], env);
  expect(differing.exitCode).toBe(1);
  expect(differing.stdout + differing.stderr).toContain(`event ${edit.seq}`);
});

test('agent: what the agent alone claims has an exit code of its own, also in eval', async () => {
  const finish = { name: 'finish', arguments: { summary: 'There was nothing to do.' } };
  await using server = await startOpenAIServer({ script: [{ text: 'Nothing to do.', calls: [finish] }] });
  await using project = await makeFolder({
    'package.json': JSON.stringify({ name: 'silent', scripts: { test: 'node check.js' } }),
    'check.js': '',
  });
  await using out = await makeFolder({});
  const where = ['--goal', 'Say more.', '--base-url', server.baseUrl];
  const model = 'openai:test-model';
  const card = join(out.path, 'card.json');
  const args = ['--task', project.path, '--model', model, '--out', join(out.path, 'session.json'), '--scorecard', card];
  const agent = await fixpoint(['agent', ...args, ...where]);
  expect(agent.exitCode, agent.stderr + agent.stdout).toBe(3);
  expect(agent.stdout).toMatch(/^solved \(no test says so: /);
  expect(JSON.parse(await readFile(card, 'utf8'))).toMatchObject({ outcome: 'solved', proof: 'agent' });
  const results = ['--tasks', project.path, '--models', model, '--out', out.path];
  const table = await fixpoint(['eval', ...results, ...where]);
  expect(table.stdout, table.stderr).toMatch(/^model .*claimed.*\n\S+ +loop +0 %/);
  expect(await readFile(join(out.path, 'runs.csv'), 'utf8')).toMatch(/\r\n.*,solved,.*,agent,/);
});

test('agent reaches a server that sends no CORS headers, with the key of the environment and nowhere else', async () => {
  await using server = await startOpenAIServer({ script: repairDiscount('price * (1 - rate)'), allowsPages: false });
  await using out = await makeFolder({});
  const session = join(out.path, 'session.json');
  const key = 'sk-end-to-end-77aa01';
  const { exitCode, stdout, stderr } = await fixpoint(
    ['agent', '--task', 'discount', '--model', 'openai:test-model', '--base-url', server.baseUrl, '--out', session],
    { OPENAI_API_KEY: key },
  );
  expect(exitCode, stderr + stdout).toBe(0);
  expect(server.authorizations.at(-1)).toBe(`Bearer ${key}`);
  expect(stdout + stderr + (await readFile(session, 'utf8'))).not.toContain(key);
});

test('agent: Ctrl-C ends the run as stopped, its session is written, and no browser is left', async () => {
  await using out = await makeFolder({});
  const session = join(out.path, 'session.json');
  const mark = `FIXPOINT_MARK=${randomUUID()}`;
  // Asked for a reply, the model is silent, and the person presses Ctrl-C.
  const server = createServer(() => child.kill('SIGINT')).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  const { child, done } = startFixpoint(
    ['agent', '--task', 'discount', '--model', 'openai:silent', '--base-url', url, '--out', session],
    { FIXPOINT_MARK: mark.split('=')[1] },
  );
  const { exitCode, stdout, stderr } = await done;
  server.close();
  server.closeAllConnections();
  expect(exitCode, stderr).toBe(130);
  expect(stdout).toMatch(/^stopped: /);
  const { events } = JSON.parse(await readFile(session, 'utf8')) as SessionFile;
  expect(events.at(-1)).toMatchObject({ type: 'run-finished', outcome: { kind: 'stopped' } });
  // The browser has closed; of its processes the last may still be ending.
  if (process.platform === 'linux') await expect.poll(() => processesWith(mark)).toEqual([]);
});

test('agent: killed without a warning, it leaves the session as far as it came', async () => {
  await using out = await makeFolder({});
  const session = join(out.path, 'session.json');
  const server = createServer(() => undefined).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  const { child, done } = startFixpoint(
    ['agent', '--task', 'discount', '--model', 'openai:silent', '--base-url', url, '--out', session],
    {},
  );
  const lastEvent = async () => {
    const text = await readFile(session, 'utf8').catch(() => '{"events":[]}');
    return (JSON.parse(text) as SessionFile).events.at(-1);
  };
  const cutOff = {
    kind: 'stopped',
    explanation: expect.stringContaining('was killed, or died, in the middle of step 1'),
  };
  await expect.poll(lastEvent).toMatchObject({ type: 'run-finished', outcome: cutOff });
  child.kill('SIGKILL');
  await done;
  server.close();
  server.closeAllConnections();
  expect((await lastEvent())?.type).toBe('run-finished');
});

test('agent: what passes the visible tests and fails the held-out ones is no success, and is not written back', async () => {
  const test = (name: string, cases: string) =>
    `import assert from 'node:assert/strict';\nimport { test } from 'node:test';\nimport { half } from '../src/half.js';\n` +
    `test('${name}', () => { for (const [n, to] of ${cases}) assert.equal(half(n), to); });\n`;
  await using task = await makeFolder({
    'task.json': JSON.stringify({ title: 'Half', goal: 'Make half give the half.', hidden: 'held-out' }),
    'files/package.json': JSON.stringify({ name: 'half', type: 'module', scripts: { test: 'node --test' } }),
    'files/src/half.js': 'export function half(n) {\n  return n + 2;\n}\n',
    'files/test/half.test.js': test('four', '[[4, 2]]'),
    // What turns n + 2 into n - 2 passes with 4 alone.
    'held-out/test/more.test.js': test('others', '[[4, 2], [10, 5], [0, 0]]'),
  });
  await using out = await makeFolder({});
  const session = join(out.path, 'session.json');
  const card = join(out.path, 'card.json');
  const { exitCode, stdout, stderr } = await fixpoint(
    'agent --model solver --apply'.split(' ').concat('--task', task.path, '--out', session, '--scorecard', card),
  );
  expect(exitCode, stderr + stdout).toBe(1);
  expect(stdout).toContain('passes the visible tests and fails the held-out ones');
  expect(await readFile(join(task.path, 'files/src/half.js'), 'utf8')).toContain('n + 2');
  const { best, attempts } = JSON.parse(await readFile(card, 'utf8'));
  expect(attempts.at(Number(best))).toMatchObject({ passed: true, hidden: { passed: false } });
  const replay = await fixpoint(['replay', session]);
  expect(replay.stdout).toMatch(/held-out tests on attempt \d+ \(npm test\): tree .*All \d+ steps agree/s);
});
