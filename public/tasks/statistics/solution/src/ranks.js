'use strict';

/** The value at the share `q` (0 to 1) of the sorted values, interpolated linearly. */
function quantile(values, q) {
  if (values.length === 0) throw new RangeError('a quantile of nothing is not defined');
  const sorted = [...values].sort((a, b) => a - b);
  const position = (sorted.length - 1) * q;
  const below = Math.floor(position);
  const above = Math.ceil(position);
  return sorted[below] + (sorted[above] - sorted[below]) * (position - below);
}

const median = (values) => quantile(values, 0.5);

module.exports = { quantile, median };
