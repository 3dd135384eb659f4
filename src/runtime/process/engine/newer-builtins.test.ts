import { expect, test } from 'vitest';
import { removeNewerBuiltins } from './newer-builtins.ts';

test('what is not known goes, what is known stays', () => {
  const added = Symbol('added');
  class List {
    static from(): void {}
    static newer(): void {}
    at(): void {}
    get newest(): number {
      return 1;
    }
    [added](): void {}
    [Symbol.iterator](): void {}
  }
  const own = ['length', 'name', 'prototype', 'from'];
  removeNewerBuiltins(
    { List },
    { List: own, 'List.prototype': ['constructor', 'at', '@@Symbol.iterator'], Missing: [] },
  );
  expect(Reflect.ownKeys(List).sort()).toEqual(own.sort());
  expect(Reflect.ownKeys(List.prototype)).toEqual(['constructor', 'at', Symbol.iterator]);
});
