/** `bench`: the project's measurements, each beside native Node in the same run, as a table and as JSON. */
import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { boot } from '../bench/boot.ts';
import { formatEdits, measureEdits } from '../bench/edit.ts';
import { idleMemory } from '../bench/idle-memory.ts';
import type { Bench, Measurement } from '../bench/measurement.ts';
import { memory } from '../bench/memory.ts';
import { size } from '../bench/size.ts';
import { starts } from '../bench/starts.ts';
import { startsMemory } from '../bench/starts-memory.ts';
import { formatTable, machine } from '../bench/table.ts';
import { task } from '../bench/task.ts';
import { work } from '../bench/work.ts';
import { ensureBuild } from '../build/build.ts';
import { UsageError } from './arguments.ts';

const BENCHES: Readonly<Record<string, (bench: Bench) => Promise<Measurement[]>>> = {
  boot,
  start: starts,
  work,
  task,
  size,
  memory,
  'idle-memory': idleMemory,
  'starts-memory': startsMemory,
};

const NAMES = [...Object.keys(BENCHES), 'edit'];

export function addBenchCommand(program: Command, root: string): void {
  program
    .command('bench')
    .description(`measurements: ${NAMES.join(', ')} (all when none is named)`)
    .argument('[name]')
    .option('--out <file>', 'also write the results as JSON')
    .option('--seeds <numbers>', 'of the edits of "bench edit", such as 1,2,7 or 1-20: each seed makes others', seedsOf)
    .action(async (name: string | undefined, { out, seeds }: { out?: string; seeds?: number[] }) => {
      if (name !== undefined && !NAMES.includes(name)) throw new Error(`bench ${name}: there are ${NAMES.join(', ')}`);
      const results = await measure(root, name);
      if (results.length > 0) process.stdout.write(formatTable(results));
      // It has a table of its own, and needs no build.
      const edits = name === undefined || name === 'edit' ? measureEdits(root, seeds) : null;
      if (edits) process.stdout.write(`${name === 'edit' ? `${machine()}\n` : ''}\n${formatEdits(edits)}`);
      const report = { machine: machine(), results, ...(edits ? { edits } : {}) };
      if (out) await writeFile(out, `${JSON.stringify(report, null, 2)}\n`);
    });
}

/** "1,2,7-9" -> 1, 2, 7, 8, 9. Throws UsageError. */
function seedsOf(text: string): number[] {
  return text.split(',').flatMap((part) => {
    const [, from, to] = /^\s*(\d{1,9})(?:-(\d{1,9}))?\s*$/.exec(part) ?? [];
    if (from === undefined) throw new UsageError(`--seeds: "${part}" is not a number, nor a range such as 1-20`);
    const [first, last] = [Number(from), Number(to ?? from)];
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => first + at);
  });
}

async function measure(root: string, name: string | undefined): Promise<Measurement[]> {
  const chosen = Object.entries(BENCHES).filter(([key]) => name === undefined || key === name);
  if (chosen.length === 0) return [];
  const bench = { root, dist: await ensureBuild(root) };
  const results: Measurement[] = [];
  for (const [, run] of chosen) results.push(...(await run(bench)));
  return results;
}
