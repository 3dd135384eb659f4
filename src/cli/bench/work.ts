/** Work inside one process: each script in workloads/ measures itself and prints `{ name: milliseconds }` as JSON. */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { findNode } from '../../runtime/library/find-node.ts';
import { batchItem, sandboxOutputs } from './compare.ts';
import { type Bench, type Measurement, median } from './measurement.ts';

const RUNS = 3;
const times = z.record(z.string(), z.number());
type Times = z.infer<typeof times>;

export async function work({ root }: Bench): Promise<Measurement[]> {
  const folder = join(root, 'src/cli/bench/workloads');
  const results: Measurement[] = [];
  for (const name of (await readdir(folder)).sort()) {
    const script = join(folder, name);
    const ours = await inSandbox(root, await readFile(script, 'utf8'));
    const native = await natively(findNode(root).path, script);
    for (const [key, value] of Object.entries(medians(ours))) {
      results.push({
        name: `${name.replace(/\.\w+$/, '')}: ${key}`,
        ours: value,
        reference: medians(native)[key] ?? null,
        unit: 'ms',
      });
    }
  }
  return results;
}

async function inSandbox(root: string, text: string): Promise<Times[]> {
  const items = Array.from({ length: RUNS }, (_, run) =>
    batchItem({ id: `${run}`, files: { 'work.cjs': text }, command: ['node', 'work.cjs'] }),
  );
  return (await sandboxOutputs(root, items)).map(parse);
}

async function natively(node: string, script: string): Promise<Times[]> {
  const runs: Times[] = [];
  for (let run = 0; run < RUNS; run++) {
    const cwd = await mkdtemp(join(tmpdir(), 'fixpoint-bench-'));
    try {
      runs.push(parse((await promisify(execFile)(node, [script], { cwd, maxBuffer: 64 << 20 })).stdout));
    } finally {
      await rm(cwd, { recursive: true, force: true });
    }
  }
  return runs;
}

/** The result is the last line: a workload may print before it. */
const parse = (output: string): Times => times.parse(JSON.parse(output.trimEnd().split('\n').at(-1) ?? ''));

function medians(runs: readonly Times[]): Times {
  const keys = Object.keys(runs[0] ?? {});
  return Object.fromEntries(keys.map((key) => [key, median(runs.map((run) => run[key] ?? Number.NaN))]));
}
