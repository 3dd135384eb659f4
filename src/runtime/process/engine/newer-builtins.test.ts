import { expect, test } from 'vitest';
import { removeNewerBuiltins } from './newer-builtins.ts';

test('what is not known goes, what is known stays', () => {
  const added = Symbol('added');
  const List = Object.assign(() => 1, {
    from: 1,
    newer: 2,
    methods: { at: 1, [added]: 2, [Symbol.iterator]: 3, newest: 4 },
  });
  const own = ['length', 'name', 'from', 'methods'];
  removeNewerBuiltins({ List }, { List: own, 'List.methods': ['at', '@@Symbol.iterator'], Missing: [] });
  expect(Reflect.ownKeys(List).sort()).toEqual(own.sort());
  expect(Reflect.ownKeys(List.methods)).toEqual(['at', Symbol.iterator]);
});
