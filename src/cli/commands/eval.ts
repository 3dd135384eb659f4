/** `eval`: tasks × models × strategies, as a table. */
import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { DEFAULT_LIMITS } from '../../agent/limits/limits.ts';
import { parseStrategy } from '../../agent/strategies/parse-strategy.ts';
import { withCommandPage } from '../browser/command-page.ts';
import { findTasks } from '../eval/find-tasks.ts';
import { type Cell, parseShard, planCells, takeShard } from '../eval/plan.ts';
import { type EvalRow, isFinished, mergeRows } from '../eval/results.ts';
import { type CellRun, runCells } from '../eval/run-cells.ts';
import { mergeFolders, readRows, writeRows, writeTables, writeWhole } from '../eval/store.ts';
import { formatSummary } from '../eval/summary-table.ts';
import { packFolder } from '../pack.ts';
import { callUntilStopped } from '../run-agent-request.ts';
import { stopCode, stoppable } from '../stop-signals.ts';
import { parseCount, UsageError } from './arguments.ts';
import { modelRequest } from './model-options.ts';
import { addRunOptions, agentRequest, parseChecks, parseLimits, type RunOptions, runOptionsOf } from './run-options.ts';

interface Options extends RunOptions {
  tasks?: string[];
  models: string[];
  strategies: string[];
  out: string;
  repeat: string;
  concurrency: string;
  shard?: string;
  fresh?: boolean;
  merge?: string[];
}

/** Beyond the run's own limit: checks at its start and end, and the boot. */
const PATIENCE_SECONDS = 1200;

export function addEvalCommand(program: Command, root: string): void {
  const command = program
    .command('eval')
    .description('run tasks × models × strategies; writes results.json, results.csv, runs.csv, results.html and runs/')
    .option('--tasks <dir...>', 'task folders, folders of them, or names of the gallery')
    .option('--models <model...>', 'solver, openai:NAME, HOST:NAME, replay:FILE', ['solver'])
    .option('--strategies <name...>', 'how the agent works', ['loop'])
    .requiredOption('--out <dir>', 'where the results go; what is finished there is not run again')
    .option('--repeat <n>', 'runs of each', '1')
    .option('--concurrency <n>', 'runs at the same time, each in a browser of its own', '1')
    .option('--shard <i/n>', 'only this part of the runs')
    .option('--fresh', 'run also what is finished there')
    .option('--merge <dir...>', 'put results of several folders together in --out, and run nothing');
  addRunOptions(command).action(async (options: Options) => {
    process.exitCode = await evaluate(root, options);
  });
}

async function evaluate(root: string, options: Options): Promise<number> {
  if (options.merge) {
    print(await mergeFolders(options.merge, resolve(options.out)));
    return 0;
  }
  if (!options.tasks)
    throw new UsageError('--tasks DIR… says what is to be run (or --merge DIR… what is put together)');
  await checkNames(options);
  const out = resolve(options.out);
  const cells = takeShard(
    planCells({
      tasks: await findTasks(options.tasks, join(root, 'public/tasks')),
      models: options.models,
      strategies: separate(options.strategies),
      repeat: parseCount('--repeat', options.repeat),
    }),
    options.shard === undefined ? null : parseShard(options.shard),
  );
  const fingerprintOf = fingerprints(options);
  if (options.fresh) await rm(join(out, 'runs'), { recursive: true, force: true });
  let rows = options.fresh ? [] : await readRows(out);
  const left = await unfinished(cells, rows, fingerprintOf);
  if (left.length < cells.length)
    process.stderr.write(`${cells.length - left.length} of ${cells.length} runs are finished already.\n`);
  let done = 0;
  const code = await stoppable(async (stop) => {
    await runCells({
      ...cellRun(root, out, options),
      cells: left,
      stop,
      call: (open, request) => callUntilStopped(open, request, stop),
      fingerprintOf,
      async onRow(row) {
        done += 1;
        process.stderr.write(`${done}/${left.length} ${describe(row)}\n`);
        rows = mergeRows([rows.filter(({ id }) => id !== row.id), [row]]);
        await writeRows(out, rows);
      },
    });
    return stopCode(stop);
  });
  await writeRows(out, rows);
  await writeTables(out, rows);
  print(rows);
  return code ?? 0;
}

function cellRun(
  root: string,
  out: string,
  options: Options,
): Pick<CellRun, 'concurrency' | 'patience' | 'withPage' | 'request' | 'keepSession'> {
  const seconds = parseLimits(options.limit).seconds ?? DEFAULT_LIMITS.seconds;
  const packs = new WeakMap<object, Map<string, Promise<string>>>();
  return {
    concurrency: parseCount('--concurrency', options.concurrency),
    patience: seconds + PATIENCE_SECONDS,
    withPage: (work) => withCommandPage(root, () => undefined, work),
    async request(open, { task, model, strategy }) {
      const published = packs.get(open) ?? new Map<string, Promise<string>>();
      packs.set(open, published);
      const pack = published.get(task.folder) ?? open.publish(task.folder);
      published.set(task.folder, pack);
      return agentRequest(open, { task: { pack: await pack, name: task.name }, model, strategy }, options);
    },
    async keepSession({ id }, text) {
      const path = `runs/${id}.json`;
      await writeWhole(join(out, path), text);
      return path;
    },
  };
}

/** A wrong name is told before anything runs. */
async function checkNames(options: Options): Promise<void> {
  for (const strategy of separate(options.strategies)) parseStrategy(strategy);
  const { models, planner, executor, reviewer } = options;
  const names = [...models, planner, executor, reviewer].filter((name) => name !== undefined);
  if (names.includes('person')) throw new UsageError('a person cannot be evaluated: nobody is there to be asked');
  for (const name of names) await modelRequest(name, options, { relayTo: () => '', answerWith: () => undefined });
  parseChecks(options);
  parseLimits(options.limit);
}

/** "loop,plan" and "loop plan" are the same. */
const separate = (names: readonly string[]): string[] => names.flatMap((name) => name.split(',')).filter(Boolean);

type FingerprintOf = (cell: Cell) => Promise<string>;

/** Of all that decides how a run goes and is not in its name: the options of a run, and the task's files. */
function fingerprints(options: Options): FingerprintOf {
  const named = runOptionsOf({ ...options, limit: [...options.limit].sort() });
  const byFolder = new Map<string, Promise<string>>();
  const hash = async (folder: string) =>
    createHash('sha256')
      .update(JSON.stringify(named))
      .update(await packFolder(folder))
      .digest('hex')
      .slice(0, 16);
  return ({ task: { folder } }) => {
    const known = byFolder.get(folder) ?? hash(folder);
    byFolder.set(folder, known);
    return known;
  };
}

async function unfinished(
  cells: readonly Cell[],
  rows: readonly EvalRow[],
  fingerprintOf: FingerprintOf,
): Promise<Cell[]> {
  const left: Cell[] = [];
  for (const cell of cells) {
    const row = rows.find(({ id }) => id === cell.id);
    if (!row || !isFinished(row) || row.fingerprint !== (await fingerprintOf(cell))) left.push(cell);
  }
  return left;
}

function describe(row: EvalRow): string {
  const { task, model, strategy, outcome, error, seconds, solved, hidden, proof } = row;
  const result =
    error === null
      ? `${outcome}${solved && hidden === false ? ', the held-out tests fail' : ''}${proof === 'agent' ? ', as the agent alone says' : ''}`
      : `crashed: ${error}`;
  return `${task}, ${model}, ${strategy}: ${result} (${seconds.toFixed(1)} s)`;
}

function print(rows: readonly EvalRow[]): void {
  process.stdout.write(formatSummary(rows));
}
