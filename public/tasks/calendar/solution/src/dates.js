const DAY = 24 * 60 * 60 * 1000;

/** A day of a year's month (1 to 12), at midnight. Days beyond the month belong to the months around it. */
export function dateOf(year, month, day = 1) {
  return new Date(Date.UTC(year, month - 1, day));
}

/** Days in a month: 28 to 31. */
export function daysIn(year, month) {
  return (dateOf(year, month + 1) - dateOf(year, month)) / DAY;
}

/** Which day of its week a date is: 0 for Monday, 6 for Sunday. */
export function weekdayOf(date) {
  return (date.getUTCDay() + 6) % 7;
}
