/** `WebAssembly.Module` that takes from the kernel what it has compiled for another process of the sandbox, and tells it what to compile. */
import type { CompiledModule } from '../../kernel/compiled-modules.ts';
import type { ProcessContext } from '../context.ts';
import { noteDeclaredMemory } from './declared-memory.ts';
import { noteFunctionText } from './function-texts.ts';
import { descendFromModuleSource } from './module-source.ts';

/** In bytes. Below it, compiling takes less time than telling. */
const SMALL = 128 * 1024;

type ModuleClass = typeof WebAssembly.Module;

// The guest may replace it.
const { construct } = Reflect;

/** The constructor that the guest sees in place of the browser's, which it becomes in `WebAssembly`, too. */
export function keepCompiledModules(context: ProcessContext): ModuleClass {
  const { host } = context;
  const { Module } = host.WebAssembly;
  descendFromModuleSource(Module);
  const compile = (bytes: Uint8Array<ArrayBuffer>): WebAssembly.Module => {
    const kept = find(context, bytes);
    if (kept) {
      // Each caller has an object of its own; the machine code is shared.
      const own = host.structuredClone(kept);
      noteDeclaredMemory(own, bytes);
      return own;
    }
    const module = new Module(bytes);
    context.sys.send('keepModule', bytes);
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
function find({ launch, sys }: ProcessContext, bytes: Uint8Array): WebAssembly.Module | null {
  const modules = launch.modules ?? [];
  if (!some(modules, 'size', bytes.length)) return null;
  const id = sys.call('knownModule', bytes);
  return id === null ? null : (some(modules, 'id', id)?.module ?? null);
}

function some(modules: readonly CompiledModule[], key: 'id' | 'size', value: number): CompiledModule | null {
  for (let i = 0; i < modules.length; i++) {
    const candidate = modules[i];
    if (candidate?.[key] === value) return candidate;
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
