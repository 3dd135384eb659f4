import type { BindingFactory } from '../context.ts';

/** `internalBinding('config')`: what this "build" has. */
export const config: BindingFactory = (context) => ({
  ...context.described('config'),
  hasInspector: false,
  hasTracing: false,
  fipsMode: false,
  getDefaultLocale: () => Intl.DateTimeFormat().resolvedOptions().locale,
});
