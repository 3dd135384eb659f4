'use strict';

/** Sum with Neumaier's correction, so that small terms are not lost. */
function sum(values) {
  let total = 0;
  let lost = 0;
  for (const value of values) {
    const next = total + value;
    lost += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total;
    total = next;
  }
  return total + lost;
}

function mean(values) {
  if (values.length === 0) throw new RangeError('the mean of nothing is not defined');
  return sum(values) / values.length;
}

/** Variance of a sample (n - 1). */
function variance(values) {
  const center = mean(values);
  return sum(values.map((value) => (value - center) ** 2)) / (values.length - 1);
}

module.exports = { sum, mean, variance };
