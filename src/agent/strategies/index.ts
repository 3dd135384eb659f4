import { generate } from './generate.ts';
import { incremental } from './incremental.ts';
import { loop } from './loop.ts';
import { plan } from './plan.ts';
import { review } from './review.ts';
import type { Modifier, Strategy } from './strategy.ts';
import { testFirst } from './test-first.ts';
import { tree } from './tree.ts';

/** In the order in which a person chooses; the first is the default. */
export const STRATEGIES: readonly Strategy[] = [loop, plan, tree, testFirst, generate];

/** The first is the innermost: a review is of the whole, not of each stage. */
export const MODIFIERS: readonly Modifier[] = [incremental, review];
