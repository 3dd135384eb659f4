import { expect, test } from 'vitest';
import { BootGate } from './boot-gate.ts';

test('so many are inside at a time, the others follow in their order', () => {
  const gate = new BootGate(2);
  const started: string[] = [];
  const leave = ['a', 'b', 'c', 'd', 'e'].map((name) => gate.enter(() => started.push(name)));
  expect(started).toEqual(['a', 'b']);
  leave[1]?.();
  leave[1]?.();
  expect(started).toEqual(['a', 'b', 'c']);
  leave[3]?.();
  leave[0]?.();
  expect(started).toEqual(['a', 'b', 'c', 'e']);
});
