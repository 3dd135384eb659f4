import { expect, it } from 'vitest';
import { Listings } from './listings.ts';

/** Lists folders of ten names, looks at so many in each, and says what was told along with each. */
function listFolders(count: number, looks: number, isRead: boolean): string[] {
  const listings = new Listings();
  return Array.from({ length: count }, (_, index) => {
    const folder = `/${index}`;
    const told = listings.next(folder);
    if (told === 'nothing') listings.found(folder, 10);
    for (let look = 0; look < looks; look++) listings.note(folder, isRead);
    return told;
  });
}

it('foretells what was wanted of the folders before, and looks every now and then whether it still is', () => {
  const stats = listFolders(30, 10, false);
  expect([stats[0], stats[1], new Set(stats.slice(1))]).toEqual(['nothing', 'stats', new Set(['stats', 'nothing'])]);
  expect(stats.filter((told) => told === 'nothing').length).toBeLessThan(6);
  expect(listFolders(3, 10, true)).toEqual(['nothing', 'contents', 'contents']);
});

it('tells nothing along to who only lists, or looks at one name of many', () => {
  expect(new Set(listFolders(50, 0, false))).toEqual(new Set(['nothing']));
  expect(new Set(listFolders(50, 1, true))).toEqual(new Set(['nothing']));
});

it('hears that something else is wanted now', () => {
  const listings = new Listings();
  const list = (folder: string, looks: number) => {
    const told = listings.next(folder);
    for (let look = 0; look < looks; look++) listings.note(folder, true);
    return told;
  };
  for (let index = 0; index < 20; index++) list(`/read/${index}`, 5);
  const told = Array.from({ length: 300 }, (_, index) => list(`/listed/${index}`, 0));
  expect(told[0]).not.toBe('nothing');
  expect(new Set(told.slice(-20))).toEqual(new Set(['nothing']));
});
