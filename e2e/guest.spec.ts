/** A guest that digs for what a browser has, and one that spoils what it shares with the runtime. */
import { expect, test } from '@playwright/test';
import { bootClient, expectNothingLeft, startWitness } from './support/client.ts';

const PIPE = { env: { FIXPOINT_STDIO: 'pipe' } };

/** Everything that can be reached from what a guest holds, by own and inherited properties of whatever kind. */
const DIG = `
const names = ['importScripts', 'XMLHttpRequest', 'EventSource', 'Worker', 'SharedWorker', 'WebTransport', 'RTCPeerConnection',
  'indexedDB', 'caches', 'cookieStore', 'localStorage', 'document', 'window', 'parent', 'opener', 'top', 'frames', 'FontFace', 'fonts',
  'WebSocketStream', 'fetchLater', 'FileReaderSync', 'OffscreenCanvas', 'Notification'];
const found = new Set();
const seen = new Set();
const queue = [globalThis, Function('return this')(), (0, eval)('this'), new (class extends Promise {})(() => {}), new Error('x'),
  new MessageChannel(), new AbortController(), structuredClone, process, require, module, (async () => {})(), (function* () {})(),
  new Event('x'), performance, crypto, WebAssembly, new Intl.DateTimeFormat(), new URL('http://x'), new Response(''), navigator];
Error.prepareStackTrace = (error, sites) => {
  for (const site of sites) queue.push(site, site.getThis(), site.getFunction());
  return '';
};
void new Error('y').stack;
while (queue.length > 0 && seen.size < 300_000) {
  const value = queue.pop();
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) continue;
  seen.add(value);
  const name = typeof value === 'function' ? value.name : undefined;
  if (names.includes(name) && Function.prototype.toString.call(value).includes('[native code]')) found.add(name);
  try {
    queue.push(Object.getPrototypeOf(value));
    for (const key of Reflect.ownKeys(value)) {
      const descriptor = Reflect.getOwnPropertyDescriptor(value, key);
      queue.push(descriptor.value, descriptor.get, descriptor.set);
      if (value === globalThis && names.includes(key) && descriptor.value !== undefined) found.add(key);
    }
  } catch {}
}
console.log(JSON.stringify({ found: [...found], dug: seen.size > 1000 }));
`;

test('nothing that a guest can reach leads to the browser', async ({ page }) => {
  await using witness = await startWitness();
  await bootClient(page);
  const address = `127.0.0.1:${witness.port}`;
  const attempts = `
    const tries = [() => fetch('http://${address}/f'), () => import('http://${address}/i.js'), () => eval('import("http://${address}/e.js")'),
      () => eval('import("data:text/javascript,export default 1").then((m) => { throw new Error("in " + m) })'),
      () => new Promise((r, j) => { const s = new WebSocket('ws://${address}/w'); s.onopen = r; s.onerror = j; }),
      () => new Promise((r, j) => require('net').connect(${witness.port}, '127.0.0.1', r).on('error', j)),
      () => new Promise((r, j) => require('http').get('http://${address}/h', r).on('error', j))];
    Promise.allSettled(tries.map(async (work) => work())).then((all) => console.log(all.filter(({ status }) => status === 'fulfilled').length));`;
  const result = await page.evaluate(
    async ({ dig, tries, env }) => [
      (await window.run('node', ['-e', dig], env)).output,
      (await window.run('node', ['-e', tries], env)).output,
    ],
    { dig: DIG, tries: attempts, env: PIPE },
  );
  expect(JSON.parse(result[0] ?? '')).toEqual({ found: [], dug: true });
  expect(result[1]).toBe('0\n');
  expect(witness.seen).toEqual([]);
});

/** Replaces what the runtime calls in the guest's own Worker, and polls its memory for other values. */
const POLLUTE = `
const { spawnSync } = require('child_process');
const spoil = (object, name, value) => Object.defineProperty(object, name, { value, writable: true, configurable: true });
spoil(Object.prototype, 'file', '/bin/true');
spoil(Object.prototype, 'cwd', '/tmp');
spoil(Object.prototype, 'detached', true);
spoil(Object.prototype, 'then', undefined);
for (const prototype of [Array.prototype, Map.prototype, Set.prototype, Uint8Array.prototype.__proto__])
  for (const name of ['push', 'set', 'get', 'slice', 'subarray', 'includes', 'map'])
    if (name in prototype) spoil(prototype, name, function () { throw new Error('spoilt'); });
JSON.parse = () => ({ spoilt: true });
Promise.prototype.then = function () { return this; };
Atomics.store = Atomics.notify = () => 0;
console.log('polluted');
`;

test('what a guest spoils is spoilt for itself alone', async ({ page }) => {
  await bootClient(page);
  const result = await page.evaluate(
    async ({ script, env }) => {
      const process = await window.container.spawn('node', ['-e', script], env);
      const late = new Promise((resolve) => setTimeout(resolve, 5000));
      await Promise.race([process.exit, late]);
      process.kill();
      const after = await window.run('node', ['-p', '[1, 2].map((n) => n * 2).join() + process.cwd()'], env);
      await window.container.fs.writeFile('x', 'y');
      const shell = await window.run('sh', ['-c', 'cat x; echo $(node -p "JSON.stringify({ a: 1 })")'], env);
      return [after, shell];
    },
    { script: POLLUTE, env: PIPE },
  );
  expect(result).toEqual([
    { output: '2,4/home/project\n', exitCode: 0 },
    { output: 'y{"a":1}\n', exitCode: 0 },
  ]);
});

/** Built-ins whose methods answer nonsense, each in a program of its own, which then does what a program does with the kernel. */
const HOLDERS = [
  'Object',
  'Array',
  'Map',
  'Set',
  'WeakMap',
  'Promise',
  'String',
  'RegExp',
  'Symbol',
  'Function',
  'Error',
  'Reflect',
  'JSON',
];
const BYTES = [
  'Atomics',
  'DataView',
  'Uint8Array',
  'Object.getPrototypeOf(Uint8Array)',
  'TextEncoder',
  'TextDecoder',
  'MessagePort',
  'EventTarget',
];
const REPLACE = `
const fs = require('fs'), { spawn, spawnSync } = require('child_process'), { Worker } = require('worker_threads'), net = require('net'), vm = require('vm');
const { ownKeys, defineProperty } = Reflect, built = [HOLDER, HOLDER.prototype];
for (const holder of built) {
  if (!holder) continue;
  const keys = ownKeys(holder);
  for (let i = 0; i < keys.length; i++)
    try { if (keys[i] !== 'prototype' && keys[i] !== 'constructor') defineProperty(holder, keys[i], { value: () => ANSWER, writable: true, configurable: true }); } catch {}
}
const works = [() => fs.writeFileSync('a', 'text'), () => fs.readFileSync('a'), () => fs.readdirSync('.'), () => spawnSync('true'), () => spawn('true'),
  () => new Worker('0', { eval: true }), () => net.createServer().listen(0), () => vm.runInNewContext('1'), () => process.kill(process.pid, 0), () => console.log('x')];
for (let i = 0; i < 10; i++) try { works[i](); } catch {}
`;

test('built-ins that answer nonsense mislead the program that made them so, and nobody else', async ({ page }) => {
  const problems: string[] = [];
  page.on('pageerror', ({ message }) => problems.push(message));
  await bootClient(page);
  const scripts = [...HOLDERS, ...BYTES].flatMap((holder) =>
    ['"evil"', '2 ** 31'].map((answer) => REPLACE.replaceAll('HOLDER', holder).replace('ANSWER', answer)),
  );
  const result = await page.evaluate(
    async ({ scripts, env }) => {
      const { container, run } = window;
      const errors: unknown[] = [];
      container.on('error', (error) => errors.push(error));
      for (const script of scripts) {
        const process = await container.spawn('node', ['-e', script], env);
        await Promise.race([process.exit, new Promise((resolve) => setTimeout(resolve, 700))]);
        process.kill();
        await process.exit;
      }
      const after = await run(
        'sh',
        ['-c', 'echo x > b; cat b; ls -l b | cut -c1-10; node -p "[6, 7].reduce((a, b) => a * b)"'],
        env,
      );
      return { after, errors };
    },
    { scripts, env: PIPE },
  );
  expect(result).toEqual({
    after: { output: 'x\n-rw-r--r--\n42\n', exitCode: 0 },
    errors: [],
  });
  await expectNothingLeft(page);
  expect(problems).toEqual([]);
});

/** Replaces what the search for imports and exports goes by while it runs over a module of another program. */
const MISLEAD = `
import { createRequire } from 'node:module';
const { push } = Array.prototype;
Array.prototype.push = function (...items) {
  for (const item of items) if (item?.exported === 'verdict' && item.local === 'honest') item.local = 'forged';
  return Reflect.apply(push, this, items);
};
const { verdict } = createRequire(import.meta.url)('./shared.mjs');
Array.prototype.push = push;
console.log(verdict);
`;

test('what a guest makes of a source is its own alone', async ({ page }) => {
  await bootClient(page);
  const result = await page.evaluate(
    async ({ mislead, env }) => {
      const { fs } = window.container;
      const padding = `// ${'a long line '.repeat(200)}`;
      const shared = `${padding}\nconst honest = 'honest';\nconst forged = 'forged';\nexport { honest as verdict };\nexport default forged;`;
      await fs.writeFile('shared.mjs', shared);
      await fs.writeFile('mislead.mjs', mislead);
      await fs.writeFile('look.mjs', "import { verdict } from './shared.mjs'; console.log(verdict);");
      const spoilt = await window.run('node', ['mislead.mjs'], env);
      const looks: string[] = [];
      // The last ones come when the kernel has had the time to parse what it was asked for.
      for (const rest of [0, 0, 1500, 0]) {
        await new Promise((resolve) => setTimeout(resolve, rest));
        looks.push((await window.run('node', ['look.mjs'], env)).output);
      }
      return { spoilt: spoilt.output, looks };
    },
    { mislead: MISLEAD, env: PIPE },
  );
  // That the attack works is seen from the guest itself.
  expect(result).toEqual({ spoilt: 'forged\n', looks: ['honest\n', 'honest\n', 'honest\n', 'honest\n'] });
});

test('processes that have ended leave nothing behind', async ({ page }) => {
  await bootClient(page);
  await expectNothingLeft(page);
  await page.evaluate(async (env) => {
    const round = async () => {
      const runs = Array.from({ length: 5 }, () =>
        window.run('sh', ['-c', 'echo x | cat > /dev/null; node -e 0'], env),
      );
      const sync = "for (let i = 0; i < 5; i++) require('child_process').spawnSync('sh', ['-c', 'exit 1'])";
      await Promise.all([...runs, window.run('node', ['-e', sync], env), window.run('sh', ['-c', 'sleep 0'])]);
    };
    for (let i = 0; i < 4; i++) await round();
  }, PIPE);
  await expectNothingLeft(page);
});
