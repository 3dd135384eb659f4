import type { CoreBindingFactory } from '../core.ts';
import { compileModule } from '../library/compile.ts';

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
  noteHot: (functions: () => readonly unknown[]) => core.hotFunctions.note(functions),
  compileFunction: (id: string) => compileModule(core, id),
  setInternalLoaders(internalBinding: NonNullable<typeof core.guestInternalBinding>, require: typeof core.require) {
    core.guestInternalBinding = internalBinding;
    core.require = require;
  },
});

function frozen(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  for (const item of Object.values(value)) frozen(item);
  return Object.freeze(value);
}
