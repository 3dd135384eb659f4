import type { Verdict } from '../../session/values.ts';

/** One re-executed event. `differences` is empty when all agrees. */
export interface ReplayStep {
  /** Number of the event in the log. */
  readonly seq: number;
  /** What was done: "npm test", "edit of src/a.js". */
  readonly action: string;
  /** What agreed, in words: "exit code 1", "3 passed, 2 failed", "tree 4b825dc". */
  readonly agreed: readonly string[];
  /** In words: "exit code 1 was 0 in the recording". */
  readonly differences: readonly string[];
}

export interface ReplayOptions {
  readonly signal: AbortSignal;
  readonly onStep?: (step: ReplayStep) => void;
  readonly onOutput?: (text: string) => void;
}

/** What of a re-executed event agrees with the recording, and what does not, in words. */
export interface Findings {
  readonly differences: readonly string[];
  result(): { readonly agreed: readonly string[]; readonly differences: readonly string[] };
  compare(what: string, actual: string | number, recorded: string | number): void;
}

export function createFindings(): Findings {
  const agreed: string[] = [];
  const differences: string[] = [];
  return {
    differences,
    result: () => ({ agreed, differences }),
    compare(what: string, actual: string | number, recorded: string | number): void {
      const short = (value: string | number) => (what === 'tree' ? String(value).slice(0, 10) : value);
      if (actual === recorded) agreed.push(`${what} ${short(actual)}`);
      else differences.push(`${what} ${short(actual)} was ${short(recorded)} in the recording`);
    },
  };
}

export const describeCounts = ({ counts }: Verdict): string =>
  counts ? `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped` : 'no counts';
