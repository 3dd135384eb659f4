import { expect, it } from 'vitest';
import { KnownContents } from './known-contents.ts';

const ROOM = { mostBytes: 64 * 1024 * 1024, mostEntries: 3 };
const bytes = (text: string) => new TextEncoder().encode(text);

it('gives what was found in the same content', () => {
  const known = new KnownContents<string>(ROOM);
  known.keep(bytes('import "a";'), '1', 1);
  expect(known.get(bytes('xximport "a";').subarray(2))).toBe('1');
});

it('gives nothing for a content that differs anywhere', () => {
  const known = new KnownContents<string>(ROOM);
  const text = 'x'.repeat(303);
  known.keep(bytes(text), '1', 1);
  const others = Array.from(text, (_, at) => `${text.slice(0, at)}y${text.slice(at + 1)}`);
  expect(others.filter((other) => known.get(bytes(other)) !== null)).toEqual([]);
});

it('takes no other content for one that goes by the same name', () => {
  const known = new KnownContents<string>(ROOM);
  // The step of the hash from word to word can be reversed: the second word makes up for the first.
  const step = (hash: number, word: number) => {
    const product = Math.imul(hash ^ word, 0x01000193);
    return product ^ (product >>> 15);
  };
  const honest = new Uint8Array(Int32Array.of(1, 2).buffer);
  const forged = new Uint8Array(Int32Array.of(7, step(0, 1) ^ step(0, 7) ^ 2).buffer);
  known.keep(forged, 'evil', 1);
  expect(known.get(forged)).toBe('evil');
  expect(known.get(honest)).toBe(null);
});

it('forgets the oldest of too many', () => {
  const known = new KnownContents<string>(ROOM);
  for (const letter of 'abcde') known.keep(bytes(letter), letter, 1);
  expect(known.all()).toEqual(['c', 'd', 'e']);
  expect(known.get(bytes('a'))).toBe(null);
  expect(known.get(bytes('e'))).toBe('e');
});

it('forgets the oldest where there is no room', () => {
  const known = new KnownContents<string>(ROOM);
  const large = (letter: string) => bytes(letter.repeat(25 * 1024 * 1024));
  for (const letter of 'abcde') known.keep(large(letter), letter, 1);
  expect(known.all()).toEqual(['d', 'e']);
  expect(known.get(large('a'))).toBe(null);
});
