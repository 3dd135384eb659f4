import type { TestResult, Verdict } from '../../session/values.ts';

/** What a reporter's format says. */
export interface Reading {
  readonly format: string;
  readonly counts: NonNullable<Verdict['counts']>;
  readonly tests: readonly TestResult[];
}

/** Reads one reporter's format out of plain output; null when the output is of another kind. */
export type Reader = (output: string) => Reading | null;

/** Sum of the numbers that a pattern's first group finds; `missing` when it finds none. */
export function sumOf(output: string, pattern: RegExp, missing = 0): number {
  const found = [...output.matchAll(pattern)];
  return found.length === 0 ? missing : found.reduce((sum, match) => sum + Number(match[1]), 0);
}

export function countStatus(tests: readonly TestResult[], status: TestResult['status']): number {
  return tests.filter((test) => test.status === status).length;
}

/** Takes away the indentation that all lines have in common, and the empty lines around them. */
export function dedent(lines: readonly string[]): string {
  const filled = lines.filter((line) => line.trim() !== '');
  const common = Math.min(...filled.map((line) => line.length - line.trimStart().length));
  return lines
    .map((line) => line.slice(Number.isFinite(common) ? common : 0))
    .join('\n')
    .replace(/^\s*\n|\s+$/g, '');
}
