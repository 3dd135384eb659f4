import type { BindingFactory } from '../context.ts';

/** `internalBinding('wasm_web_api')`: the browser streams WebAssembly itself. */
export const wasmWebApi: BindingFactory = () => ({ setImplementation: () => undefined });
