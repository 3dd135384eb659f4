/** Rounds an amount to cents, half up. */
export function roundToCents(amount) {
  return Math.round((amount + Number.EPSILON) * 100) / 100;
}

/** "€ 12.50" */
export function format(amount, symbol = '€') {
  return `${symbol} ${roundToCents(amount).toFixed(2)}`;
}
