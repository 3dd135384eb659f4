/** The optional part `wasi`: WASI preview 1 over Node's own `fs`. The calls come from @tybys/wasm-util, but for the standard streams. */
import { WASI as Preview1, type SyncWASIOptions } from '@tybys/wasm-util';
import type { BindingObject, ProcessContext } from '../context.ts';
import { nativeError } from '../crypto/errors.ts';
import { type Memory, readInto, writeFrom } from './standard-streams.ts';

type WasiCall = (...args: unknown[]) => unknown;

/** The binding's class: its instances hold the imports of a module, and `_setMemory`, which comes before the first call. */
export function wasiClass(context: ProcessContext) {
  const fs = context.require('fs') as unknown as typeof import('node:fs');
  return function WASI(
    this: BindingObject,
    args: string[],
    env: readonly string[],
    preopens: readonly string[],
    stdio: readonly number[],
  ): void {
    const options: SyncWASIOptions = {
      version: 'preview1',
      args,
      env: Object.fromEntries(env.map(splitVariable)),
      preopens: Object.fromEntries(pairs(preopens)),
      fs: fs as unknown as NonNullable<SyncWASIOptions['fs']>,
    };
    const instance = new Preview1(options);
    const calls = instance.wasiImport as Record<string, WasiCall>;
    let memory: Memory | null = null;
    const started = (): Memory => {
      if (memory !== null) return memory;
      throw nativeError(context, { code: 'ERR_WASI_NOT_STARTED', message: 'wasi.start() has not been called' });
    };
    const onStream = (name: 'fd_read' | 'fd_write', move: typeof readInto): WasiCall => {
      const other = calls[name];
      return (...call) => {
        const held = started();
        const fd = stdio[Number(call[0])];
        if (fd === undefined) return other?.(...call);
        const [vectors, count, moved] = call.slice(1).map(Number) as [number, number, number];
        return move(fs, held, { fd, vectors, count, moved });
      };
    };
    for (const [name, call] of Object.entries(calls)) {
      this[name] = (...given: unknown[]) => {
        started();
        return call(...given);
      };
    }
    Object.assign(this, {
      fd_read: onStream('fd_read', readInto),
      fd_write: onStream('fd_write', writeFrom),
      proc_exit: (code: number) => context.exit(code),
      _setMemory: (given: unknown) => {
        if (!(given instanceof context.host.WebAssembly.Memory)) {
          throw nativeError(context, {
            kind: 'TypeError',
            code: 'ERR_INVALID_ARG_TYPE',
            message: '"instance.exports.memory" property must be a WebAssembly.Memory object',
          });
        }
        memory = given;
        instance.finalizeBindings({ exports: { memory: given } } as unknown as WebAssembly.Instance);
      },
    });
  };
}

/** "A=b=c" -> ["A", "b=c"] */
function splitVariable(text: string): [string, string] {
  const end = text.indexOf('=');
  return [text.slice(0, end), text.slice(end + 1)];
}

function pairs(flat: readonly string[]): [string, string][] {
  return flat.flatMap((key, index) => (index % 2 === 0 ? [[key, flat[index + 1] ?? '']] : []));
}
