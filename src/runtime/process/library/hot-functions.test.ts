import { expect, test } from 'vitest';
import { HotFunctions } from './hot-functions.ts';

test('functions are compiled without being called or changed', () => {
  const calls: string[] = [];
  class Base {
    constructor() {
      calls.push('Base');
    }
  }
  class Derived extends Base {}
  const functions = [
    () => calls.push('arrow'),
    async () => calls.push('async'),
    function* generator() {
      yield calls.push('generator');
    },
    Base,
    Derived,
  ];
  const shapes = () => functions.map((value) => [Object.getPrototypeOf(value), Object.getOwnPropertyNames(value)]);
  const before = shapes();
  const hot = new HotFunctions();
  hot.note(() => [...functions, undefined, 1]);
  expect([hot.compileNext(), hot.compileNext()]).toEqual([true, false]);
  expect(calls).toEqual([]);
  expect(shapes()).toEqual(before);
});

test('what is noted after the launch is not compiled', () => {
  const hot = new HotFunctions();
  hot.note(() => []);
  hot.close();
  hot.note(() => []);
  expect(hot.compileNext()).toBe(false);
});

test('of an object the accessors are compiled, and not called', () => {
  const calls: string[] = [];
  class WithAccessors {
    get value(): string {
      calls.push('get');
      return '';
    }
    set value(_value: string) {
      calls.push('set');
    }
  }
  const hot = new HotFunctions();
  const before = Object.getOwnPropertyDescriptors(WithAccessors.prototype);
  hot.note(() => [WithAccessors.prototype, null]);
  expect(hot.compileNext()).toBe(true);
  expect(calls).toEqual([]);
  expect(Object.getOwnPropertyDescriptors(WithAccessors.prototype)).toEqual(before);
});
