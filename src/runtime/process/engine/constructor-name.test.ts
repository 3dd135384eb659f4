import { expect, test } from 'vitest';
import { constructorName } from './constructor-name.ts';

class Made {
  label = 'own';
}
class Bare {}

test('an object is named by the constructor that it inherits', () => {
  expect(constructorName(new Made())).toBe('Made');
  expect(constructorName({})).toBe('Object');
  expect(constructorName(Object.create(Made.prototype))).toBe('Made');
});

test('without a prototype an object is named by what made it', () => {
  const frozen = Object.freeze(Object.setPrototypeOf(new Made(), null));
  for (const value of [Object.setPrototypeOf(new Made(), null), frozen]) expect(constructorName(value)).toBe('Made');
  expect(constructorName(Object.setPrototypeOf(new Made(), Object.create(null)))).toBe('Made');
  expect(constructorName(Object.create(null))).toBe('Object');
});

test('asking for the name changes nothing and runs no code of the object', () => {
  const bare = Object.setPrototypeOf(new Bare(), null);
  expect(constructorName(bare)).toBe('Bare');
  expect(Reflect.ownKeys(bare)).toEqual([]);

  const called: string[] = [];
  const guarded = Object.setPrototypeOf(new Bare(), null);
  for (const name of ['a', 'toString']) {
    Object.defineProperty(guarded, name, { enumerable: true, configurable: true, get: () => called.push(name) });
  }
  expect(constructorName(guarded)).toBe('Bare');
  expect(called).toEqual([]);
  expect(Reflect.ownKeys(guarded)).toEqual(['a', 'toString']);
});
