import { dateOf, daysIn, weekdayOf } from './dates.js';

/** The weeks that a month touches, each with seven dates, Monday first. */
export function weeksOf(year, month) {
  const before = weekdayOf(dateOf(year, month));
  const length = Math.ceil((before + daysIn(year, month)) / 7) * 7;
  const days = Array.from({ length }, (_, index) => dateOf(year, month, index + 1 - before));
  return Array.from({ length: length / 7 }, (_, week) => days.slice(week * 7, week * 7 + 7));
}
