import { generate } from './generate.ts';
import { loop } from './loop.ts';
import { plan } from './plan.ts';
import { review } from './review.ts';
import type { Modifier, Strategy } from './strategy.ts';
import { tree } from './tree.ts';

/** In the order in which a person chooses; the first is the default. */
export const STRATEGIES: readonly Strategy[] = [loop, plan, tree, generate];

export const MODIFIERS: readonly Modifier[] = [review];
