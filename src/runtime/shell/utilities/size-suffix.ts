/** In steps of a thousand, or of 1024. */
export const UNITS = 'KMGTPE';

/** What a suffix of GNU's sizes stands for: `K` and `KiB` 1024, `KB` 1000, `b` a block, `w` a word, `c` and none a byte. */
export function suffixFactor(suffix: string): number {
  if (suffix === 'b') return 512;
  if (suffix === 'w') return 2;
  if (suffix === '' || suffix === 'c') return 1;
  const isDecimal = suffix.endsWith('B') && !suffix.endsWith('iB');
  return (isDecimal ? 1000 : 1024) ** (UNITS.indexOf(suffix.charAt(0).toUpperCase()) + 1);
}
