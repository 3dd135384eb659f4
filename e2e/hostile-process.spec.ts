/** The kernel, the host page and the network against a process that is wholly in the hands of an attacker. */
import { readFile } from 'node:fs/promises';
import { expect, type Page, test } from '@playwright/test';
import { nameOfCall } from '../src/runtime/kernel/channel/sync-layout.ts';
import { bootClient, startWitness } from './support/client.ts';

function allCalls(): string[] {
  const names: string[] = [];
  for (let name = nameOfCall(0); name !== undefined; name = nameOfCall(names.length)) names.push(name);
  return names;
}

async function bootHostile(page: Page): Promise<string[]> {
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  const body = `const CALLS = ${JSON.stringify(allCalls())};\n${await readFile('e2e/fixtures/attacks/hostile-worker.js', 'utf8')}`;
  await page.route('**/runtime/v/*/node.js', (route) => route.fulfill({ contentType: 'text/javascript', body }));
  await bootClient(page);
  return problems;
}

const attack = (page: Page, ...args: string[]) =>
  page.evaluate(async (given) => {
    const errors: unknown[] = [];
    const ports: unknown[] = [];
    window.container.on('error', (error) => errors.push(error));
    window.container.on('port', (...event) => ports.push(event));
    // Pipes: a terminal would write \r\n.
    const pipes = { env: { FIXPOINT_STDIO: 'pipe' } };
    const { output, exitCode } = await window.run('node', given, pipes);
    const look = 'echo alive; echo x > /tmp/y; cat /tmp/y; ls -l /tmp/y | cut -c1-10';
    const after = await window.run('sh', ['-c', look], pipes);
    return { output, exitCode, after, errors, ports };
  }, args);

const ALIVE = { output: 'alive\nx\n-rw-r--r--\n', exitCode: 0 };

test('no way out of a Worker reaches the network, storage or a page', async ({ page }) => {
  await using witness = await startWitness();
  await bootHostile(page);
  const requests: string[] = [];
  page.on('requestfinished', (request) => requests.push(request.url()));
  const { output, after } = await attack(page, 'network', `127.0.0.1:${witness.port}`);
  expect(JSON.parse(output)).toEqual([]);
  expect(witness.seen).toEqual([]);
  // What the list of parts says is no secret of the guest.
  expect(requests.filter((url) => !url.startsWith('blob:') && !url.endsWith('/parts/index.json'))).toEqual([]);
  expect(after).toEqual(ALIVE);
});

test('forged calls are refused, and hurt nobody else', async ({ page }) => {
  const problems = await bootHostile(page);
  const { output, after, errors, ports } = await attack(page, 'forge');
  const { tried, failures } = JSON.parse(output);
  expect(tried).toBeGreaterThan(50_000);
  expect(failures.EIO).toBeUndefined();
  expect(after).toEqual(ALIVE);
  expect(errors).toEqual([]);
  for (const [port, , url] of ports as [unknown, string, string][])
    expect(url).toMatch(new RegExp(`^http://localhost:${Number(port)}$`));
  expect(problems).toEqual([]);
});

test('a message that is no call ends its process', async ({ page }) => {
  const problems = await bootHostile(page);
  for (const index of Array.from({ length: 14 }).keys()) {
    const { output, exitCode } = await attack(page, 'message', String(index));
    expect(output).toBe('The process sent a message that is no call to the kernel\n');
    expect(exitCode).toBe(159);
  }
  expect((await attack(page, 'none')).after).toEqual(ALIVE);
  expect(problems).toEqual([]);
});

for (const name of ['scribble', 'flood', 'launches'])
  test(`the kernel survives: ${name}`, async ({ page }) => {
    const problems = await bootHostile(page);
    const { after, errors } = await attack(page, name);
    expect(after).toEqual(ALIVE);
    expect(errors).toEqual([]);
    expect(problems).toEqual([]);
  });
