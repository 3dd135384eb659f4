/** What a solved run rests on: all tests, or less than that. */
import type { Outcome, Verdict } from '../values.ts';

/**
 * `hidden`: the held-out tests pass. `tests`: all tests pass. `exit-code`: the test command ended well and names no tests. `task`: the
 * tests that the task asks for pass, others fail. `person`: tests fail as before, and a person agreed that they may. `agent`: its own word
 * alone: tests fail as before, or the test command says nothing that it did not say at the start.
 */
export const PROOFS = ['hidden', 'tests', 'exit-code', 'task', 'person', 'agent'] as const;
export type Proof = (typeof PROOFS)[number];

export interface Proven {
  readonly outcome: Pick<Outcome, 'kind' | 'left'>;
  /** Of the session's first files; null where the tests were not run on them. */
  readonly start: Verdict | null;
  /** Of the attempt that the run ended with. */
  readonly end: Verdict | null;
  /** Whether it passes the held-out tests; null: there are none, or they were not run. */
  readonly hidden: boolean | null;
}

/** null: it is not solved, or the held-out tests say that it is not. */
export function proofOf({ outcome, start, end, hidden }: Proven): Proof | null {
  if (outcome.kind !== 'solved' || hidden === false) return null;
  if (hidden) return 'hidden';
  if (outcome.left) return outcome.left.by;
  if (end?.format !== null) return 'tests';
  return start?.passed && start.format === null ? 'agent' : 'exit-code';
}

/** Somebody or something beside the agent says so. */
export const isProven = (proof: Proof | null): boolean => proof !== null && proof !== 'agent';
