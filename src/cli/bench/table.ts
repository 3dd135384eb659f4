/** The results as a Markdown table, headed by the machine they were measured on. */
import { cpus } from 'node:os';
import type { Measurement } from './measurement.ts';

export const machine = () => `${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, ${process.platform}`;

export function formatTable(results: readonly Measurement[]): string {
  const number = (value: number, unit: string) => `${value < 10 ? value.toFixed(1) : Math.round(value)} ${unit}`;
  const rows = results.map(({ name, ours, reference, unit }) => [
    name,
    number(ours, unit),
    reference === null ? '–' : number(reference, unit),
    reference === null ? '–' : (ours / reference).toFixed(2),
  ]);
  const head = ['measurement', 'sandbox', 'native', 'ratio'];
  return `${machine()}\n\n${markdownTable(head, rows)}`;
}

export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return `${lines.join('\n')}\n`;
}
