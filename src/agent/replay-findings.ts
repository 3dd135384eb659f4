import type { Verdict } from '../session/events.ts';

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
