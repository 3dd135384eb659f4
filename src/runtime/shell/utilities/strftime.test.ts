import { expect, it } from 'vitest';
import { strftime, zoneOf } from './strftime.ts';

// As `TZ=… date -d @1720000000 '+%Z %z'` and with @1704000000 says, with the zones of 2025.
it.each([
  ['Europe/Berlin', 'CEST +0200', 'CET +0100'],
  ['Europe/London', 'BST +0100', 'GMT +0000'],
  ['Europe/Moscow', 'MSK +0300', 'MSK +0300'],
  ['America/New_York', 'EDT -0400', 'EST -0500'],
  ['America/Sao_Paulo', '-03 -0300', '-03 -0300'],
  ['Asia/Tokyo', 'JST +0900', 'JST +0900'],
  ['Asia/Kolkata', 'IST +0530', 'IST +0530'],
  ['Asia/Kathmandu', '+0545 +0545', '+0545 +0545'],
  ['Australia/Sydney', 'AEST +1000', 'AEDT +1100'],
  ['Pacific/Auckland', 'NZST +1200', 'NZDT +1300'],
  ['Asia/Shanghai', 'CST +0800', 'CST +0800'],
  ['Africa/Johannesburg', 'SAST +0200', 'SAST +0200'],
  ['Nowhere/Land', 'UTC +0000', 'UTC +0000'],
])('names the zone %s', (name, summer, winter) => {
  const say = (seconds: number) => strftime('%Z %z', seconds * 1000, zoneOf(name));
  expect([say(1_720_000_000), say(1_704_000_000)]).toEqual([summer, winter]);
});
