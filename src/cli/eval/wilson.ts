/** 97.5 % of a normal distribution lies below it: two-sided, 95 %. */
const Z = 1.959964;

/**
 * Wilson's score interval for a share, at 95 %: what the true share may be, seen from few runs. All of 0 to 1 where there were none.
 * E. B. Wilson, "Probable inference, the law of succession, and statistical inference", 1927.
 */
export function wilsonInterval(successes: number, runs: number): { readonly low: number; readonly high: number } {
  if (runs === 0) return { low: 0, high: 1 };
  const share = successes / runs;
  const square = (Z * Z) / runs;
  const center = (share + square / 2) / (1 + square);
  const margin = (Z / (1 + square)) * Math.sqrt((share * (1 - share)) / runs + square / (4 * runs));
  return { low: Math.max(0, center - margin), high: Math.min(1, center + margin) };
}
