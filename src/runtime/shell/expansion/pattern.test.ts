import { expect, it } from 'vitest';
import { patternSource, patternToRegExp } from './pattern.ts';

it('matches with many stars what it matches without haste', () => {
  const letters = ['a', 'b', '*', '?', '[ab]', '/', '.'];
  let seed = 7;
  const below = (most: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((seed / 2 ** 31) * most);
  };
  const word = (from: readonly string[], most: number) =>
    Array.from({ length: below(most) }, () => from[below(from.length)]).join('');
  let matched = 0;
  for (let round = 0; round < 20_000; round++) {
    const path = round % 2 === 0;
    const pattern = `*${word(letters, 6)}*${word(letters, 4)}*${word(letters, 4)}`;
    const text = word(['a', 'b', '/', '.'], 10);
    const slow = new RegExp(`^(?:${patternSource(pattern, { path })})$`, 'u').test(text);
    expect(patternToRegExp(pattern, { path }).test(text), `${pattern} ${text} ${path}`).toBe(slow);
    if (slow) matched++;
  }
  expect(matched).toBeGreaterThan(1000);
});

it('ends soon where nothing matches', () => {
  const pattern = `${'*a'.repeat(40)}*b`;
  expect(patternToRegExp(pattern).test('a'.repeat(200))).toBe(false);
  expect(patternToRegExp(pattern, { path: true, ignoreCase: true }).test(`${'A'.repeat(200)}B`)).toBe(true);
});
