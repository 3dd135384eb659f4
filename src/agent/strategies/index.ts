import { loop } from './loop.ts';
import type { Modifier, Strategy } from './strategy.ts';

/** In the order in which a person chooses; the first is the default. */
export const STRATEGIES: readonly Strategy[] = [loop];

export const MODIFIERS: readonly Modifier[] = [];
