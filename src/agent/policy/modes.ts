/** Who decides what the rules leave open. */
import type { Stake } from './commands/command-rules.ts';

export type Mode = 'confirm-each' | 'confirm-risky' | 'hands-off';
export const MODES: readonly Mode[] = ['confirm-each', 'confirm-risky', 'hands-off'];
/** Nobody may be there. */
export const DEFAULT_MODE: Mode = 'hands-off';

export interface Default {
  readonly allowed: boolean;
  readonly reason: string;
}

const UNDOABLE = 'what it does to the files is seen afterwards, and undone where it may not be';

/** What happens when nobody can be asked. What cannot be undone, or not be read beforehand, is denied. */
export const WITHOUT_PERSON: Readonly<Record<Stake, Default>> = {
  network: { allowed: false, reason: 'nobody is there to allow the network: do without it' },
  install: { allowed: false, reason: 'nobody is there to allow it: use what is installed' },
  unclear: { allowed: false, reason: 'nobody is there to look at it: write it in a way that can be read' },
  delete: { allowed: true, reason: UNDOABLE },
  git: { allowed: true, reason: 'it stays in the sandbox' },
  code: { allowed: true, reason: UNDOABLE },
  program: { allowed: true, reason: UNDOABLE },
  finish: { allowed: true, reason: 'Nobody was asked: the outcome says so, and which tests fail.' },
  each: { allowed: true, reason: 'nobody is there to be asked, and no rule forbids it' },
};
