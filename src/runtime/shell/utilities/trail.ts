import type { Stat } from '../../kernel/syscalls.ts';

/**
 * The folder that a walk is in, and those around it. A link back to one of them has no end: the walk would follow it until a path holds
 * too many links, and two of them in all their combinations.
 */
export interface Trail {
  readonly path: string;
  readonly stat: Stat;
  readonly outer: Trail | undefined;
}

/** The path on the trail of what `stat` is, if the walk is within it. */
export function placeOnTrail(trail: Trail | undefined, { dev, ino }: Stat): string | undefined {
  for (let at = trail; at; at = at.outer) if (at.stat.ino === ino && at.stat.dev === dev) return at.path;
  return undefined;
}
