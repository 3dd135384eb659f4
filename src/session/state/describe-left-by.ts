import type { LeftFailing } from '../values.ts';

const WHO: Record<LeftFailing['by'], string> = {
  task: ', which the task does not ask for',
  agent: ' as before, and the agent says that this is not of the task',
  person: ' as before, as a person agreed',
};

/** "2 tests fail as before, as a person agreed". */
export const describeLeftCount = (tests: number, by: LeftFailing['by']): string =>
  `${tests} ${tests === 1 ? 'test fails' : 'tests fail'}${WHO[by]}`;

export const describeLeftBy = ({ tests, by }: LeftFailing): string => describeLeftCount(tests.length, by);
