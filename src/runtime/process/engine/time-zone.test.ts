import { afterEach, expect, test } from 'vitest';
import { createTimeZoneSetter } from './time-zone.ts';

const setTimeZone = createTimeZoneSetter(globalThis);
afterEach(() => setTimeZone(undefined));

test('dates and formats follow the zone, and go back to the host’s', () => {
  const date = new Date(Date.UTC(2018, 3, 14, 12, 34, 56, 789));
  const own = String(date);
  setTimeZone('America/New_York');
  expect(String(date)).toBe('Sat Apr 14 2018 08:34:56 GMT-0400 (Eastern Daylight Time)');
  expect([date.getHours(), date.getTimezoneOffset(), date.getDate()]).toEqual([8, 240, 14]);
  expect(new Date(2018, 0, 1).toISOString()).toBe('2018-01-01T05:00:00.000Z');
  expect(new Intl.DateTimeFormat().resolvedOptions().timeZone).toBe('America/New_York');
  expect(date.toLocaleTimeString('en-GB')).toBe('08:34:56');
  expect(date.toLocaleTimeString('en-GB', { timeZone: 'UTC' })).toBe('12:34:56');
  date.setHours(23, 59);
  expect(date.toISOString()).toBe('2018-04-15T03:59:56.789Z');
  setTimeZone('GMT+3');
  expect(new Date(0).toTimeString()).toBe('21:00:00 GMT-0300 (GMT-03:00)');
  setTimeZone(undefined);
  expect(String(new Date(Date.UTC(2018, 3, 14, 12, 34, 56, 789)))).toBe(own);
});

test('local times that there are not, and those that there are twice', () => {
  setTimeZone('Europe/Berlin');
  expect(new Date(2024, 2, 31, 2, 30).toISOString()).toBe('2024-03-31T01:30:00.000Z');
  expect(new Date(2024, 9, 27, 2, 30).toISOString()).toBe('2024-10-27T00:30:00.000Z');
  expect(new Date('2024-07-01T00:00').toISOString()).toBe('2024-06-30T22:00:00.000Z');
  expect(new Date('2024-07-01').toISOString()).toBe('2024-07-01T00:00:00.000Z');
  expect(new Date('Jul 1, 2024 10:00').toISOString()).toBe('2024-07-01T08:00:00.000Z');
  expect(new Date('Mon, 01 Jul 2024 10:00:00 GMT').toISOString()).toBe('2024-07-01T10:00:00.000Z');
  expect(new Date('7/1/2024 10:00 +0500').toISOString()).toBe('2024-07-01T05:00:00.000Z');
  expect(new Date('12-25-1995').toISOString()).toBe('1995-12-24T23:00:00.000Z');
  expect(Number.isNaN(Date.parse('nothing'))).toBe(true);
  expect(String(new Date(Number.NaN))).toBe('Invalid Date');
  expect(new (class Day extends Date {})(2024, 6, 1).toISOString()).toBe('2024-06-30T22:00:00.000Z');
});
