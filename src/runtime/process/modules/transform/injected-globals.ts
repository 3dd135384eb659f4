/**
 * The functions that transformed code finds by name everywhere. The Worker's script declares the names with `let`, outside of
 * every function: so they are seen by all code, and yet are no properties of the global object that a program could list.
 */
import type { HostGlobals } from '../../context.ts';

type Evaluator = Pick<HostGlobals, 'evaluate'>;

export function setInjected({ evaluate }: Evaluator, name: string, value: unknown): void {
  const assign = evaluate(`(value) => { ${name} = value; }`) as (value: unknown) => void;
  assign(value);
}

export function getInjected({ evaluate }: Evaluator, name: string): unknown {
  return evaluate(name);
}
