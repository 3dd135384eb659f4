import type { Verdict } from '../../session/values.ts';
import { keysOf } from '../test-key.ts';

/** Names of the tests that failed in one of two runs and not in the other. */
export function unlike(one: Verdict, other: Verdict): readonly string[] {
  const [first, second] = [keysOf(one, 'failed'), keysOf(other, 'failed')];
  const keys = [...first, ...second].filter((key) => first.has(key) !== second.has(key));
  return keys.map((key) => (JSON.parse(key) as string[]).join(' > '));
}
