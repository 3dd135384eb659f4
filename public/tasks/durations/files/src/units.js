/** Sign and seconds of each unit, the largest first. */
export const UNITS = [
  ['h', 3600],
  ['m', 60],
  ['s', 1],
];
