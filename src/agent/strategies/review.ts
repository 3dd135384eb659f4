import type { Modifier } from './strategy.ts';

/** A second model sees the diff and the tests' output before an attempt is accepted: see `review/`. */
export const review: Modifier = {
  name: 'review',
  description: 'A second model sees the change and approves or objects before it is accepted.',
  modify: (strategy) => ({ ...strategy, name: `${strategy.name}+review`, reviewed: true }),
};
