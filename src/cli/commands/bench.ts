/** `bench`: the project's measurements, each beside native Node in the same run, as a table and as JSON. */
import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { boot } from '../bench/boot.ts';
import type { Bench, Measurement } from '../bench/measurement.ts';
import { memory } from '../bench/memory.ts';
import { size } from '../bench/size.ts';
import { starts } from '../bench/starts.ts';
import { startsMemory } from '../bench/starts-memory.ts';
import { formatTable, machine } from '../bench/table.ts';
import { task } from '../bench/task.ts';
import { work } from '../bench/work.ts';
import { ensureBuild } from '../build.ts';

const BENCHES: Readonly<Record<string, (bench: Bench) => Promise<Measurement[]>>> = {
  boot,
  start: starts,
  work,
  task,
  size,
  memory,
  'starts-memory': startsMemory,
};

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
