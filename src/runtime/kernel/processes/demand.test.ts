import { expect, it } from 'vitest';
import { Demand } from './demand.ts';

it('expects what one of the last two commands took, within what there is room for', () => {
  const demand = new Demand();
  expect(demand.expected('node', 4)).toBe(1);
  for (const session of [2, 2, 2, 9, 9]) demand.note('node', session);
  expect(demand.expected('node', 4)).toBe(3);
  expect(demand.expected('node', 2)).toBe(2);
  expect(demand.expected('shell', 4)).toBe(1);
  demand.note('shell', 12);
  expect(demand.expected('node', 4)).toBe(2);
  expect(demand.expected('shell', 4)).toBe(1);
});
