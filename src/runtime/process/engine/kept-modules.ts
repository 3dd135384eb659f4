/** `WebAssembly.Module` that takes from the kernel what another process of the sandbox has compiled, and gives it what it compiles. */
import type { CompiledModule } from '../../kernel/compiled-modules.ts';
import type { ProcessContext } from '../context.ts';
import { noteFunctionText } from './function-texts.ts';
import { descendFromModuleSource } from './module-source.ts';

/** In bytes. Below it, compiling takes less time than telling. */
const SMALL = 128 * 1024;

type ModuleClass = typeof WebAssembly.Module;

// The guest may replace it.
const { construct } = Reflect;

/** The constructor that the guest sees in place of the browser's, which it becomes in `WebAssembly`, too. */
export function keepCompiledModules(context: ProcessContext): ModuleClass {
  const { host, fingerprints } = context;
  const { Module } = host.WebAssembly;
  descendFromModuleSource(Module);
  const compile = (bytes: Uint8Array<ArrayBuffer>): WebAssembly.Module => {
    const fingerprint = fingerprints.ofBytes(bytes);
    const kept = find(context.launch.modules, fingerprint);
    // Each caller has an object of its own; the machine code is shared.
    if (kept) return host.structuredClone(kept);
    const module = new Module(bytes);
    context.sys.send('keepModule', fingerprint, bytes.length, module);
    return module;
  };
  const replacement: ModuleClass = new host.Proxy(Module, {
    construct(target, args: [unknown, ...unknown[]], newTarget) {
      const bytes = newTarget === replacement ? largeBytes(args[0]) : null;
      return bytes ? compile(bytes) : construct(target, args, newTarget === replacement ? target : newTarget);
    },
  });
  noteFunctionText(replacement, 'function Module() { [native code] }');
  Object.defineProperty(Module.prototype, 'constructor', { value: replacement });
  Object.defineProperty(host.WebAssembly, 'Module', { value: replacement });
  return replacement;
}

/** Without methods of arrays, which the guest may replace. */
function find(modules: readonly CompiledModule[] = [], fingerprint: string): WebAssembly.Module | null {
  for (let i = 0; i < modules.length; i++) {
    const candidate = modules[i];
    if (candidate?.fingerprint === fingerprint) return candidate.module;
  }
  return null;
}

/** Null for what is small, and for memory that another thread may change meanwhile. */
function largeBytes(source: unknown): Uint8Array<ArrayBuffer> | null {
  const isView = ArrayBuffer.isView(source);
  const buffer = isView ? source.buffer : source;
  if (!(buffer instanceof ArrayBuffer)) return null;
  const bytes = isView ? new Uint8Array(buffer, source.byteOffset, source.byteLength) : new Uint8Array(buffer);
  return bytes.length < SMALL ? null : bytes;
}
