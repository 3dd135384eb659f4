import type { BindingFactory } from '../context.ts';

/** `internalBinding('internal_only_v8')`. */
export const internalOnlyV8: BindingFactory = () => ({ queryObjects: () => [] });
