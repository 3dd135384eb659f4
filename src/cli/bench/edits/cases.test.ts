import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { score } from '../edit.ts';
import { makeCases } from './cases.ts';
import { makeUpChange, sourceFiles } from './changes.ts';
import { ours } from './engines.ts';
import { createRandom } from './random.ts';

const root = fileURLToPath(new URL('../../../..', import.meta.url));

it.each([1, 2, 3])('no edit is applied wrongly, and those that arrive whole are applied (seed %i)', (seed) => {
  const random = createRandom(seed);
  const files = sourceFiles(root, ['public', 'docs', 'src/agent'], 60);
  const changes = files.flatMap(({ path, text }) => makeUpChange(path, text, random) ?? []);
  const cases = makeCases(changes, 600, random);
  expect(cases.length).toBeGreaterThan(400);
  expect(score('all', ours, cases)).toMatchObject({ wrong: 0 });
  const whole = score(
    'whole',
    ours,
    cases.filter(({ damage }) => damage === 'none'),
  );
  expect(whole.applied / whole.edits).toBeGreaterThan(0.95);
});
