'use strict';
const { median, quantile } = require('./ranks.js');
const { mean, variance } = require('./sums.js');

/** All of it at once; the spread is the standard deviation of a sample. */
function describe(values) {
  return {
    count: values.length,
    mean: mean(values),
    spread: Math.sqrt(variance(values)),
    median: median(values),
    quartiles: [quantile(values, 0.25), quantile(values, 0.75)],
  };
}

module.exports = { describe };
