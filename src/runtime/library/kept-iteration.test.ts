import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { iterateDeclaration, keepIteration } from './kept-iteration.ts';

const SCRIPT = `
  const [first, , third = 'none', ...others] = list;
  let swapped, other;
  [swapped, other] = [other, first];
  const spread = [...list, ...'añ😀', ...new Set([...list, 1]).values()];
  const called = ((...values) => Math.max(...values))(...[1, 5, 2]);
  const entries = [];
  for (const [key, [inner, , last = 'no']] of new Map([['k', ['a', 'b']], ['l', ['c', 'd', 'e']]])) entries.push(key + inner + last);
  const pairs = Object.entries({ x: 1, y: 2 }).map(([name, value]) => name + value);
  const object = { ...Object.fromEntries([['p', 1]]), ...{ q: 2 } };
  function* twice() { yield* list; for (const byte of Uint8Array.of(7, 8)) yield byte; }
  const matched = Array.from('a1b2'.matchAll(/\\d/g), ([digit]) => digit);
  const rest = (...[one, two]) => two + one;
  for (const one of[...list])swapped = one;
  const none = (([]) => 0)(list);
  let found = [];
  for (const value of list.values()) found.push(value);
  const generated = [];
  for (const value of twice()) generated.push(value);
  result = JSON.stringify([first, third, others, swapped ?? null, other, spread, called, entries, pairs, object, matched, rest(1, 2), none, found, generated]);
`;

const BREAK = `
  const of = (iterator) => Object.getPrototypeOf(iterator);
  const broken = () => { throw new Error('the program\\'s own'); };
  for (const holder of [of([].values()), of(new Map().keys()), of(new Set().keys()), of(''[Symbol.iterator]())]) holder.next = broken;
  delete Array.prototype[Symbol.iterator];
  Map.prototype[Symbol.iterator] = Set.prototype[Symbol.iterator] = String.prototype[Symbol.iterator] = broken;
  delete Object.getPrototypeOf(Uint8Array.prototype)[Symbol.iterator];
`;

/** What the script gives, in a realm of its own. */
function run(script: string, before = ''): unknown {
  const scope = { list: undefined, result: '' };
  runInNewContext(`list = [10, 20, undefined, 30, 40];`, scope);
  runInNewContext(`(() => {${iterateDeclaration()}\n${before}\n${script}})()`, scope);
  return JSON.parse(scope.result);
}

test('a script gives the same with its iteration kept', () => {
  const expected = run(SCRIPT);
  expect(run(keepIteration(SCRIPT))).toEqual(expected);
});

test('and still when the program has broken the iterators of the language', () => {
  expect(() => run(SCRIPT, BREAK)).toThrow();
  expect(run(keepIteration(SCRIPT), BREAK)).toEqual(run(SCRIPT));
});

test('a pattern of a parameter with a rest element is left as it is', () => {
  expect(keepIteration('(([a, ...b]) => b)')).toBe('(([a, ...b]) => b)');
});
