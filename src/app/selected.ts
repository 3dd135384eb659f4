import type { Attempt, SessionState } from '../session/state/session-state.ts';
import type { Selection } from './view.ts';

/** The selected attempt, or the head; null before a session began. */
export function selectedAttempt(state: SessionState, { attempt }: Selection): Attempt | null {
  return state.attempts[attempt ?? state.head] ?? state.attempts[state.head] ?? null;
}
