/** The process's own global scope, as scripts of `runInThisContext` share it. */
import type { ProcessContext } from '../context.ts';
import { VM_DECLARE } from './names.ts';
import type { PreparedScript } from './prepare-script.ts';

export interface ScriptScope {
  run(script: PreparedScript, text: string): unknown;
}

/**
 * An indirect eval keeps its `let`, `const` and `class` to itself: for scripts that follow they become accessors of the
 * global object (where Node has a scope of its own for them).
 */
export function createProcessScope(context: ProcessContext): ScriptScope {
  const { global } = context;
  const lexicals = new Map<string, unknown>();
  const isLexical = (name: string): boolean =>
    lexicals.has(name) && Reflect.getOwnPropertyDescriptor(global, name)?.get === lexicals.get(name);

  const declare = ({ functions }: PreparedScript) =>
    function declareNames(bindings: Record<string, unknown>, takeFunctions: () => unknown[]): void {
      Reflect.deleteProperty(global, VM_DECLARE);
      for (const [name, { get, set }] of Object.entries(Object.getOwnPropertyDescriptors(bindings))) {
        const accessors = { get, set, enumerable: false, configurable: true };
        if (get && Reflect.defineProperty(global, name, accessors as PropertyDescriptor)) lexicals.set(name, get);
      }
      const values = takeFunctions();
      for (const [index, value] of values.entries())
        (global as Record<string, unknown>)[functions[index] ?? ''] = value;
    };

  return {
    run(script, text) {
      const { lexicals: names, functions, vars, strict } = script;
      for (const name of [...names, ...functions, ...vars]) {
        if (isLexical(name)) throw new SyntaxError(`Identifier '${name}' has already been declared`);
      }
      if (strict) for (const name of vars) if (!(name in global)) Reflect.set(global, name, undefined);
      if (names.length > 0 || functions.length > 0) {
        Object.defineProperty(global, VM_DECLARE, { value: declare(script), enumerable: false, configurable: true });
      }
      return context.host.evaluate(text);
    },
  };
}
