import type { ProcessContext } from '../context.ts';

const told = new WeakMap<ProcessContext, Set<string>>();

/** Warns once of what will be deprecated, where `--pending-deprecation` asks for it. */
export function warnAhead(context: ProcessContext, text: string, code: string): void {
  const { getOptionValue } = context.require('internal/options') as { getOptionValue: (name: string) => unknown };
  if (getOptionValue('--pending-deprecation') !== true) return;
  const codes = told.get(context) ?? new Set();
  told.set(context, codes);
  if (codes.has(code)) return;
  codes.add(code);
  const emitWarning = context.process['emitWarning'] as (text: string, type: string, code: string) => void;
  emitWarning.call(context.process, text, 'DeprecationWarning', code);
}
