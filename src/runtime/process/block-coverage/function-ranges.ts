/** What is told of the functions of a script, in the form of the protocol: https://chromedevtools.github.io/devtools-protocol/v8/Profiler/ */
import { blockRanges } from './block-ranges.ts';
import { type CountedFunction, type CountedPlace, NEVER } from './counted-source.ts';

export interface FunctionCoverage {
  functionName: string;
  ranges: { startOffset: number; endOffset: number; count: number }[];
  isBlockCoverage: boolean;
}

/**
 * The functions that are called, and those directly in them. `compiled` remembers which were ever: only of those the engine knows the
 * blocks, and the functions inside.
 */
export function functionRanges(
  functions: readonly CountedFunction[],
  counts: { readonly [counter: number]: number },
  compiled: boolean[],
): FunctionCoverage[] {
  const told: FunctionCoverage[] = [];
  const countOf = ({ counter }: CountedPlace): number => (counter === NEVER ? 0 : (counts[counter] ?? 0));
  /** Around the function: those that are compiled, and those that are told. */
  const around: { end: number; isCompiled: boolean }[] = [];
  const toldAround: { end: number; count: number }[] = [];
  for (const [index, item] of functions.entries()) {
    const { name, start, end, eager, blocks } = item;
    while ((around.at(-1)?.end ?? end) <= start) around.pop();
    while ((toldAround.at(-1)?.end ?? end) <= start) toldAround.pop();
    const count = countOf(item);
    const isMade = around.at(-1)?.isCompiled ?? true;
    compiled[index] ||= isMade && (eager || count > 0);
    const isCompiled = compiled[index] === true;
    around.push({ end, isCompiled });
    if (!isMade) continue;
    const outer = { start, end, count };
    const inner = isCompiled
      ? blockRanges(
          outer,
          blocks.map((block) => ({ start: block.start, end: block.end, count: countOf(block) })),
        )
      : [];
    if (count === 0 && !(toldAround.at(-1)?.count ?? 0) && inner.length === 0) continue;
    toldAround.push(outer);
    told.push({
      functionName: name,
      ranges: [outer, ...inner].map((range) => ({
        startOffset: range.start,
        endOffset: range.end,
        count: range.count,
      })),
      isBlockCoverage: isCompiled,
    });
  }
  return told;
}
