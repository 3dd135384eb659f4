/**
 * From the counters of a function to the ranges that V8 reports for it: blocks nest by their places, a block without an end reaches to the
 * next one or to the end of what is around it, and what counts the same as its surroundings is not told.
 */

/** `end` of a block that begins where control goes on (behind a loop, an `if`, a `return`): it ends where the next begins. */
export const OPEN = -1;

export interface CountedBlock {
  start: number;
  end: number;
  count: number;
}

/** The blocks of a function that are told beside its own range, by their places. */
export function blockRanges(outer: Readonly<CountedBlock>, counted: readonly Readonly<CountedBlock>[]): CountedBlock[] {
  let blocks = sorted(counted.map((block) => ({ ...block })));
  blocks = pass(outer, blocks, keepsFullRanges);
  blocks = pass(outer, blocks, closeOpenBlock);
  blocks = pass(outer, blocks, joinNeighbour);
  blocks = pass(outer, sorted(blocks), joinEqualRange);
  blocks = pass(outer, blocks, ({ block, parent }) => parent.count !== block.count);
  blocks = pass(outer, blocks, joinNeighbour);
  blocks = pass(outer, blocks, ({ block, parent }) => block.count !== 0 || parent.count !== 0);
  return blocks.filter(({ start, end }) => start !== end);
}

interface Place {
  block: CountedBlock;
  parent: Readonly<CountedBlock>;
  /** It is directly in the function. */
  isTop: boolean;
  outerEnd: number;
  previous: CountedBlock | undefined;
  next: CountedBlock | undefined;
  /** `next`, where it begins before the parent ends. */
  follower: CountedBlock | undefined;
}

/** Those around come before those in them. */
const sorted = (blocks: CountedBlock[]): CountedBlock[] => blocks.sort((a, b) => a.start - b.start || b.end - a.end);

/** The blocks for which `keep` holds; it may move the block and the next one. */
function pass(
  outer: Readonly<CountedBlock>,
  blocks: readonly CountedBlock[],
  keep: (place: Place) => boolean,
): CountedBlock[] {
  const kept: CountedBlock[] = [];
  const around: CountedBlock[] = [];
  for (const [index, block] of blocks.entries()) {
    while (around.length > 0 && (around.at(-1)?.end ?? 0) <= block.start) around.pop();
    const parent = around.at(-1) ?? outer;
    const next = blocks[index + 1];
    const follower = next && next.start < parent.end ? next : undefined;
    const isTop = around.length === 0;
    if (keep({ block, parent, isTop, outerEnd: outer.end, previous: blocks[index - 1], next, follower })) {
      kept.push(block);
      around.push({ ...block });
    }
  }
  return kept;
}

/** An open block is there to split what is around it: it does not count where a whole one begins. */
const keepsFullRanges = ({ block, previous }: Place): boolean =>
  block.end !== OPEN || previous === undefined || previous.start !== block.start;

function closeOpenBlock({ block, parent, isTop, outerEnd, follower }: Place): boolean {
  if (block.start >= outerEnd) return false;
  // The brace that closes a function is never uncovered.
  if (block.end === OPEN) block.end = follower?.start ?? (isTop ? parent.end - 1 : parent.end);
  return true;
}

function joinNeighbour({ block, follower }: Place): boolean {
  if (!follower || follower.start !== block.end || follower.count !== block.count) return true;
  follower.start = block.start;
  return false;
}

function joinEqualRange({ block, next }: Place): boolean {
  if (!next || next.start !== block.start || next.end !== block.end) return true;
  next.count = Math.max(block.count, next.count);
  return false;
}
