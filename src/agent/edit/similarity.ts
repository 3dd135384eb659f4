/** Characters of a line that are compared: enough for any line that a person wrote. */
const LONGEST = 400;

/** Share of common letter pairs (Dice), 0 to 1. */
export function similarity(one: string, other: string): number {
  const [left, right] = [pairsOf(one), pairsOf(other)];
  if (left.length + right.length === 0) return one === other ? 1 : 0;
  const bag = new Map<string, number>();
  for (const pair of left) bag.set(pair, (bag.get(pair) ?? 0) + 1);
  let common = 0;
  for (const pair of right) {
    const count = bag.get(pair) ?? 0;
    if (count > 0) {
      common += 1;
      bag.set(pair, count - 1);
    }
  }
  return (2 * common) / (left.length + right.length);
}

function pairsOf(text: string): string[] {
  const shown = text.slice(0, LONGEST);
  return Array.from({ length: Math.max(0, shown.length - 1) }, (_, at) => shown.slice(at, at + 2));
}
