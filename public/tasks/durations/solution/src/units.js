/** Sign and seconds of each unit, the largest first. */
export const UNITS = [
  ['w', 7 * 24 * 3600],
  ['d', 24 * 3600],
  ['h', 3600],
  ['m', 60],
  ['s', 1],
];
