import { compileBuiltin } from '../compile.ts';
import type { CoreBindingFactory } from '../core.ts';

const PARAMETERS = ['exports', 'require', 'module', 'process', 'internalBinding', 'primordials'];

/** `internalBinding('builtins')`: the modules of Node's library. */
export const builtins: CoreBindingFactory = (core) => ({
  ...core.described('builtins'),
  builtinIds: Object.keys(core.library.sources),
  natives: Object.fromEntries(Object.entries(core.library.sources).map(([id, { code }]) => [id, code])),
  config: core.library.facts.config,
  builtinCategories: { canBeRequired: [], cannotBeRequired: [] },
  hasCachedBuiltins: () => true,
  compileFunction: (id: string) => compileBuiltin(core, id, PARAMETERS),
  setInternalLoaders(internalBinding: NonNullable<typeof core.guestInternalBinding>, require: typeof core.require) {
    core.guestInternalBinding = internalBinding;
    core.require = require;
  },
});
