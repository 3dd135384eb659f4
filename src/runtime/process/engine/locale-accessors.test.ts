import { expect, test } from 'vitest';
import { restoreLocaleAccessors } from './locale-accessors.ts';

test('what methods tell is read by name; what is there stays', () => {
  class Locale {
    readonly #first = 7;
    getWeekInfo() {
      return { firstDay: this.#first };
    }
    getCalendars() {
      return ['gregory'];
    }
    get calendars() {
      return 'own';
    }
  }
  restoreLocaleAccessors(Locale.prototype);
  const locale = new Locale();
  expect(locale).toMatchObject({ weekInfo: { firstDay: 7 }, calendars: 'own' });
  expect(locale).not.toHaveProperty('textInfo');
  const descriptor = Object.getOwnPropertyDescriptor(Locale.prototype, 'weekInfo');
  expect(descriptor).toMatchObject({ configurable: true, enumerable: false, set: undefined });
  expect(descriptor?.get?.name).toBe('get weekInfo');
  expect(() => Reflect.get(Locale.prototype, 'weekInfo')).toThrow(TypeError);
});
