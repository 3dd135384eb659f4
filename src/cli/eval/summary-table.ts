import type { EvalRow } from './results.ts';
import { groupByModel } from './summary.ts';

const percent = (share: number) => `${Math.round(share * 100)} %`;
const fixed = (value: number | null, digits: number) => (value === null ? '–' : value.toFixed(digits));

/** A line a model and strategy, for the terminal. */
export function formatSummary(rows: readonly EvalRow[]): string {
  const head = [
    'model',
    'strategy',
    'success',
    '95 %',
    'runs',
    'claimed',
    'crashed',
    'attempts',
    'steps',
    'tokens',
    'cost',
    'seconds',
  ];
  const lines = groupByModel(rows).map((group) => [
    group.model,
    group.strategy,
    group.rate === null ? '–' : percent(group.rate),
    `${percent(group.low)}–${percent(group.high)}`,
    String(group.runs),
    String(group.claimed),
    String(group.errors),
    fixed(group.attempts, 1),
    fixed(group.steps, 1),
    fixed(group.inputTokens === null ? null : group.inputTokens + (group.outputTokens ?? 0), 0),
    group.cost === null ? 'unknown' : `$${group.cost.toFixed(4)}`,
    fixed(group.seconds, 1),
  ]);
  const widths = head.map((title, at) => Math.max(title.length, ...lines.map((line) => line[at]?.length ?? 0)));
  return [head, ...lines]
    .map(
      (line) =>
        `${line
          .map((cell, at) => cell.padEnd(widths[at] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}
