import { expect, it } from 'vitest';
import { createSolver } from '../../model/solver/solver.ts';
import { replayDifferences, runScript } from '../run.test-support.ts';

it.each(['loop', 'loop+review', 'plan', 'plan+review'])('the solver solves by %s', async (strategy) => {
  const ran = await runScript([], { strategy, model: createSolver() });
  expect(ran.outcome.kind).toBe('solved');
  expect(ran.state.runs[0]?.reviews).toHaveLength(strategy.endsWith('review') ? 1 : 0);
  expect(ran.state.runs[0]?.plan).toHaveLength(strategy.startsWith('plan') ? 1 : 0);
  expect(await replayDifferences(ran)).toEqual([]);
});

it('gives up honestly by generate: it writes no text', async () => {
  const ran = await runScript([], { strategy: 'generate', model: createSolver() });
  expect(ran.outcome.kind).toBe('gave-up');
});
