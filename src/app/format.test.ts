import { expect, test } from 'vitest';
import { formatCost, formatDuration, formatRollback, formatTokens } from './format.ts';

test('durations', () => {
  expect([0, 42.7, 400, 9949, 12_900, 125_000].map(formatDuration)).toEqual([
    '0 ms',
    '42 ms',
    '0.4 s',
    '9.9 s',
    '12 s',
    '2 min 5 s',
  ]);
});

test('tokens and cost', () => {
  expect([950, 12_340, 1_200_000].map(formatTokens)).toEqual(['950', '12.3k', '1.20M']);
  expect([null, 0, 0.001, 1.5].map(formatCost)).toEqual(['price unknown', '$0', '<$0.01', '$1.50']);
});

test('a rollback says what it does', () => {
  expect(formatRollback(3, 1)).toBe('restores 3 files, removes 1');
  expect(formatRollback(0, 1)).toBe('removes 1 file');
  expect(formatRollback(0, 0)).toBe('no file changes');
});
