/** Programs that take all they can get: each ends as a failed process, and the sandbox works on. */
import { expect, test } from '@playwright/test';
import { bootClient } from './support/client.ts';

const FORK_BOMB = `
const { spawn } = require('child_process');
const next = () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)']);
  child.on('spawn', next);
  child.on('error', ({ code }) => {
    console.log(code);
    process.exit(3);
  });
};
next();`;

/** Leaves little of what all buffers may take, so that what comes next need not be touched in gigabytes. */
const FILLED = `
const all = [];
for (let size = 2 ** 30; size >= 2 ** 28; size /= 2) try { for (;;) all.push(new ArrayBuffer(size)); } catch {}`;

const PROGRAMS: Record<string, { script: string; output: RegExp }> = {
  'a fork bomb': { script: FORK_BOMB, output: /^EAGAIN\n/ },
  'threads without end': {
    script: `
const { Worker } = require('worker_threads');
for (let i = 0; i < 120; i++) new Worker('setInterval(() => {}, 1e6)', { eval: true }).on('error', ({ code, message }) => {
  console.log(code, message);
  process.exit(3);
});`,
    output: /^ERR_WORKER_INIT_FAILED Worker initialization failure: EAGAIN\n/,
  },
  'a leak of descriptors': {
    script: "for (;;) require('fs').openSync('/dev/null')",
    output: /EMFILE: too many open files/,
  },
  'a leak of sockets with data in them': {
    script: `
const net = require('net');
const server = net.createServer((socket) => socket.pause()).listen(0, () => {
  for (let i = 0; i < 300; i++) net.connect(server.address().port).write(Buffer.alloc(1 << 20));
  setTimeout(() => { console.log('held'); process.exit(4); }, 500);
});`,
    output: /^held\n/,
  },
  'a leak of servers': {
    script: `
const net = require('net');
let count = 0;
for (let i = 0; i < 3000; i++) net.createServer().listen(0, () => { if (++count === 3000) { console.log('held'); process.exit(4); } });`,
    output: /^held\n/,
  },
  'a program in more folders than a path can name': {
    script: `
const { status, stderr } = require('child_process').spawnSync('node', ['a/'.repeat(60_000) + 'x']);
console.log(status, /Cannot find module/.test(stderr));
process.exit(4);`,
    output: /^1 true\n/,
  },
  'deep recursion': { script: 'const f = () => f() + 1; f()', output: /RangeError: Maximum call stack size exceeded/ },
  'a string without end': { script: "let s = 'x'; for (;;) s += s", output: /RangeError: Invalid string length/ },
  'an array without end': { script: 'new ArrayBuffer(1e15)', output: /RangeError: Invalid array buffer length/ },
  'buffers that grow without end': {
    script:
      'const all = []; for (;;) { const one = new ArrayBuffer(0, { maxByteLength: 2 ** 30 }); one.resize(2 ** 26); all.push(one); }',
    output: /RangeError: Array buffer allocation failed/,
  },
  'shared buffers that may grow, without end': {
    script: 'const all = []; for (;;) all.push(new SharedArrayBuffer(2 ** 26, { maxByteLength: 2 ** 26 }))',
    output: /RangeError: Array buffer allocation failed/,
  },
  'buffers that grow and move without end': {
    script: `${FILLED}
for (;;) { const one = new ArrayBuffer(2 ** 23, { maxByteLength: 2 ** 23 }); all.push(structuredClone(one, { transfer: [one] }).transfer()); }`,
    output: /RangeError: Array buffer allocation failed/,
  },
  'buffers that grow, of a thread, without end': {
    script: `${FILLED}
const { Worker } = require('worker_threads');
const source = "const { parentPort } = require('worker_threads'); parentPort.on('message', () => { const one = new ArrayBuffer(2 ** 23, { maxByteLength: 2 ** 23 }); parentPort.postMessage(one, [one]); })";
const worker = new Worker(source, { eval: true });
const fail = (error) => { console.log(String(error)); process.exit(4); };
worker.on('message', (one) => { all.push(one); worker.postMessage(0); }).on('messageerror', fail).on('error', fail);
worker.postMessage(0);`,
    output: /RangeError: Array buffer allocation failed/,
  },
  'memories of WebAssembly without end': {
    script:
      'const all = []; for (;;) { const one = new WebAssembly.Memory({ initial: 1 }); one.grow(4096); all.push(one); }',
    output: /RangeError: WebAssembly\.Memory/,
  },
  'memories that no instance shows, without end': {
    script:
      'const module = new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 5, 4, 1, 0, 128, 64])); const all = []; for (;;) all.push(new WebAssembly.Instance(module))',
    output: /RangeError: WebAssembly\.Instance\(\): Out of memory/,
  },
  'folders without end': {
    script: "process.chdir('/tmp'); for (;;) { require('fs').mkdirSync('d'); process.chdir('d'); }",
    output: /ENAMETOOLONG/,
  },
  'messages without end to a thread that never looks': {
    script: `
const { Worker } = require('worker_threads');
const worker = new Worker('Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)', { eval: true });
for (;;) worker.postMessage(new Uint8Array(16 * 1024 * 1024));`,
    output: /more than 1 GiB of messages wait/,
  },
  'watchers without end': {
    script: "for (;;) require('fs').watch('/tmp')",
    output: /System limit for number of file watchers reached/,
  },
};

for (const [name, { script, output }] of Object.entries(PROGRAMS))
  test(`${name} ends as a failed process`, async ({ page }) => {
    await bootClient(page);
    const result = await page.evaluate(async (given) => {
      const failed = await window.run('node', ['-e', given], { env: { FIXPOINT_STDIO: 'pipe' } });
      const after = await window.run('sh', ['-c', 'node -p 6*7 && rm -rf /tmp/d && echo x > /tmp/y && cat /tmp/y'], {
        env: { FIXPOINT_STDIO: 'pipe' },
      });
      return { failed, after };
    }, script);
    expect(result.failed.output).toMatch(output);
    expect(result.failed.exitCode).not.toBe(0);
    expect(result.after).toEqual({ output: '42\nx\n', exitCode: 0 });
  });

test('a program that removes the system leaves it to the others', async ({ page }) => {
  await bootClient(page);
  const script = `
const fs = require('fs');
const tries = {
  remove: () => fs.rmSync('/', { recursive: true, force: true }),
  programs: () => fs.rmSync('/usr/bin', { recursive: true }),
  rename: () => fs.renameSync('/usr', '/gone'),
  replace: () => fs.renameSync('/tmp/evil', '/usr/local/bin/node'),
  write: () => fs.writeFileSync('/usr/local/bin/node', ''),
  truncate: () => fs.truncateSync('/bin/sh'),
  mode: () => fs.chmodSync('/usr/local/bin/node', 0),
  device: () => fs.unlinkSync('/dev/null'),
  project: () => fs.rmdirSync(process.cwd()),
};
fs.writeFileSync('/tmp/evil', '');
for (const [name, attempt] of Object.entries(tries)) {
  try { attempt(); console.log(name, 'done'); } catch ({ code }) { console.log(name, code); }
  fs.writeFileSync('/tmp/evil', '');
}
process.exitCode = 3;`;
  const result = await page.evaluate(async (given) => {
    const pipes = { env: { FIXPOINT_STDIO: 'pipe' } };
    const failed = await window.run('node', ['-e', given], pipes);
    const shell = await window.run('sh', ['-c', 'rm -rf /usr 2>&1 | head -1; rm -rf ~/project; ls /'], pipes);
    const after = await window.run(
      'sh',
      ['-c', 'node -p 6*7 && pwd && echo x > /tmp/y && cat /tmp/y > /dev/null'],
      pipes,
    );
    return { failed, shell, after };
  }, script);
  expect(result.failed).toEqual({
    output:
      'remove EBUSY\nprograms EBUSY\nrename EBUSY\nreplace EBUSY\nwrite ETXTBSY\ntruncate ETXTBSY\nmode EPERM\ndevice EBUSY\nproject EBUSY\n',
    exitCode: 3,
  });
  expect(result.shell.output).toMatch(/Device or resource busy\nbin\ndev\netc\nhome\ntmp\nusr\n$/);
  expect(result.after).toEqual({ output: '42\n/home/project\n', exitCode: 0 });
});

/** Scripts that start what they can; their ends, and what is said of it. */
const SHELL_BOMBS: [script: string, exitCode: number, output: RegExp][] = [
  ['while true; do (sleep 100) >/dev/null 2>&1 & done', 2, /^sh: 1: Cannot fork\n$/],
  ["while true; do sh -c 'sleep 100' >/dev/null 2>&1 & done", 2, /^sh: 1: Cannot fork\n$/],
  [
    "bash -c 'while true; do sleep 100 >/dev/null 2>&1 & done'",
    254,
    /^bash: fork: Resource temporarily unavailable\n$/,
  ],
  ['bomb() { bomb | bomb; }; bomb', 2, /^(sh: 1: Cannot fork\n)+$/],
  ["echo 'sh ./again' > again; sh ./again", 2, /^sh: 1: Cannot fork\n$/],
];

test('a shell that starts shells without end is refused the next one', async ({ page }) => {
  await bootClient(page);
  for (const [script, exitCode, output] of SHELL_BOMBS) {
    const results = await page.evaluate(async (given) => {
      const pipes = { env: { FIXPOINT_STDIO: 'pipe' } };
      const bomb = await window.run('sh', ['-c', given], pipes);
      return [bomb, await window.run('sh', ['-c', 'pkill -9 sh; pkill -9 bash; (echo alive); node -p 6*7'], pipes)];
    }, script);
    expect(results, script).toEqual([
      { exitCode, output: expect.stringMatching(output) },
      { exitCode: 0, output: 'alive\n42\n' },
    ]);
  }
});

const FOR_A_WAITING_THREAD = `
const { Worker } = require('worker_threads');
const { port1, port2 } = new MessageChannel();
const told = new Int32Array(new SharedArrayBuffer(4));
const script = \`
  const { workerData: { told, port }, parentPort, receiveMessageOnPort } = require('worker_threads');
  parentPort.postMessage('ready');
  Atomics.wait(told, 0, 0);
  const seen = [receiveMessageOnPort(port), receiveMessageOnPort(port)];
  port.on('message', ({ length }) => {
    console.log(seen, length);
    port.close();
  });\`;
const thread = new Worker(script, { eval: true, workerData: { told, port: port2 }, transferList: [port2] });
thread.on('message', () => {
  port1.postMessage(new Int32Array(new SharedArrayBuffer(8)));
  // The kernel has the message when it answers this.
  require('fs').statSync('/');
  Atomics.store(told, 0, 1);
  Atomics.notify(told, 0);
});`;

test('a thread that waits for shared memory without a turn of its loop is told, once, why it does not come', async ({
  page,
}) => {
  await bootClient(page);
  const { output } = await page.evaluate(
    (script) => window.run('node', ['-e', script], { env: { FIXPOINT_STDIO: 'pipe' } }),
    FOR_A_WAITING_THREAD,
  );
  expect(output).toMatch(
    /^\(node:\d+\) Warning: A message with a SharedArrayBuffer [^\n]+\n\[ undefined, undefined \] 2\n$/,
  );
});

test('an output without end waits for its reader', async ({ page }) => {
  await bootClient(page);
  const result = await page.evaluate(() =>
    window.run('sh', ['-c', 'yes | head -c 20000000 | wc -c'], { env: { FIXPOINT_STDIO: 'pipe' } }),
  );
  expect(result).toEqual({ output: '20000000\n', exitCode: 0 });
});

/** What each computes for ever, or longer than anybody waits, and over which input. */
const ENDLESS = [
  ["awk 'BEGIN { while (1); }'", ''],
  ["sed ':a;s/$/x/;ta'", 'x'],
  ["grep -E '^(a+)+$'", `${'a'.repeat(40)}b`],
  ["jq -n 'def f: f; f'", ''],
  ['bc', '9^9^9^9'],
  [`expr ${'a'.repeat(40)} : '\\(a*\\)*\\1c'`, ''],
  [`sh -c "awk 'BEGIN { while (1); }'"`, ''],
  // A file of sixteen terabytes: its reader waits for nothing.
  ['wc -l huge', ''],
  ['tail -n 1 huge', ''],
  ['cksum huge', ''],
  ['cat huge > /dev/null', ''],
  ['od -v huge > /dev/null', ''],
  ['cmp huge huge', ''],
];

test('a utility that computes without end hears of a deadline and of kill', async ({ page }) => {
  await bootClient(page);
  const lines = ENDLESS.map(
    ([command, input]) =>
      `echo '${input}' > in; timeout 0.5 ${command} < in; echo $?; ${command} < in & sleep 0.5; kill $!; wait $!; echo $?`,
  );
  const { output } = await page.evaluate(
    (script) => window.run('sh', ['-c', script], { env: { FIXPOINT_STDIO: 'pipe' } }),
    ['truncate -s 16T huge', ...lines].join('\n'),
  );
  expect(output).toBe('124\nTerminated\n143\n'.repeat(ENDLESS.length));
});

test('a loop of builtins leaves other jobs their turn, and hears of signals', async ({ page }) => {
  await bootClient(page);
  const script = `
    while :; do :; done & sleep 0.3; kill $!; wait $!; echo $?
    while read line < /etc/passwd; do :; done & sleep 0.3; kill $!; wait $!; echo $?
    bash -c 'trap "echo heard; exit 3" USR1; (sleep 0.3; kill -USR1 $$) & for ((;;)); do :; done'; echo $?
    trap 'echo heard; exit 4' USR1; (sleep 0.3; kill -USR1 $$) & while true; do :; done`;
  const { output, exitCode } = await page.evaluate(
    (given) => window.run('sh', ['-c', given], { env: { FIXPOINT_STDIO: 'pipe' } }),
    script,
  );
  expect({ output, exitCode }).toEqual({ output: 'Terminated\n143\nTerminated\n143\nheard\n3\nheard\n', exitCode: 4 });
});

test('a folder of 50,000 names is shown in one go', async ({ page }) => {
  await bootClient(page);
  const make = "for (let i = 0; i < 50000; i++) require('fs').writeFileSync('/tmp/many/f' + i, '')";
  const script = `mkdir /tmp/many && node -e "${make}" && cd /tmp/many && ls | wc -l && ls -la | wc -l && ls -x | tail -1 && rm -r /tmp/many`;
  const { output, exitCode } = await page.evaluate(
    (given) => window.run('sh', ['-c', given], { env: { FIXPOINT_STDIO: 'pipe' } }),
    script,
  );
  expect({ output, exitCode }).toEqual({ output: expect.stringMatching(/^50000\n50003\nf\d+.*\n$/), exitCode: 0 });
});

test('an archive of what is too much tells so, and one of much is unpacked', async ({ page }) => {
  await bootClient(page);
  const { output } = await page.evaluate(
    (given) => window.run('sh', ['-c', given], { env: { FIXPOINT_STDIO: 'pipe' } }),
    // As a 32-bit number the first has no bytes.
    `truncate -s 4G vast; echo x > small; tar cf a.tar vast small 2>&1; echo $?; tar tf a.tar; rm vast
    truncate -s 600M long; zip -q a.zip long; rm long; unzip -q a.zip; wc -c long; rm long`,
  );
  expect(output).toBe(
    'tar: vast: Cannot open: Cannot allocate memory\ntar: Exiting with failure status due to previous errors\n2\nsmall\n629145600 long\n',
  );
});

test('a shell lives on where a text or a list is too long', async ({ page }) => {
  await bootClient(page);
  const { output, exitCode } = await page.evaluate(
    (given) => window.run('bash', ['-c', given], { env: { FIXPOINT_STDIO: 'pipe' } }),
    // Each character of a list takes eight times as much as in a text, and a list that is shifted as long again for each word.
    `s=x; while [ \${#s} -lt 100000000 ]; do s=$s$s; done; echo \${#s} \${s:100000000:3}; t=$s$s; echo \${#t}; A=$s true; echo $?; unset s t
    printf '%1000000000d' 1 2>&1; echo $?
    printf 'x%.0s' {1..1000000} | wc -c; set -- {1..300000}; echo $#; shift 299999; echo $1
    e=😀é; echo \${#e} \${e:1:1}; node -p 6*7`,
  );
  expect({ output, exitCode }).toEqual({
    output: expect.stringMatching(
      /^134217728 xxx\n268435456\n0\n[^\n]*printf: Invalid string length\n1\n1000000\n300000\n300000\n2 é\n42\n$/,
    ),
    exitCode: 0,
  });
});

test('a shell has as many descriptors as it says', async ({ page }) => {
  await bootClient(page);
  const { output } = await page.evaluate(
    (given) => window.run('bash', ['-c', given], { env: { FIXPOINT_STDIO: 'pipe' } }),
    `exec 2>&1; i=0; while exec {fd}</dev/null; do i=$((i+1)); done; echo $i $fd; exec 2000</dev/null; echo $?; ulimit -n; exec {fd}<&-; node -p 6*7`,
  );
  expect(output).toBe(
    'bash: line 1: /dev/null: Too many open files\n1014 1023\nbash: line 1: 2000: Bad file descriptor\n1\n1024\n42\n',
  );
});

test('an input without end, held as a whole, is told to be too much', async ({ page }) => {
  await bootClient(page);
  const { output } = await page.evaluate(
    (given) => window.run('sh', ['-c', given], { env: { FIXPOINT_STDIO: 'pipe' } }),
    'truncate -s 16T /tmp/sparse; wc -c /tmp/sparse; md5sum /tmp/sparse 2>&1; grep x /tmp/sparse 2>&1; rm /tmp/sparse; node -p 6*7',
  );
  expect(output).toBe(
    '17592186044416 /tmp/sparse\nmd5sum: /tmp/sparse: Cannot allocate memory\ngrep: /tmp/sparse: Cannot allocate memory\n42\n',
  );
});
