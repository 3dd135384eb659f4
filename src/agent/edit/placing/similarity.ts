/** Characters of a line that are compared: enough for any line that a person wrote. */
const LONGEST = 400;

/** Share of common letter pairs (Dice), 0 to 1. */
export function similarity(one: string, other: string): number {
  return similarTo(one)(other);
}

/** Compares many lines with one. */
export function similarTo(one: string): (other: string, least?: number) => number {
  const bag = new Map<string, number>();
  const left = one.slice(0, LONGEST);
  for (let at = 0; at + 1 < left.length; at += 1) {
    const pair = left.slice(at, at + 2);
    bag.set(pair, (bag.get(pair) ?? 0) + 1);
  }
  const size = Math.max(0, left.length - 1);
  return (other, least = 0) => {
    const right = Math.max(0, Math.min(other.length, LONGEST) - 1);
    if (size + right === 0) return one === other ? 1 : 0;
    // What no letter could make up for need not be counted.
    if ((2 * Math.min(size, right)) / (size + right) < least) return 0;
    const used = new Map<string, number>();
    let common = 0;
    for (let at = 0; at < right; at += 1) {
      const pair = other.slice(at, at + 2);
      const count = bag.get(pair);
      if (count === undefined) continue;
      const spent = used.get(pair) ?? 0;
      if (spent === count) continue;
      used.set(pair, spent + 1);
      common += 1;
    }
    return (2 * common) / (size + right);
  };
}
