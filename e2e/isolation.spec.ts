import { readFile } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import { fixpoint, makeFolder } from './support/command.ts';
import { serveTask } from './support/gallery.ts';
import { button, openPage, panel, RUN, run } from './support/page.ts';

/** Tries every way out that a page's script has; prints what it reached. */
const PROBE = `
const reached = [];
const attempt = async (name, work) => {
  try {
    await work();
    reached.push(name);
  } catch {}
};
const origin = ORIGIN;
await attempt('fetch of the page', () => fetch(origin + '/'));
await attempt('fetch of another server', () => fetch('https://example.com/'));
await attempt('WebSocket', () => new Promise((resolve, reject) => {
  const socket = new WebSocket(origin.replace('http', 'ws'));
  socket.onopen = resolve;
  socket.onerror = reject;
}));
const hidden = (0, eval)('this');
for (const name of ['window', 'document', 'parent', 'top', 'frameElement', 'localStorage', 'indexedDB', 'caches', 'XMLHttpRequest', 'EventSource', 'importScripts', 'WebTransport'])
  await attempt(name, () => { if (hidden[name] === undefined) throw new Error('absent'); });
await attempt('import of the page', () => import(origin + '/theme.js'));
console.log('REACHED ' + JSON.stringify(reached));
`;

test('code in the sandbox reaches no network, no page and no storage', async ({ page, baseURL }) => {
  await serveTask(page, {
    title: 'A probe',
    files: {
      'package.json': JSON.stringify({ name: 'probe', type: 'module', scripts: { test: 'node probe.js' } }),
      'probe.js': PROBE.replace('ORIGIN;', `${JSON.stringify(baseURL)};`),
    },
  });
  const fromSandbox: string[] = [];
  page.on('request', (request) => {
    if (/theme\.js|example\.com/.test(request.url())) fromSandbox.push(request.url());
  });
  await openPage(page);
  fromSandbox.length = 0;
  await button(page, 'Run').click();
  // The tests pass as they are: the run ends with the first look at them.
  await expect(run(page, 1).getByText('Solved', { exact: true })).toBeVisible(RUN);
  await page.getByRole('tab', { name: 'Output' }).click();
  await expect(panel(page, 'Code')).toContainText('REACHED []', RUN);
  expect(fromSandbox).toEqual([]);
});

test('what a program leaves in the project is left out where it is larger than a page could hold', async ({ page }) => {
  const probe =
    "for (const [name, size] of [['sparse', 2 ** 44], ['long', 1.5e9]]) { fs.writeFileSync(name, ''); fs.truncateSync(name, size) }";
  await serveTask(page, {
    title: 'A probe',
    files: {
      'package.json': JSON.stringify({ name: 'probe', scripts: { test: 'node probe.js' } }),
      'probe.js': `const fs = require('node:fs'); ${probe}; console.log('LEFT')`,
    },
  });
  await openPage(page);
  await button(page, 'Run').click();
  await expect(run(page, 1).getByText('Solved', { exact: true })).toBeVisible(RUN);
});

test('a busy loop is killed at its deadline, and the sandbox works on', async () => {
  const lines = [
    { id: 'busy', cmd: ['node', '-e', 'while (true) {}'], timeout: 2 },
    { id: 'after', cmd: ['node', '-p', '6 * 7'] },
  ];
  await using folder = await makeFolder({ 'in.jsonl': lines.map((line) => JSON.stringify(line)).join('\n') });
  const [input, out] = [`${folder.path}/in.jsonl`, `${folder.path}/out.jsonl`];
  const { exitCode, stderr } = await fixpoint(['sandbox', '--concurrency', '1', '--batch', input, '--out', out]);
  expect(exitCode, stderr).toBe(0);
  const results = (await readFile(out, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(results).toMatchObject([
    { id: 'busy', exitCode: 124, timedOut: true },
    { id: 'after', exitCode: 0, stdout: '42\n' },
  ]);
  expect(results[0].ms).toBeLessThan(120_000);
});
