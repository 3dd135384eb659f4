import type { Acceptance } from '../tools/tool.ts';
import type { Checks } from './checks.ts';

/** Accepts what `acceptance` accepts and what passes the required checks. */
export function requireChecks(acceptance: Acceptance, checks: Checks): Acceptance {
  if (!checks.isDemanding) return acceptance;
  return {
    judge: async (ending, context) => {
      const judged = await acceptance.judge(ending, context);
      if (judged.outcome?.kind !== 'solved') return judged;
      const complaint = await checks.complaint(context.workspace);
      return complaint === null ? judged : { ok: false, result: complaint };
    },
    suffices: () => false,
  };
}
