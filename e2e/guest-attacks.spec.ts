/** Programs that attack what all share, one behind the other in one sandbox: it lives on, and nothing of them is left. */
import { expect, test } from '@playwright/test';
import { bootClient, expectNothingLeft } from './support/client.ts';

/** Looks at all that passes through built-ins, for memory that is shared. `found` are its arrays of bytes. */
const HOOKS = `
const { apply, construct, ownKeys, getOwnPropertyDescriptor, defineProperty } = Reflect;
const Bytes = Uint8Array, Shared = SharedArrayBuffer;
const sizeOf = getOwnPropertyDescriptor(Shared.prototype, 'byteLength').get;
const bufferOf = getOwnPropertyDescriptor(Object.getPrototypeOf(Bytes.prototype), 'buffer').get;
const attempt = (work) => { try { return work(); } catch {} };
const found = new Map();
const { has, set } = Map.prototype;
let isLooking = false;
const look = (value) => {
  if (isLooking || typeof value !== 'object' || value === null) return;
  isLooking = true;
  for (const one of [value, attempt(() => apply(bufferOf, value, []))])
    if (one && attempt(() => apply(sizeOf, one, [])) > 1000 && !apply(has, found, [one])) apply(set, found, [one, new Bytes(one)]);
  isLooking = false;
};
const hooked = (method) => function (...args) {
  look(this);
  for (let i = 0; i < args.length; i++) look(args[i]);
  const result = new.target ? construct(method, args, new.target) : apply(method, this, args);
  look(result);
  return result;
};
const hook = (holder) => {
  for (const key of ownKeys(holder)) {
    const { value, get, set, configurable } = getOwnPropertyDescriptor(holder, key);
    if (!configurable || key === 'constructor') continue;
    if (typeof value === 'function') attempt(() => { holder[key] = hooked(value); });
    else if (get) attempt(() => defineProperty(holder, key, { get: hooked(get), set: set && hooked(set), configurable: true }));
  }
};
const builtIns = [Array, Map, Set, WeakMap, WeakRef, Promise, RegExp, String, Symbol, Error, ArrayBuffer, Shared, DataView, Bytes, Int32Array,
  Object.getPrototypeOf(Bytes), TextEncoder, TextDecoder, MessagePort, EventTarget, AbortController, URL, Function, Object, Blob, Response];
const fs = require('fs'), { spawnSync } = require('child_process');
for (const one of builtIns) { hook(one); if (one.prototype) hook(one.prototype); }
for (const one of [Atomics, JSON, WebAssembly]) hook(one);
for (const name of require('module').builtinModules) attempt(() => require(name));
fs.writeFileSync('a', 'x'.repeat(100_000)); fs.readFileSync('a'); fs.readdirSync('.'); spawnSync('echo', ['x']);
const memories = [...found.values()];
`;

/** What each program says; it ends in one way or another. */
const PROGRAMS: Record<string, [script: string, output: RegExp]> = {
  'built-ins that look for the library of all processes': [
    // Its own memory it does find, and the kernel takes nothing there for granted.
    `${HOOKS}; const text = (bytes) => Buffer.from(bytes).toString('latin1'); console.log(memories.length > 0, memories.some((bytes) => new RegExp(['prim', 'ordials'].join('')).test(text(bytes))))`,
    /^true false\n$/,
  ],
  'garbage in the memory of its own calls': [
    `${HOOKS}; setTimeout(() => process.kill(process.pid, 'SIGKILL'), 2000);
    for (let round = 0; round < 300; round++) for (const bytes of memories) for (let i = 0; i < 400; i++) bytes[(Math.random() * bytes.length) | 0] = Math.random() * 256;
    for (const bytes of memories) new Int32Array(bytes.buffer, 0, 160).fill(-1); try { fs.writeFileSync('b', 'x') } catch {}`,
    /^/,
  ],
  'a chain of waiting parents': [
    `const { spawnSync } = require('child_process'); const depth = Number(process.env.DEPTH ?? 0);
    const { error, stdout } = spawnSync(process.execPath, ['-e', process.env.PROGRAM], { env: { ...process.env, DEPTH: depth + 1 } });
    console.log(error ? error.code + ' ' + (depth > 50) : String(stdout).trim())`,
    /^EAGAIN true\n$/,
  ],
  'threads that start threads': [
    `const { Worker, isMainThread } = require('worker_threads'); const source = process.env.PROGRAM;
    const next = () => new Worker(source, { eval: true }).on('error', ({ code }) => { if (code === 'ERR_WORKER_INIT_FAILED') { require('fs').writeSync(1, 'refused\\n'); process.kill(process.pid, 'SIGKILL'); } });
    next(); next(); setInterval(() => {}, 1000)`,
    /^(refused\n)+$/,
  ],
  'processes and threads that all wait': [
    `const { spawn } = require('child_process'); const { Worker } = require('worker_threads');
    const wait = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)';
    const children = Array.from({ length: 20 }, () => spawn(process.execPath, ['-e', wait], { stdio: 'ignore' }));
    for (let i = 0; i < 10; i++) new Worker(wait, { eval: true });
    setTimeout(async () => { for (const child of children) child.kill(); console.log('ended'); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100); process.exit(4); }, 1500)`,
    /^ended\n$/,
  ],
  'microtasks without end': [
    `const { spawn } = require('child_process');
    const child = spawn(process.execPath, ['-e', "const again = () => Promise.resolve().then(again); again(); process.nextTick(function tick() { process.nextTick(tick) })"]);
    setTimeout(() => child.kill('SIGKILL'), 700); child.on('exit', (code, signal) => console.log(signal))`,
    /^SIGKILL\n$/,
  ],
  'a bomb of Brotli': [
    `const zlib = require('zlib'); let packed = zlib.brotliCompressSync(Buffer.alloc(1 << 27), { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 1 } });
    try { zlib.brotliDecompressSync(packed, { maxOutputLength: 1 << 20 }); } catch ({ code }) { console.log(packed.length < 100_000, code); }`,
    /^true ERR_BUFFER_TOO_LARGE\n$/,
  ],
  'a title of a hundred megabytes': [
    `process.title = 'x\\u001b]0;title\\u0007'.repeat(1e7); console.log(require('child_process').execSync('ps | wc -l') > 1)`,
    /^true\n$/,
  ],
  'messages to a thread that never looks': [
    `const { Worker } = require('worker_threads'); const worker = new Worker('Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)', { eval: true });
    worker.on('online', () => { for (let i = 0; i < 20_000; i++) worker.postMessage(i); for (let i = 0; i < 100; i++) worker.postMessage(Buffer.alloc(1 << 20));
      worker.terminate().then((code) => console.log(code)); })`,
    /^1\n$/,
  ],
  'ports in messages in messages': [
    `const { Worker } = require('worker_threads'); const worker = new Worker('Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)', { eval: true });
    worker.on('online', () => { let { port1, port2 } = new MessageChannel(); worker.postMessage(port2, [port2]);
      for (let i = 0; i < 20_000; i++) { const next = new MessageChannel(); port1.postMessage(next.port2, [next.port2]); port1 = next.port1; }
      worker.terminate().then((code) => { console.log(code); process.exit(); }); })`,
    /^1\n$/,
  ],
  'datagrams that nobody receives': [
    `const dgram = require('dgram'); const sender = dgram.createSocket('udp4'); let bound = 0; const sockets = [];
    const next = () => { const socket = dgram.createSocket('udp4'); socket.bind(0, '127.0.0.1', () => { sockets.push(socket);
      const { port } = socket.address(); for (let i = 0; i < 4; i++) sender.send(Buffer.alloc(60_000), port, '127.0.0.1');
      if (++bound < 800) next(); else { console.log('held'); process.exit(); } }); };
    next()`,
    /^held\n$/,
  ],
  'connections that nobody accepts': [
    `const net = require('net'); const server = net.createServer().listen(0, () => {
      const { port } = server.address(); const script = 'const net = require("net"); let left = 3000; const next = () => left-- > 0 ? net.connect(' + port + ').on("connect", function () { this.end("x"); next() }).on("error", ({ code }) => { console.log(code); process.exit() }) : process.exit(); next()';
      console.log(require('child_process').spawnSync(process.execPath, ['-e', script]).status); process.exit() })`,
    /^0\n$/,
  ],
  'threads that end in the middle of a call': [
    `const { Worker } = require('worker_threads'); let rounds = 0;
    const works = ["for (;;) require('fs').writeFileSync('t' + Math.random(), 'x')", "for (;;) require('child_process').spawnSync('sleep', ['9'])", "for (;;) require('fs').readSync(0, Buffer.alloc(1))"];
    const next = async () => { for (const work of works) { const worker = new Worker(work, { eval: true }); await new Promise((resolve) => worker.on('online', resolve)); await new Promise((resolve) => setTimeout(resolve, 20)); await worker.terminate(); } if (++rounds < 4) return next(); console.log('ended'); process.exit(); };
    next()`,
    /^ended\n$/,
  ],
  'addresses of modules that no module has': [
    `const tries = ['blob:nodedata:0', 'blob:null/00000000-0000-0000-0000-000000000000', 'http://localhost:4173/theme.js', 'https://example.com/', 'about:blank', 'javascript:1', 'filesystem:http://x/', 'file://host/x', 'node:\\0', '//localhost/theme.js'];
    Promise.allSettled(tries.map((address) => import(address))).then((all) => console.log(all.every(({ reason }) => typeof reason?.code === 'string')))`,
    /^true\n$/,
  ],
  'names that are no names': [
    `const fs = require('fs'); const names = ['\\u001b]0;x\\u0007', '<img src=x onerror=alert(1)>', '\\u202egnp.exe', '-rf', '__proto__', 'constructor', ' ', '\\n', 'a\\ud800b', '\\u0001\\u0002', '\${x}\`y\`', 'x'.repeat(255)];
    fs.mkdirSync('names'); for (const name of names) fs.writeFileSync('names/' + name, name);
    console.log(fs.readdirSync('names').length, names.every((name) => fs.existsSync('names/' + name)), require('child_process').execSync('ls -la names | wc -l') > names.length); fs.rmSync('names', { recursive: true })`,
    /^12 true true\n$/,
  ],
  'a file of sixteen terabytes': [
    `const fs = require('fs'); fs.closeSync(fs.openSync('huge', 'w')); fs.truncateSync('huge', 2 ** 44); const codes = [];
    for (const work of [() => fs.readFileSync('huge'), () => fs.copyFileSync('huge', 'copy')]) try { work(); } catch ({ code }) { codes.push(code); }
    console.log(codes.length, fs.statSync('huge').blocks < 100); fs.rmSync('huge'); fs.rmSync('copy', { force: true })`,
    /^1 true\n$/,
  ],
  'an environment of two gigabytes': [
    `const { spawn, spawnSync } = require('child_process'); for (let i = 0; i < 200; i++) process.env['A' + i] = 'x'.repeat(1e7);
    console.log(spawnSync('true').error.code); try { spawn('true'); } catch ({ code }) { console.log(code); }`,
    /^E2BIG\nE2BIG\n$/,
  ],
  'an input that is longer than a request may be': [
    `const { spawnSync } = require('child_process'); const bytes = Buffer.alloc(6e8);
    try { console.log(spawnSync('wc', { input: bytes }).error.code); } catch ({ code }) { console.log(code); }
    const fs = require('fs'); fs.writeFileSync('long', bytes); console.log(fs.statSync('long').size); fs.rmSync('long')`,
    /^ENOMEM\n600000000\n$/,
  ],
};

test('what attacks one program survives, all others do', async ({ page }) => {
  const problems: string[] = [];
  page.on('pageerror', ({ message }) => problems.push(message));
  await bootClient(page);
  const results: Record<string, unknown> = {};
  for (const [name, [script]] of Object.entries(PROGRAMS))
    results[name] = await test.step(name, () =>
      page.evaluate(async (program) => {
        const env = { FIXPOINT_STDIO: 'pipe', NODE_NO_WARNINGS: '1', PROGRAM: program };
        const { output } = await window.run('node', ['-e', program], { env });
        const after = await window.run('sh', ['-c', 'pkill -9 node; pkill -9 sleep; echo x > y; cat y; node -p 6*7'], {
          env,
        });
        return [output, after.output];
      }, script),
    );
  for (const [name, [, output]] of Object.entries(PROGRAMS)) {
    const [said, after] = results[name] as [string, string];
    expect(said, name).toMatch(output);
    expect(after, name).toBe('x\n42\n');
  }
  await expectNothingLeft(page);
  expect(problems).toEqual([]);
});
