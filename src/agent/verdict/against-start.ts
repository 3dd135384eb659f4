/** What a change did to the tests: which failures are new, which are gone. */
import type { Verdict } from '../../session/values.ts';
import { keysOf } from '../test-key.ts';

const MOST_NAMES = 10;

export interface AgainstStart {
  /** Names of tests that fail now and did not when the run began. */
  readonly broken: readonly string[];
  /** How many failed then and do not now. */
  readonly mended: number;
  /** How many fail now and did then. */
  readonly left: number;
}

/** Null where one of the two says nothing of single tests. */
export function compareWithStart(before: Verdict | null, now: Verdict): AgainstStart | null {
  if (before === null || before.format === null || before.format !== now.format) return null;
  const failed = keysOf(before, 'failed');
  const failing = keysOf(now, 'failed');
  if (failed.size === 0) return null;
  // A test of which only the count is known, not the name.
  if (failing.size === 0 || failing.size < (now.counts?.failed ?? 0)) return null;
  const passed = keysOf(before, 'passed');
  // What is new because nothing came to it before is not broken.
  const isBroken = (key: string) => !failed.has(key) && (passed.size === 0 || passed.has(key));
  const broken = [...failing].filter(isBroken).map((key) => (JSON.parse(key) as string[]).join(' > '));
  return {
    broken,
    mended: [...failed].filter((key) => !failing.has(key)).length,
    left: [...failing].filter((key) => failed.has(key)).length,
  };
}

/** In a sentence or two, as the model reads it. */
export function describeAgainstStart({ broken, mended, left }: AgainstStart): string {
  const gone = `${mended} of the ${mended + left} tests that failed at the start ${mended === 1 ? 'does' : 'do'} not fail any more`;
  if (broken.length === 0) return `Since the start: ${gone}, no other fails.`;
  const more = broken.length > MOST_NAMES ? ` and ${broken.length - MOST_NAMES} more` : '';
  const names = broken.slice(0, MOST_NAMES).map((name) => `"${name}"`);
  return `Since the start: ${gone}; ${broken.length} that did not fail then ${broken.length === 1 ? 'does' : 'do'} now: ${names.join(', ')}${more}.`;
}
