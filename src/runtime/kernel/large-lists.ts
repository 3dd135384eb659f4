/**
 * What `list.push(...more)` and `Math.max(...numbers)` do, for lists of any length: spread into a call, a list as long as an input (its
 * lines, the names in a folder) overflows the stack at some 60,000.
 */
export function append<T>(list: T[], more: Iterable<T>): void {
  for (const item of more) list.push(item);
}

/** Not below `least`. */
export function greatest(numbers: Iterable<number>, least = Number.NEGATIVE_INFINITY): number {
  let most = least;
  for (const number of numbers) if (number > most) most = number;
  return most;
}

/** Those at `start`, `start + step`, … */
export function everyNth<T>(list: readonly T[], start: number, step: number): T[] {
  const found: T[] = [];
  for (let at = start; at < list.length; at += step) found.push(list[at] as T);
  return found;
}
