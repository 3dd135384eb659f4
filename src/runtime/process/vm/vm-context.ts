/**
 * `vm` contexts. A Worker has one global object, so the code of a context runs inside `with` over a Proxy, which answers for
 * every free name: the top-level `let`, `const` and `class` of earlier scripts, then the context's own global object.
 */
import type { ProcessContext } from '../context.ts';
import { globalReceivers } from '../failures/call-sites.ts';
import { getInjected } from '../modules/transform/injected-globals.ts';
import {
  AWAITED_VALUE,
  CAPTURE_CONTEXT,
  EVALUATED_TEXT,
  IMPORT_FROM_SCRIPT,
  RESTORE_CONTEXT,
} from '../modules/transform/injected-names.ts';
import { type ContextObject, createGlobals, Layers, type OwnFunctions, throwsWhenRefused } from './context-globals.ts';
import type { ScriptTimers } from './loop-guard.ts';
import {
  VM_ASSIGNS,
  VM_CODE,
  VM_DECLARE,
  VM_EVAL,
  VM_GUARD,
  VM_HAS,
  VM_HOIST,
  VM_PROCESS_GLOBAL,
  VM_SCOPE,
  VM_STRICT_SCOPE,
  VM_STRICT_THIS_OF,
  VM_THIS,
  VM_THIS_OF,
  VM_TICK,
  VM_TYPEOF,
} from './names.ts';
import type { PreparedScript } from './prepare-script.ts';

/** Reads and writes a binding of a script that has run. */
export interface Binding {
  get(): unknown;
  set(value: unknown): void;
}

export interface ContextSettings {
  /** Whether `eval` and `new Function` are allowed. */
  strings: boolean;
  timers: ScriptTimers;
  /** The guest's innermost frame. */
  caller(): NodeJS.CallSite | undefined;
  createFunctions(context: VmContext): OwnFunctions;
}

const contexts = new WeakMap<object, VmContext>();

/** The context of a contextified object, if it is one. */
export const vmContextOf = (object: unknown): VmContext | undefined =>
  (typeof object === 'object' && object !== null) || typeof object === 'function' ? contexts.get(object) : undefined;

export class VmContext {
  readonly layers: Layers;
  readonly #process: ProcessContext;
  readonly #settings: ContextSettings;
  readonly #lexicals = new Map<string, Binding>();
  /** Names that the scope does not answer for, while functions are taken out of a script. */
  readonly #hidden = new Set<string>();
  readonly #scopes: Record<'sloppy' | 'strict', object>;
  readonly #helpers: Record<string, unknown>;
  #startsScript = false;

  /** Makes the object a context; `undefined` gives one whose global object is an ordinary object. */
  constructor(process: ProcessContext, object: ContextObject | undefined, settings: ContextSettings) {
    this.#process = process;
    this.#settings = settings;
    const own = settings.createFunctions(this);
    this.layers = new Layers({
      ProxyConstructor: process.host.Proxy,
      object,
      globals: createGlobals(process, own),
      throwsWhenRefused: () => throwsWhenRefused(settings.caller()),
    });
    contexts.set(this.layers.object, this);
    contexts.set(this.layers.global, this);
    this.#scopes = { sloppy: this.#createScope(false), strict: this.#createScope(true) };
    for (const receiver of [this.layers.global, this.#scopes.sloppy, this.#scopes.strict])
      globalReceivers.add(receiver);
    const names = [CAPTURE_CONTEXT, AWAITED_VALUE, RESTORE_CONTEXT, IMPORT_FROM_SCRIPT, EVALUATED_TEXT];
    const has = (name: string) => this.#lexicals.has(name) || this.layers.has(name);
    this.#helpers = Object.assign(Object.create(null) as object, {
      ...Object.fromEntries(names.map((name) => [name, getInjected(process.host, name)])),
      ...process.coverage.injected,
      [VM_THIS]: this.layers.global,
      [VM_PROCESS_GLOBAL]: process.global,
      [VM_EVAL]: own.eval,
      [VM_SCOPE]: this.#scopes.sloppy,
      [VM_STRICT_SCOPE]: this.#scopes.strict,
      [VM_THIS_OF]: (value: unknown) => (value === process.global || this.#isScope(value) ? this.layers.global : value),
      [VM_STRICT_THIS_OF]: (value: unknown) => (this.#isScope(value) ? undefined : value),
      [VM_HAS]: has,
      [VM_ASSIGNS]: (name: string) => {
        if (!has(name)) throw new ReferenceError(`${name} is not defined`);
        return true;
      },
      [VM_HOIST]: (name: string, value: unknown) => this.layers.set(name, value),
      [VM_TYPEOF]: (name: string, read: () => string) => (has(name) ? read() : 'undefined'),
      [VM_TICK]: settings.timers.tick,
      [VM_GUARD]: settings.timers.guard,
      [VM_CODE]: '',
    });
  }

  /** A function that is called by a name of the context gets its scope for `this`. */
  #isScope(value: unknown): boolean {
    return value === this.#scopes.sloppy || value === this.#scopes.strict;
  }

  #isOwnEval(value: unknown): boolean {
    return this.#settings.strings && value === this.#helpers[VM_EVAL];
  }

  #createScope(strict: boolean): object {
    const { layers } = this;
    const { eval: evaluate } = this.#process.global;
    return new this.#process.host.Proxy(Object.create(null) as object, {
      has: (_, key) => typeof key === 'string' && !this.#hidden.has(key) && !key.startsWith('__vm'),
      get: (_, key) => {
        if (typeof key === 'symbol') return undefined;
        const lexical = this.#lexicals.get(key);
        if (lexical) return lexical.get();
        // Only the engine's own function makes a direct eval; every other use of the name was rewritten.
        if (key === 'eval' && (this.#startsScript || this.#isOwnEval(layers.get(key)))) return evaluate;
        if (!layers.has(key)) throw new ReferenceError(`${key} is not defined`);
        return layers.get(key);
      },
      set: (_, key, value) => {
        const lexical = this.#lexicals.get(String(key));
        if (lexical) {
          lexical.set(value);
          return true;
        }
        if (strict && typeof value !== 'function' && !layers.has(key)) {
          throw new ReferenceError(`${String(key)} is not defined`);
        }
        const refusal = strict ? layers.refusal(key) : null;
        if (refusal) throw refusal;
        layers.set(key, value);
        return true;
      },
      deleteProperty: (_, key) => !this.#lexicals.has(String(key)) && layers.delete(key),
    });
  }

  /** Runs a script; the result is its completion value. */
  run(script: PreparedScript, text: string): unknown {
    this.#instantiate(script);
    const helpers = Object.create(this.#helpers) as object;
    Object.defineProperty(helpers, VM_DECLARE, { value: this.#declarer(script) });
    // The first name that is looked up is `eval`, the second the text.
    this.#startsScript = true;
    Object.defineProperty(helpers, VM_CODE, {
      get: () => {
        this.#startsScript = false;
        return text;
      },
    });
    const wrapper = this.#process.host.evaluate(
      `(function(__vmScope,__vmHelpers){with(__vmScope){with(__vmHelpers){return eval(${VM_CODE})}}})\n//# sourceURL=blob:fixpoint/vm`,
    ) as (scope: object, helpers: object) => unknown;
    return wrapper.call(this.layers.global, this.#scopes[script.strict ? 'strict' : 'sloppy'], helpers);
  }

  /** What stands around an expression in the context: its names, and those of its helpers. */
  get surroundings(): object[] {
    return [this.#scopes.sloppy, this.#helpers];
  }

  /** GlobalDeclarationInstantiation (ECMA-262, 16.1.7): what cannot be declared is refused before anything runs. */
  #instantiate({ lexicals, functions, vars }: PreparedScript): void {
    for (const name of [...lexicals, ...functions, ...vars]) {
      if (!this.#lexicals.has(name)) continue;
      throw new SyntaxError(`Identifier '${name}' has already been declared`);
    }
    for (const name of [...functions, ...vars]) this.layers.declare(name);
  }

  #declarer({ functions }: PreparedScript) {
    return (bindings: Record<string, unknown>, takeFunctions: () => unknown[]): void => {
      for (const [name, { get, set }] of Object.entries(Object.getOwnPropertyDescriptors(bindings))) {
        if (get && set) this.#lexicals.set(name, { get, set });
      }
      for (const name of functions) this.#hidden.add(name);
      const values = takeFunctions();
      this.#hidden.clear();
      for (const [index, name] of functions.entries()) this.layers.set(name, values[index]);
    };
  }
}
