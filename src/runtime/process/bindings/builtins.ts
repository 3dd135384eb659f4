import type { CoreBindingFactory, ProcessCore } from '../core.ts';
import { compileModule } from '../library/compile.ts';
import { ownDescriptor } from '../own-descriptor.ts';

// The guest may replace it.
const { apply } = Reflect;

/** `internalBinding('builtins')`: the modules of Node's library. */
export const builtins: CoreBindingFactory = (core) => ({
  ...core.described('builtins'),
  builtinIds: [...core.library.moduleIds],
  get natives() {
    return Object.fromEntries(core.library.moduleIds.map((id) => [id, core.library.source(id)?.code]));
  },
  /** What `process.config` is. */
  frozenConfig: frozen(core.library.binding('node_config')),
  get config() {
    return JSON.stringify(core.library.binding('node_config'));
  },
  builtinCategories: { canBeRequired: [], cannotBeRequired: [] },
  hasCachedBuiltins: () => true,
  lateFunction: (name: string, length: number, find: () => AnyFunction) => lateFunction(core, { name, length }, find),
  ...lateExports(),
  noteHot: (functions: () => readonly unknown[]) => core.hotFunctions.note(functions),
  compileFunction: (id: string) => compileModule(core, id),
  setInternalLoaders(internalBinding: NonNullable<typeof core.guestInternalBinding>, require: typeof core.require) {
    core.guestInternalBinding = internalBinding;
    core.require = require;
  },
});

/** Exports whose accessors load what few programs need: a module that imports all exports reads them when they are asked for. */
function lateExports() {
  const accessors = new Map<object, Map<string, AnyFunction>>();
  return {
    noteLateExports(exports: object, names: readonly string[]) {
      const getters = names.map((name) => [name, getterOf(exports, name)] as [string, AnyFunction]);
      accessors.set(exports, new Map(getters));
    },
    /** Undefined where the program has put something else in its place, too. */
    lateExport(exports: object, name: string): (() => unknown) | undefined {
      const getter = accessors.get(exports)?.get(name);
      return getter && getter === getterOf(exports, name) ? () => apply(getter, exports, []) : undefined;
    },
  };
}

const getterOf = (object: object, name: string) => ownDescriptor(object, name)?.get;

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;

/** Stands for a function of a module that is loaded with the first call, and in no stack. */
function lateFunction(
  core: ProcessCore,
  facts: { name: string; length: number },
  find: () => AnyFunction,
): AnyFunction {
  const { name, length } = facts;
  const functions: Record<string, AnyFunction> = {
    [name](...args) {
      return core.makeError(() => apply(find(), this, args));
    },
  };
  return Object.defineProperty(functions[name] as AnyFunction, 'length', { value: length });
}

function frozen(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  for (const item of Object.values(value)) frozen(item);
  return Object.freeze(value);
}
