/** The same work in the sandbox and in the pinned native Node. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { findNode, projectRoot } from '../../runtime/library/find-node.ts';
import { withCommandPage } from '../browser/command-page.ts';
import type { BatchItem, BatchResult, PageMessage } from '../page-api.ts';
import { median, RUNS } from './measurement.ts';

/** A line of a batch, as the page wants it. */
export const batchItem = (item: { id: string; files: Record<string, string>; command: string[] }): BatchItem => ({
  ...item,
  pack: null,
  cwd: null,
  env: {},
  timeoutSeconds: 60,
});

interface Circumstances {
  /** Mounted for each item. */
  readonly folder?: string;
  /** Milliseconds of rest before each. */
  readonly pause?: number;
  /** Milliseconds of rest before the first. */
  readonly rest?: number;
}

/** Start to exit of each item, one after the other in one sandbox. */
export async function sandboxMilliseconds(root: string, items: BatchItem[], more?: Circumstances): Promise<number[]> {
  return (await sandboxResults(root, items, more)).map((result) => result.ms);
}

/** What each item printed. */
export async function sandboxOutputs(root: string, items: BatchItem[]): Promise<string[]> {
  return (await sandboxResults(root, items)).map((result) => result.stdout);
}

async function sandboxResults(root: string, items: BatchItem[], more: Circumstances = {}): Promise<BatchResult[]> {
  const { folder, ...rests } = more;
  const results: BatchResult[] = [];
  const onMessage = (message: PageMessage) => {
    if (message.type !== 'result') return;
    const { exitCode, stderr } = message.result;
    if (exitCode !== 0) throw new Error(`bench: exit code ${exitCode}: ${stderr}`);
    results.push(message.result);
  };
  await withCommandPage(root, onMessage, async (open) => {
    const pack = folder === undefined ? null : await open.publish(folder);
    const request = { mounts: [], items: items.map((item) => ({ ...item, pack })), concurrency: 1, ...rests };
    await open.call('batch', request);
  });
  return results;
}

/** Median of `node ARGV` in a folder of these files. */
export async function nativeFiles(files: Record<string, string>, argv: string[]): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'fixpoint-bench-'));
  try {
    for (const [path, text] of Object.entries(files)) await writeFile(join(folder, path), text);
    return await nativeMilliseconds(argv, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Median of several runs. */
export async function nativeMilliseconds(argv: string[], cwd: string): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < RUNS; run++) times.push(await milliseconds('node', argv, cwd));
  return median(times);
}

/** The reference is the pinned Node, whichever runs this. */
const pinnedPath = () => `${dirname(findNode(projectRoot()).path)}${delimiter}${process.env.PATH}`;

export function milliseconds(command: string, argv: string[], cwd: string): Promise<number> {
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
