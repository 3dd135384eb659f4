import type { ProcessCore } from '../core.ts';
import { compileBuiltin } from './compile.ts';

/** Runs a bootstrap or main script of Node's library. */
export function runMainScript(core: ProcessCore, id: string): void {
  const { process, primordials } = core;
  const parameters = ['process', 'require', 'internalBinding', 'primordials'];
  compileBuiltin(core, id, parameters)(process, core.require, core.guestInternalBinding, primordials);
}
