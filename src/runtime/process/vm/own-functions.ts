/** `eval` and `Function` of a context: the process's own would compile in its global scope. */
import type { ProcessContext } from '../context.ts';
import { parserOf } from '../modules/transform/parser.ts';
import type { OwnFunctions } from './context-globals.ts';
import { prepareScript } from './prepare-script.ts';
import type { VmContext } from './vm-context.ts';

const REFUSED = 'Code generation from strings disallowed for this context';

interface OwnSettings {
  /** The expression that takes the place of `import` in what they compile. */
  importer: string;
  /** False refuses to compile anything. */
  strings: boolean;
}

export function createOwnFunctions(
  process: ProcessContext,
  context: VmContext,
  { importer, strings }: OwnSettings,
): OwnFunctions {
  const run = (text: string): unknown => {
    if (!strings) throw new EvalError(REFUSED);
    const settings = { importer, inContext: true, guarded: false };
    const script = prepareScript(text, settings, parserOf(process));
    // What does not parse is given to the engine for its error.
    return script ? context.run(script, script.code) : process.host.evaluate(text);
  };
  const own = {
    eval: (text: unknown): unknown => (typeof text === 'string' ? run(text) : text),
  };
  const create = (target: FunctionConstructor, parameters: unknown[], newTarget: object): object => {
    if (!strings) throw new EvalError(REFUSED);
    // The engine checks the text, and words what is wrong with it.
    Reflect.construct(target, parameters);
    const body = parameters.length > 0 ? String(parameters.at(-1)) : '';
    const made = run(`(function anonymous(${parameters.slice(0, -1).join(',')}\n) {\n${body}\n})`) as object;
    if (newTarget !== target) Object.setPrototypeOf(made, Reflect.get(newTarget, 'prototype'));
    return made;
  };
  const ownFunction: unknown = new process.host.Proxy(process.global.Function, {
    apply: (target, _, parameters) => create(target, parameters, target),
    construct: (target, parameters, newTarget) =>
      create(target, parameters, newTarget === ownFunction ? target : newTarget),
  });
  return { eval: own.eval, Function: ownFunction };
}
