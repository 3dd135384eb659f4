import { expect, it } from 'vitest';
import { RecentTexts } from './recent-texts.ts';

it('finds once in the same text, and anew in another or for another purpose', () => {
  const texts = new RecentTexts<number>(100);
  let count = 0;
  const get = (text: string, variant = '') => texts.get(text, variant, () => ++count);
  expect([get('a'), get('a'), get('b'), get('a'), get('a', 'x'), get('a', 'x'), get('a')]).toEqual([
    1, 1, 2, 1, 3, 3, 4,
  ]);
});

it('forgets the oldest where there is no room', () => {
  const texts = new RecentTexts<number>(25);
  let count = 0;
  const get = (letter: string, length: number) => texts.get(letter.repeat(length), '', () => ++count);
  expect([get('a', 10), get('b', 10), get('c', 10), get('b', 10), get('c', 10), get('a', 10)]).toEqual([
    1, 2, 3, 2, 3, 4,
  ]);
  expect([get('d', 30), get('d', 30), get('e', 1), get('e', 1)]).toEqual([5, 6, 7, 7]);
});
