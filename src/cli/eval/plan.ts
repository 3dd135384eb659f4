import { createHash } from 'node:crypto';
import { UsageError } from '../commands/arguments.ts';

export interface EvalTask {
  readonly name: string;
  /** Absolute path. */
  readonly folder: string;
}

/** One run to be made. */
export interface Cell {
  readonly id: string;
  readonly task: EvalTask;
  readonly model: string;
  readonly strategy: string;
  /** From 1. */
  readonly repetition: number;
}

export interface Plan {
  readonly tasks: readonly EvalTask[];
  readonly models: readonly string[];
  readonly strategies: readonly string[];
  readonly repeat: number;
}

/** Every run, in an order that the arguments alone decide: repetition by repetition, so that an early end has seen all tasks. */
export function planCells({ tasks, models, strategies, repeat }: Plan): readonly Cell[] {
  const cells: Cell[] = [];
  for (let repetition = 1; repetition <= repeat; repetition += 1)
    for (const task of tasks)
      for (const model of models)
        for (const strategy of strategies)
          cells.push({ id: idOf([task.name, model, strategy], repetition), task, model, strategy, repetition });
  return cells;
}

/** Safe as a file's name, and of one run alone: what cannot be in a name is told apart by a hash. */
function idOf(names: readonly string[], repetition: number): string {
  const readable = names.map((name) => name.replace(/[^\w.+-]+/g, '-').slice(-40)).join('--');
  const hash = createHash('sha256').update(JSON.stringify(names)).digest('hex').slice(0, 6);
  return `${readable}--${hash}-${repetition}`;
}

export interface Shard {
  /** From 1. */
  readonly index: number;
  readonly of: number;
}

/** "2/3". Throws UsageError. */
export function parseShard(text: string): Shard {
  const [, index, of] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  const shard = { index: Number(index), of: Number(of) };
  if (shard.index >= 1 && shard.index <= shard.of) return shard;
  throw new UsageError(`--shard ${text}: write it as i/n with i from 1 to n`);
}

/** The shards of one evaluation together have each run once. */
export function takeShard(cells: readonly Cell[], shard: Shard | null): readonly Cell[] {
  return shard === null ? cells : cells.filter((_, at) => at % shard.of === shard.index - 1);
}
