import type { BindingFactory } from '../context.ts';

/** `internalBinding('sea')`: this is no single executable application. */
export const sea: BindingFactory = (context) => ({
  ...context.described('sea'),
  isSea: () => false,
  isExperimentalSeaWarningNeeded: () => false,
});
