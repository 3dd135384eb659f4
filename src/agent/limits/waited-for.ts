import type { Person } from '../person.ts';
import type { RunClock } from './run-clock.ts';
import type { Spending } from './spending.ts';

/** The same person, for whom the clock of the run stands still. */
export function waitedFor(person: Person, { spending, clock }: { spending: Spending; clock: RunClock }): Person {
  const waiting = <T>(think: () => Promise<T>): Promise<T> => spending.pause(() => clock.pause(think));
  return {
    approve: (ask, signal) => waiting(() => person.approve(ask, signal)),
    answer: (question, signal) => waiting(() => person.answer(question, signal)),
  };
}
