import { dateOf } from './dates.js';
import { weeksOf } from './weeks.js';

const HEAD = 'Mo Tu We Th Fr Sa Su';

/** A month as a page of text; days of other months are left blank. */
export function pageOf(year, month) {
  const title = dateOf(year, month).toLocaleDateString('en', { month: 'long', year: 'numeric', timeZone: 'UTC' });
  const rows = weeksOf(year, month).map((week) =>
    week.map((date) => (date.getUTCMonth() === month - 1 ? String(date.getUTCDate()) : '').padStart(2)).join(' ').trimEnd(),
  );
  return [title, HEAD, ...rows].join('\n');
}
