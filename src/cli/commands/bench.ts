/** `bench`: the project's measurements, each beside native Node in the same run, as a table and as JSON. */
import { spawn } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import type { Command } from 'commander';
import type { Page } from 'playwright';
import { findNode, projectRoot } from '../../runtime/library/find-node.ts';
import { launchBrowser } from '../browser.ts';
import { ensureBuild } from '../build.ts';
import { type OpenPage, withCommandPage, withCommandServer } from '../command-page.ts';
import type { BatchItem, PageMessage } from '../page-api.ts';

/** One line of the table; `ratio` is ours / the reference's. */
interface Measurement {
  readonly name: string;
  readonly ours: number;
  readonly reference: number | null;
  readonly unit: 'ms' | 'KB';
}

interface Bench {
  readonly root: string;
  readonly dist: string;
}

const BENCHES: Readonly<Record<string, (bench: Bench) => Promise<Measurement[]>>> = { boot, start: starts, task, size };
const RUNS = 9;

export function addBenchCommand(program: Command, root: string): void {
  program
    .command('bench')
    .description(`measurements: ${Object.keys(BENCHES).join(', ')} (all when none is named)`)
    .argument('[name]')
    .option('--out <file>', 'also write the results as JSON')
    .action(async (name: string | undefined, { out }: { out?: string }) => {
      const chosen = Object.entries(BENCHES).filter(([key]) => name === undefined || key === name);
      if (chosen.length === 0) throw new Error(`bench ${name}: there are ${Object.keys(BENCHES).join(', ')}`);
      const bench = { root, dist: await ensureBuild(root) };
      const results: Measurement[] = [];
      for (const [, measure] of chosen) results.push(...(await measure(bench)));
      process.stdout.write(formatTable(results));
      if (out) await writeFile(out, `${JSON.stringify({ machine: machine(), results }, null, 2)}\n`);
    });
}

const machine = () => `${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, ${process.platform}`;

function formatTable(results: readonly Measurement[]): string {
  const number = (value: number, unit: string) => `${value < 10 ? value.toFixed(1) : Math.round(value)} ${unit}`;
  const rows = results.map(({ name, ours, reference, unit }) => [
    name,
    number(ours, unit),
    reference === null ? '–' : number(reference, unit),
    reference === null ? '–' : (ours / reference).toFixed(2),
  ]);
  const head = ['measurement', 'sandbox', 'native', 'ratio'];
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return `${machine()}\n\n${lines.join('\n')}\n`;
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/** Opening the page to the first output of `node -e`: with an empty browser cache, then with a filled one. */
async function boot({ root }: Bench): Promise<Measurement[]> {
  const native = await nativeMilliseconds(['-e', 'console.log(1)'], tmpdir());
  let firstOutput = 0;
  const onMessage = (message: PageMessage) => {
    if (message.type === 'output') firstOutput ||= performance.now();
  };
  const measure = async (page: Page, { url, call }: OpenPage) => {
    firstOutput = 0;
    const started = performance.now();
    await page.goto(`${url}/command.html?jobs`);
    const request = {
      mounts: [],
      command: ['node', '-e', 'console.log(1)'],
      cwd: null,
      env: {},
      timeoutSeconds: 60,
      split: false,
    };
    await call('sandbox', request);
    return firstOutput - started;
  };
  return withCommandServer(root, onMessage, async (open) => {
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage();
      await page.goto('about:blank');
      const cold = await measure(page, open);
      const warm = [await measure(page, open), await measure(page, open), await measure(page, open)];
      return [
        { name: 'page open to first output, empty cache', ours: cold, reference: native, unit: 'ms' },
        { name: 'page open to first output, filled cache', ours: median(warm), reference: native, unit: 'ms' },
      ];
    } finally {
      await browser.close();
    }
  });
}

const PROGRAMS: readonly { name: string; files: Record<string, string>; command: string[] }[] = [
  { name: 'hello', files: { 'a.js': "console.log('hello')" }, command: ['node', 'a.js'] },
  {
    name: 'ES module',
    files: { 'a.mjs': "import { sep } from 'node:path'; console.log(sep)" },
    command: ['node', 'a.mjs'],
  },
  { name: 'node:test', files: { 'a.test.js': "require('node:test')('t', () => {})" }, command: ['node', 'a.test.js'] },
  {
    name: 'http',
    files: { 'a.js': "require('http').createServer().listen(0, function () { this.close() })" },
    command: ['node', 'a.js'],
  },
];

/** Start to exit of small programs, one after the other in a sandbox that is up. */
async function starts({ root }: Bench): Promise<Measurement[]> {
  const results: Measurement[] = [];
  for (const { name, files, command } of PROGRAMS) {
    const items = Array.from({ length: RUNS + 1 }, (_, index) => batchItem({ id: `${index}`, files, command }));
    const ours = await sandboxMilliseconds(root, items);
    const native = await nativeFiles(files, command.slice(1));
    results.push({ name: `process: ${name}`, ours: median(ours.slice(1)), reference: native, unit: 'ms' });
  }
  return results;
}

/** Wall time of `npm test` of a gallery task, its solution applied. */
async function task({ root }: Bench): Promise<Measurement[]> {
  const folder = await mkdtemp(join(tmpdir(), 'fixpoint-bench-'));
  try {
    const source = join(root, 'public/tasks/discount');
    await cp(join(source, 'files'), folder, { recursive: true });
    await cp(join(source, 'solution'), folder, { recursive: true });
    const native: number[] = [];
    for (let run = 0; run < 5; run++) native.push(await milliseconds('npm', ['test'], folder));
    const ours = await sandboxMilliseconds(
      root,
      Array.from({ length: 6 }, (_, run) => batchItem({ id: `${run}`, files: {}, command: ['npm', 'test'] })),
      folder,
    );
    return [
      { name: 'npm test of the task discount', ours: median(ours.slice(1)), reference: median(native), unit: 'ms' },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Bytes over the network, compressed as our server sends them. */
async function size({ root, dist }: Bench): Promise<Measurement[]> {
  let linkLength = 0;
  const firstLoad = await withCommandServer(
    root,
    () => undefined,
    ({ url }) => requestedPaths(url),
  );
  await withCommandPage(
    root,
    () => undefined,
    async ({ call }) => {
      const model = { kind: 'solver' as const, name: '', baseUrl: null, apiKey: null, recording: null };
      const end = await call('agent', { task: { name: 'discount' }, goal: null, model, strategy: 'loop', limits: {} });
      linkLength = end.link.length;
    },
  );
  const sizes = await Promise.all(firstLoad.map((path) => transferSize(dist, path)));
  const runtime = await Promise.all(
    (await readdir(join(dist, 'runtime')))
      .filter((name) => name.endsWith('.br'))
      .map((name) => stat(join(dist, 'runtime', name))),
  );
  return [
    { name: 'first load, all of it (compressed)', ours: sum(sizes) / 1024, reference: null, unit: 'KB' },
    {
      name: 'of that, the embedded runtime (compressed)',
      ours: sum(runtime.map((file) => file.size)) / 1024,
      reference: null,
      unit: 'KB',
    },
    { name: 'link of the solved task discount', ours: linkLength / 1024, reference: null, unit: 'KB' },
  ];
}

/** Every path that the page asks for until it is at rest, in an empty browser. */
async function requestedPaths(url: string): Promise<string[]> {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    const paths = new Set<string>();
    page.on('response', (response) => paths.add(new URL(response.url()).pathname));
    await page.goto(url, { waitUntil: 'networkidle' });
    return [...paths];
  } finally {
    await browser.close();
  }
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

async function transferSize(dist: string, path: string): Promise<number> {
  const file = join(dist, path === '/' ? 'index.html' : path === '/headless' ? 'headless.html' : path);
  for (const candidate of [`${file}.br`, file]) {
    const content = await readFile(candidate).catch(() => null);
    if (content) return content.length;
  }
  return 0;
}

const batchItem = (item: { id: string; files: Record<string, string>; command: string[] }): BatchItem => ({
  ...item,
  pack: null,
  cwd: null,
  env: {},
  timeoutSeconds: 60,
});

async function sandboxMilliseconds(root: string, items: BatchItem[], folder?: string): Promise<number[]> {
  const times: number[] = [];
  const onMessage = (message: PageMessage) => {
    if (message.type !== 'result') return;
    if (message.result.exitCode !== 0)
      throw new Error(`bench: exit code ${message.result.exitCode}: ${message.result.stderr}`);
    times.push(message.result.ms);
  };
  await withCommandPage(root, onMessage, async (open) => {
    const pack = folder === undefined ? null : await open.publish(folder);
    const request = { mounts: [], items: items.map((item) => ({ ...item, pack })), concurrency: 1 };
    await open.call('batch', request);
  });
  return times;
}

async function nativeFiles(files: Record<string, string>, argv: string[]): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'fixpoint-bench-'));
  try {
    for (const [path, text] of Object.entries(files)) await writeFile(join(folder, path), text);
    return await nativeMilliseconds(argv, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Median of several runs. */
async function nativeMilliseconds(argv: string[], cwd: string): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < RUNS; run++) times.push(await milliseconds('node', argv, cwd));
  return median(times);
}

/** The reference is the pinned Node, whichever runs this. */
const pinnedPath = () => `${dirname(findNode(projectRoot()).path)}${delimiter}${process.env.PATH}`;

function milliseconds(command: string, argv: string[], cwd: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(command, argv, { cwd, stdio: 'ignore', env: { ...process.env, PATH: pinnedPath() } });
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0
        ? resolve(performance.now() - started)
        : reject(new Error(`${command} ${argv.join(' ')}: exit code ${code}`)),
    );
  });
}
