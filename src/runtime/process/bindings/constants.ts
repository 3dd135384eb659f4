import type { BindingFactory } from '../context.ts';

/** `internalBinding('constants')`: all of them as the native binary has them. */
export const constants: BindingFactory = (context) => context.described('constants');
