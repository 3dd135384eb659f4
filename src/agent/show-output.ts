import { shortenLine } from './tools/shorten-line.ts';
import type { Outputs } from './workspace/outputs.ts';

const LINE_WIDTH = 2000;
const HEAD = 0.35;

/** An output as a model reads it: whole, or its head and its tail, with how the rest is asked for. */
export function showOutput(outputs: Outputs, text: string, maximum: number): string {
  const lines = text.split('\n');
  if (text.length <= maximum) return lines.map((line) => shortenLine(line, LINE_WIDTH)).join('\n');
  const short = lines.map((line) => shortenLine(line, LINE_WIDTH));
  const head = countFitting(short, maximum * HEAD);
  const tail = countFitting(short.toReversed(), maximum * (1 - HEAD));
  const left = lines.length - head - tail;
  if (left <= 0) return short.join('\n');
  const id = outputs.keep(text);
  const note = `[… ${left} lines left out: read_output {"id": ${id}, "from": ${head + 1}} shows them, of ${lines.length} …]`;
  return [...short.slice(0, head), note, ...short.slice(lines.length - tail)].join('\n');
}

/** How many lines from the start fit; at least one. */
function countFitting(lines: readonly string[], room: number): number {
  let used = 0;
  let count = 0;
  for (const line of lines) {
    used += line.length + 1;
    if (used > room && count > 0) break;
    count += 1;
  }
  return count;
}
