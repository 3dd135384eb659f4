/** The process's own global scope, as scripts of `runInThisContext` share it. */
import type { ProcessContext } from '../context.ts';
import { VM_DECLARE } from './names.ts';
import type { PreparedScript } from './prepare-script.ts';

/** What a script declares cannot be deleted, unlike what an eval does. */
const VARIABLE = { value: undefined, writable: true, enumerable: true, configurable: false };

export interface ScriptScope {
  run(script: PreparedScript, text: string): unknown;
}

/**
 * An indirect eval keeps its `let`, `const` and `class` to itself: for scripts that follow they become accessors of the
 * global object (where Node has a scope of its own for them).
 */
export function createProcessScope(context: ProcessContext): ScriptScope {
  const { global } = context;
  const lexicalGetters = new Map<string, unknown>();
  const isLexical = (name: string): boolean =>
    lexicalGetters.has(name) && Reflect.getOwnPropertyDescriptor(global, name)?.get === lexicalGetters.get(name);

  const declare = ({ functions }: PreparedScript) =>
    function declareNames(bindings: Record<string, unknown>, takeFunctions: () => unknown[]): void {
      Reflect.deleteProperty(global, VM_DECLARE);
      for (const [name, { get, set }] of Object.entries(Object.getOwnPropertyDescriptors(bindings))) {
        const accessors = { get, set, enumerable: false, configurable: true };
        if (get && Reflect.defineProperty(global, name, accessors as PropertyDescriptor)) lexicalGetters.set(name, get);
      }
      const values = takeFunctions();
      for (const [index, value] of values.entries())
        (global as Record<string, unknown>)[functions[index] ?? ''] = value;
    };

  return {
    run(script, text) {
      const { lexicals, functions, vars, strict } = script;
      for (const name of [...lexicals, ...functions, ...vars]) {
        if (isLexical(name)) throw new SyntaxError(`Identifier '${name}' has already been declared`);
      }
      for (const name of strict ? vars : [...vars, ...functions]) {
        if (!Object.hasOwn(global, name)) Object.defineProperty(global, name, VARIABLE);
      }
      if (lexicals.length > 0 || functions.length > 0) {
        Object.defineProperty(global, VM_DECLARE, { value: declare(script), enumerable: false, configurable: true });
      }
      return context.host.evaluate(text);
    },
  };
}
