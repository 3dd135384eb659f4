import { MODIFIERS, STRATEGIES } from './index.ts';
import type { Modifier, Strategy } from './strategy.ts';

/** A name that no strategy has; the message lists those there are. */
class StrategyError extends Error {
  override name = 'StrategyError';
}

/**
 * The strategy of a composed name: at most one strategy and any modifiers, each once, joined with "+" in any order. Modifiers alone
 * modify the default. Throws StrategyError.
 */
export function parseStrategy(name: string): Strategy {
  const parts = name.split('+').map((part) => part.trim());
  const repeated = parts.find((part, index) => parts.indexOf(part) !== index);
  if (repeated !== undefined) throw new StrategyError(`"${repeated}" stands twice in the strategy "${name}".`);
  const bases: Strategy[] = [];
  const modifiers: Modifier[] = [];
  for (const part of parts) {
    const base = STRATEGIES.find((strategy) => strategy.name === part);
    const modifier = MODIFIERS.find((one) => one.name === part);
    if (base) bases.push(base);
    else if (modifier) modifiers.push(modifier);
    else throw new StrategyError(`There is no strategy "${part}". ${describeStrategies()}`);
  }
  const [base = STRATEGIES[0], second] = bases;
  if (!base) throw new StrategyError('There is no strategy at all.');
  if (second) throw new StrategyError(`"${base.name}" and "${second.name}" cannot be joined: choose one of the two.`);
  // In a fixed order, so that "incremental+review" and "review+incremental" are one strategy.
  return MODIFIERS.filter((one) => modifiers.includes(one)).reduce((strategy, one) => one.modify(strategy), base);
}

function describeStrategies(): string {
  const names = (list: readonly { name: string }[]) => list.map(({ name }) => name).join(', ');
  return `Strategies: ${names(STRATEGIES)}; with a "+" these go with each: ${names(MODIFIERS)}.`;
}
