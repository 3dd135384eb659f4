import { expect, test } from 'vitest';
import { describeRerun } from './describe-rerun.ts';

const same = { seq: 0, action: 'npm test', agreed: ['exit code 1'], differences: [] };
const other = { ...same, agreed: [], differences: ['exit code 1 was 0 in the recording'] };

test.each([
  [{ state: 'running', total: 5, steps: [same], message: null }, '1 of 5 steps done…'],
  [{ state: 'done', total: 2, steps: [same, same], message: null }, 'All 2 steps agree.'],
  [{ state: 'done', total: 2, steps: [same, other], message: null }, '1 of 2 steps differ.'],
  [{ state: 'stopped', total: 5, steps: [same], message: null }, 'Stopped after 1 of 5 steps.'],
  [{ state: 'failed', total: 5, steps: [], message: 'gone' }, 'The re-run could not go on after 0 of 5 steps: gone'],
] as const)('%j', (rerun, text) => {
  expect(describeRerun(rerun).text).toBe(text);
});
