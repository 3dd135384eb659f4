/** Whoever sits in front of a run: grants what the policy wants to be asked for, and answers the agent's questions. */

import type { Content } from '../session/files.ts';
import type { PermissionAction, RiskFinding } from '../session/values.ts';

/** A file as it is and as it would be; null: it is not there. */
export interface AskedChange {
  readonly path: string;
  readonly before: Content | null;
  readonly after: Content | null;
}

/** What exactly would happen, before it does. */
export interface Ask {
  readonly call: string;
  readonly action: PermissionAction;
  /** In one line: "npm install left-pad", "change src/a.js". */
  readonly what: string;
  /** Why it is asked, each a sentence. */
  readonly reasons: readonly string[];
  /** Every command that would run, each as it was parsed: also those of substitutions, of scripts and of package.json. */
  readonly commands: readonly string[];
  readonly changes: readonly AskedChange[];
  /** What the scan of the new code found. */
  readonly findings: readonly RiskFinding[];
  /** Patterns that "session" and "always" would allow from now on; empty when it can be allowed once only. */
  readonly patterns: readonly string[];
}

export type Answer =
  | { readonly decision: 'once' | 'session' | 'always' }
  /** The reason goes to the model. */
  | { readonly decision: 'no'; readonly reason: string };

/** Both reject with the signal's reason when it is aborted; the clock of the run stands still meanwhile. */
export interface Person {
  approve(ask: Ask, signal: AbortSignal): Promise<Answer>;
  answer(question: string, signal: AbortSignal): Promise<string>;
}
