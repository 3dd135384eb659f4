import { loop } from './loop.ts';
import type { Modifier, Strategy } from './strategy.ts';
import { tree } from './tree.ts';

/** In the order in which a person chooses; the first is the default. */
export const STRATEGIES: readonly Strategy[] = [loop, tree];

export const MODIFIERS: readonly Modifier[] = [];
