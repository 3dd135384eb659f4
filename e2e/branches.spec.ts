/** Working copies beside the main one, in the real sandbox: their own files, commands at the same time, and back after a loss. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { build } from 'esbuild';
import type { createSandbox } from '../src/sandbox/create-sandbox.ts';
import { parseSessionText } from '../src/session/format/parse-session.ts';
import { openClient } from './support/client.ts';
import { fixpoint, makeFolder } from './support/command.ts';

declare global {
  interface Window {
    createSandbox: typeof createSandbox;
  }
}

let script: Promise<string> | null = null;

async function bundle(): Promise<string> {
  const result = await build({
    stdin: {
      contents:
        "import { createSandbox } from './src/sandbox/create-sandbox.ts'; globalThis.createSandbox = createSandbox;",
      resolveDir: process.cwd(),
    },
    bundle: true,
    write: false,
    format: 'iife',
    logLevel: 'error',
  });
  return result.outputFiles[0]?.text ?? '';
}

async function open(page: Page): Promise<void> {
  await openClient(page);
  script ??= bundle();
  await page.addScriptTag({ content: await script });
}

const FILES = {
  'package.json': '{ "scripts": { "test": "tool && node node_modules/tool/tool.js && node main.js" } }',
  'main.js': "console.log(require('tool'), require('./lib/name.js'))",
  'lib/name.js': "module.exports = 'main'",
  'node_modules/tool/package.json': '{ "name": "tool", "main": "tool.js", "bin": "tool.js" }',
  'node_modules/tool/tool.js':
    "#!/usr/bin/env node\nif (require.main === module) console.log('runs'); module.exports = 'installed'",
  'node_modules/.bin/tool': "#!/usr/bin/env node\nconsole.log('bin')",
};

test('branches have files of their own, the installed code of the project, and leave nothing', async ({ page }) => {
  await open(page);
  const seen = await page.evaluate(async (given) => {
    const sandbox = await window.createSandbox('embedded');
    await sandbox.write(Object.entries(given).map(([path, content]) => ({ path, content })));
    await sandbox.run('chmod +x node_modules/.bin/tool', { timeoutSeconds: 300 });
    const main = (await sandbox.snapshot()).files;
    const names = ['one', 'two', 'three'];
    const branches = await Promise.all(names.map((name) => sandbox.branch(name, { ...main, 'new.txt': name })));
    const runs = await Promise.all(
      branches.map(async (branch) => {
        await branch.write([{ path: 'lib/name.js', content: `module.exports = '${branch.name}'` }]);
        const { output, exitCode } = await branch.run('npm test --silent && echo made > made.txt && rm package.json', {
          timeoutSeconds: 300,
        });
        const { files } = await branch.snapshot();
        return { output, exitCode, files: Object.keys(files).sort(), name: files['lib/name.js'] };
      }),
    );
    const meanwhile = await sandbox.snapshot();
    const found = await sandbox.run('ls -A .fixpoint/branches; echo node_modules/tool/*', { timeoutSeconds: 300 });
    await branches[0]?.restore(main);
    const restored = (await branches[0]?.snapshot())?.files;
    for (const branch of branches) await branch.remove();
    const left = await sandbox.run('ls -A . .fixpoint; ls node_modules/tool', { timeoutSeconds: 300 });
    return {
      runs,
      meanwhile,
      found: found.output,
      same: JSON.stringify(restored) === JSON.stringify(main),
      left: left.output,
    };
  }, FILES);
  for (const [index, name] of ['one', 'two', 'three'].entries())
    expect(seen.runs[index]).toEqual({
      output: `bin\nruns\ninstalled ${name}\n`,
      exitCode: 0,
      files: ['lib/name.js', 'made.txt', 'main.js', 'new.txt'],
      name: `module.exports = '${name}'`,
    });
  expect(Object.keys(seen.meanwhile.files).sort()).toEqual(['lib/name.js', 'main.js', 'package.json']);
  expect(seen.found).toBe('one\nthree\ntwo\nnode_modules/tool/package.json node_modules/tool/tool.js\n');
  expect(seen.same).toBe(true);
  expect(seen.left).toBe(
    '.:\n.fixpoint\nlib\nmain.js\nnode_modules\npackage.json\n\n.fixpoint:\npackage.json\ntool.js\n',
  );
});

test('commands of different branches run at the same time, those of one in turn', async ({ page }) => {
  await open(page);
  const seen = await page.evaluate(async () => {
    const sandbox = await window.createSandbox('embedded');
    // Each waits until the other was there: in turn, none would end.
    const meet = (mine: string, other: string) =>
      `touch ../${mine}.here; while [ ! -e ../${other}.here ]; do sleep 0.05; done; echo met`;
    const [one, two] = await Promise.all(['one', 'two'].map((name) => sandbox.branch(name, {})));
    if (!one || !two) throw new Error('no branches');
    const order: string[] = [];
    const [met, , , ...rest] = await Promise.all([
      one.run(meet('one', 'two'), { timeoutSeconds: 300 }),
      one.run('echo', { timeoutSeconds: 300 }).then(() => order.push('second')),
      one.run('echo', { timeoutSeconds: 300 }).then(() => order.push('third')),
      two.run(meet('two', 'one'), { timeoutSeconds: 300 }),
      two.run('sleep 100', { timeoutSeconds: 1 }),
    ]);
    return { met, rest, order };
  });
  expect(seen.met).toMatchObject({ output: 'met\n', exitCode: 0 });
  expect(seen.rest).toMatchObject([
    { output: 'met\n', exitCode: 0 },
    { ended: 'timed-out', exitCode: 124 },
  ]);
  expect(seen.order).toEqual(['second', 'third']);
});

test('a lost sandbox is booted again once, and every branch has its files again', async ({ page }) => {
  await open(page);
  const seen = await page.evaluate(async () => {
    const sandbox = await window.createSandbox('embedded');
    await sandbox.restore({ 'main.txt': 'main' });
    const branches = await Promise.all(['one', 'two', 'idle'].map((name) => sandbox.branch(name, { 'a.txt': name })));
    const [one, two, idle] = branches;
    if (!one || !two || !idle) throw new Error('no branches');
    await idle.write([{ path: 'b.txt', content: 'written' }]);
    const begun = Promise.withResolvers<void>();
    const waiting = two.run('echo begun; sleep 1000', { timeoutSeconds: 900, onOutput: () => begun.resolve() }).then(
      () => 'ended',
      async (error) => {
        await two.reboot({ 'a.txt': 'two', 'kept.txt': 'of the run' });
        return `${error.name}: ${error.output}`;
      },
    );
    await begun.promise;
    await one.reboot({ 'a.txt': 'one again' });
    const lost = await waiting;
    const files = await Promise.all(branches.map(async (branch) => (await branch.snapshot()).files));
    const { files: main } = await sandbox.snapshot();
    const command = await idle.run('cat b.txt', { timeoutSeconds: 300 });
    return { lost, files, main, output: command.output };
  });
  expect(seen).toEqual({
    lost: 'SandboxLostError: begun\n',
    files: [
      { 'a.txt': 'one again' },
      { 'a.txt': 'two', 'kept.txt': 'of the run' },
      { 'a.txt': 'idle', 'b.txt': 'written' },
    ],
    main: { 'main.txt': 'main' },
    output: 'written',
  });
});

test("a mounted project has its packages, its build and its links in a branch, and they are the branch's own", async ({
  page,
}) => {
  await open(page);
  const seen = await page.evaluate(async () => {
    const sandbox = await window.createSandbox('embedded');
    const bytes = (text: string) => new TextEncoder().encode(text);
    const files = {
      '.gitignore': 'dist',
      'package.json': '{ "workspaces": ["packages/*"] }',
      'main.js': "console.log(require('core'), require('far'), require('./dist/made.js'), require('./link.js'))",
      'packages/core/index.js': "module.exports = 'main'",
      'dist/made.js': "module.exports = 'made'",
      'node_modules/far/index.js': "module.exports = 'far'",
    };
    await sandbox.mount([
      ...Object.entries(files).map(([path, text]) => ({ path, type: 'file' as const, bytes: bytes(text) })),
      { path: 'node_modules/core', type: 'link', target: '../packages/core' },
      { path: 'link.js', type: 'link', target: 'dist/made.js' },
    ]);
    const { files: main } = await sandbox.snapshot();
    const branch = await sandbox.branch('one', main);
    await branch.write([{ path: 'packages/core/index.js', content: "module.exports = 'branch'" }]);
    const { output } = await branch.run('node main.js', { timeoutSeconds: 300 });
    const outputs = [output, (await sandbox.run('node main.js', { timeoutSeconds: 300 })).output];
    return { outputs, main, branch: (await branch.snapshot()).files };
  });
  expect(seen.outputs).toEqual(['branch far made made\n', 'main far made made\n']);
  expect(seen.branch).toEqual({ ...seen.main, 'packages/core/index.js': "module.exports = 'branch'" });
});

test('tree: candidates work at the same time in the real sandbox; the log replays', async () => {
  await using folder = await makeFolder({});
  const log = join(folder.path, 'session.json');
  const agent = ['agent', '--task', 'public/tasks/statistics', '--model', 'solver', '--strategy', 'tree', '--out', log];
  const run = await fixpoint(agent);
  expect(run.stdout).toMatch(/^solved: The tests pass after 1 trial/);
  const { events } = parseSessionText(await readFile(log, 'utf8'));
  const started = events.filter((event) => event.type === 'branch-started').map(({ branch }) => branch);
  expect(started).toEqual([1, 2, 3].map((number) => `round-1-candidate-${number}`));
  // A step of one candidate begins before that of another has ended: so it is when they work at the same time.
  const open = new Set<number>();
  let most = 0;
  for (const event of events) {
    if (event.type === 'tool-called') open.add(event.step);
    if (event.type === 'tool-finished') open.delete(event.step);
    most = Math.max(most, open.size);
  }
  expect(most).toBe(3);
  expect(events.filter((event) => event.type === 'branch-ended' && event.kept)).toHaveLength(1);
  const replay = await fixpoint(['replay', log]);
  expect(replay.stdout).toMatch(/^All \d+ steps agree with the recording\.$/m);
  expect(replay.exitCode).toBe(0);
});

test('a working copy shows what its snapshot leaves out, and follows no link but those of installed code', async ({
  page,
}) => {
  await open(page);
  const seen = await page.evaluate(async (given) => {
    const sandbox = await window.createSandbox('embedded');
    await sandbox.write(Object.entries(given).map(([path, content]) => ({ path, content })));
    const made =
      'echo secret > .env; ln -s .env alias; ln -s / root; mkdir -p store/dep; echo dep > store/dep/index.js; ln -s ../store/dep node_modules/dep';
    await sandbox.run(made, { timeoutSeconds: 300 });
    const branch = await sandbox.branch('looking', (await sandbox.snapshot()).files);
    const look = async (copy: typeof sandbox | typeof branch) => ({
      installed: await copy.read('node_modules/tool/package.json'),
      linked: await copy.read('node_modules/dep/index.js'),
      folder: await copy.list('node_modules/tool'),
      nothing: [
        await copy.read('nowhere.js'),
        await copy.read('lib'),
        await copy.list('main.js'),
        await copy.list('nowhere'),
      ],
      links: [await copy.read('alias'), await copy.list('root'), await copy.read('root/etc/passwd')],
      lib: await copy.list('lib'),
    });
    const result = { main: await look(sandbox), branch: await look(branch), top: await sandbox.list('') };
    sandbox.dispose();
    return result;
  }, FILES);
  const expected = {
    installed: FILES['node_modules/tool/package.json'],
    linked: 'dep\n',
    folder: expect.arrayContaining([{ name: 'tool.js', kind: 'file' }]),
    nothing: [null, null, null, null],
    links: [null, null, null],
    lib: [{ name: 'name.js', kind: 'file' }],
  };
  expect(seen.main).toEqual(expected);
  expect(seen.branch).toEqual(expected);
  expect(seen.top).toEqual(
    expect.arrayContaining([
      { name: 'node_modules', kind: 'folder' },
      { name: 'alias', kind: 'file' },
      { name: 'main.js', kind: 'file' },
    ]),
  );
});
