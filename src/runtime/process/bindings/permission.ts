import type { BindingFactory } from '../context.ts';

/** `internalBinding('permission')`: the sandbox itself is the limit. */
export const permission: BindingFactory = (context) => ({ ...context.described('permission'), has: () => true });
