/** Servers drawn by seeds: whatever they do, a run ends within its limits and with a log that is whole, adds up and replays. */
import { expect, it } from 'vitest';
import { FUZZED_STRATEGIES, runFuzzed } from './fault-fuzz.test-support.ts';

/** Each strategy once; more with FUZZ_SEEDS=300. */
const seeds = Array.from({ length: Number(process.env.FUZZ_SEEDS ?? FUZZED_STRATEGIES.length) }, (_, seed) => seed);
const AT_ONCE = 6;

it('every run against a server that fails ends, and its log tells the truth', {
  timeout: 100_000 * seeds.length,
}, async () => {
  const queue = [...seeds];
  const work = async () => {
    for (let seed = queue.shift(); seed !== undefined; seed = queue.shift()) {
      const { problems, story } = await runFuzzed(seed);
      expect(problems, story).toEqual([]);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
});
