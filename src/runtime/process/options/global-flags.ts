/** Options that change the global objects before the program starts: `--expose-gc` and `--disable-proto`. */
import type { ProcessCore } from '../core.ts';
import { defineGc, exposeGc } from './collector.ts';

export function applyGlobalFlags(core: ProcessCore): void {
  const { commandLine, global } = core;
  const values = commandLine?.values ?? {};
  if (values['--expose-gc'] === true) {
    exposeGc(core, true);
    defineGc(global);
  }
  const proto = values['--disable-proto'];
  if (proto === 'delete') Reflect.deleteProperty(Object.prototype, '__proto__');
  if (proto === 'throw') {
    const refuse = { [proto]: (): never => refuseProto() }[proto];
    Object.defineProperty(Object.prototype, '__proto__', {
      get: refuse,
      set: refuse,
      configurable: true,
      enumerable: false,
    });
  }
}

function refuseProto(): never {
  const error = new Error('Accessing Object.prototype.__proto__ has been disallowed with --disable-proto=throw');
  throw Object.assign(error, { code: 'ERR_PROTO_ACCESS' });
}
