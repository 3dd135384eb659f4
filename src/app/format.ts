/** Values as a person reads them. */

/** "42 ms", "0.4 s", "12 s", "2 min 5 s". */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 100) return `${Math.floor(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 10) return `${(Math.floor(seconds * 10) / 10).toFixed(1)} s`;
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
}

export function formatCount(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}

/** "950", "12.3k", "1.20M". */
export function formatTokens(tokens: number): string {
  if (tokens < 1000) return String(tokens);
  if (tokens < 1_000_000) return `${(tokens / 1000).toFixed(1)}k`;
  return `${(tokens / 1_000_000).toFixed(2)}M`;
}

/** Dollars; null is an unknown price. */
export function formatCost(cost: number | null): string {
  if (cost === null) return 'price unknown';
  if (cost === 0) return '$0';
  return cost < 0.01 ? '<$0.01' : `$${cost.toFixed(2)}`;
}

/** What a rollback costs: "restores 3 files, removes 1". */
export function formatRollback(written: number, removed: number): string {
  if (written + removed === 0) return 'no file changes';
  const restores = written > 0 ? `restores ${formatCount(written, 'file')}` : '';
  const removes = removed > 0 ? `removes ${written > 0 ? removed : formatCount(removed, 'file')}` : '';
  return [restores, removes].filter(Boolean).join(', ');
}
