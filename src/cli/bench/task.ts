import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { batchItem, milliseconds, sandboxMilliseconds } from './compare.ts';
import { type Bench, type Measurement, median } from './measurement.ts';

/** Wall time of `npm test` of a gallery task, its solution applied. */
export async function task({ root }: Bench): Promise<Measurement[]> {
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
      { folder },
    );
    return [
      { name: 'npm test of the task discount', ours: median(ours.slice(1)), reference: median(native), unit: 'ms' },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
