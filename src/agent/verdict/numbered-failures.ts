import type { TestResult } from '../../session/events.ts';
import { dedent } from './reading.ts';

/** Blocks of failures that each begin with a number and the test's whole name, on a line that `start` knows: its first group. */
export function readNumberedFailures(lines: readonly string[], start: RegExp, end: RegExp): TestResult[] {
  const blocks: { readonly name: string; readonly lines: string[] }[] = [];
  let isOpen = false;
  for (const line of lines) {
    const name = start.exec(line)?.[1];
    if (name !== undefined) {
      blocks.push({ name, lines: [] });
      isOpen = true;
    } else if (end.test(line)) isOpen = false;
    else if (isOpen) blocks.at(-1)?.lines.push(line);
  }
  return blocks.map(({ name, lines: text }) => ({ name: [name], status: 'failed', message: dedent(text) }));
}
