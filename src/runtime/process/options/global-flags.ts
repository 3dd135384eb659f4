/** Options that change the global objects before the program starts: `--expose-gc` and `--disable-proto`. */
import type { ProcessCore } from '../core.ts';

export function applyGlobalFlags({ commandLine, global }: ProcessCore): void {
  const values = commandLine?.values ?? {};
  if (values['--expose-gc'] === true) {
    Object.defineProperty(global, 'gc', { value: gc, writable: true, configurable: false, enumerable: true });
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

/** A browser has no call for it, but its collector runs when so much memory outside of the heap is asked for. */
const PRESSURE = { rounds: 2, buffers: 2, bytes: 2 ** 28 } as const;

function gc(options?: { execution?: unknown }): Promise<void> | undefined {
  for (let round = 0; round < PRESSURE.rounds; round++) {
    const buffers: ArrayBuffer[] = [];
    try {
      while (buffers.length < PRESSURE.buffers) buffers.push(new ArrayBuffer(PRESSURE.bytes));
    } catch (error) {
      // There is no more room: then the collector has run.
      if (!(error instanceof RangeError)) throw error;
    }
  }
  return options?.execution === 'async' ? Promise.resolve() : undefined;
}
