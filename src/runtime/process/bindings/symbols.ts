import type { BindingFactory } from '../context.ts';

/** `internalBinding('symbols')`: what the library and the bindings name things by. */
export const symbols: BindingFactory = ({ perIsolateSymbols }) => ({ ...perIsolateSymbols });
