/** The client's `fs`: paths are relative to its working directory. */
import * as Comlink from 'comlink';
import type { KernelClient } from '../kernel/client/client-interface.ts';
import { fromBytes, toBytes } from './encoding.ts';
import type { FileInterface } from './protocol.ts';

export function createFiles(kernel: Comlink.Remote<KernelClient>, resolve: (path: string) => string): FileInterface {
  return {
    readFile: async (path, options) => {
      const bytes = await kernel.readFile(resolve(path));
      const encoding = typeof options === 'object' ? options?.encoding : options;
      return encoding ? fromBytes(bytes, encoding) : transferred(bytes);
    },
    writeFile: async (path, data, options) => {
      const encoding = typeof options === 'object' ? options?.encoding : options;
      await kernel.writeFile(resolve(path), typeof data === 'string' ? toBytes(data, encoding ?? 'utf8') : data);
    },
    readdir: async (path, options) => {
      const entries = await kernel.readdir(resolve(path));
      const { encoding, withFileTypes } = typeof options === 'object' ? (options ?? {}) : { encoding: options };
      const named = (name: string) => encodeName(name, encoding);
      if (withFileTypes) return entries.map(({ name, type }) => ({ name: named(name), 'Symbol(type)': type }));
      return entries.map(({ name }) => named(name));
    },
    mkdir: async (path, options) => kernel.mkdir(resolve(path), options?.recursive ?? false),
    rm: async (path, options) =>
      kernel.rm(resolve(path), { recursive: options?.recursive ?? false, force: options?.force ?? false }),
    rename: async (from, to) => kernel.rename(resolve(from), resolve(to)),
    watch: async (path, options, listener) => {
      const { recursive = false, encoding } = asWatchOptions(options);
      // The kernel tells the next event when the client has had this one.
      const notify = async (type: string, name: string) => listener?.(type, encodeName(name, encoding));
      const id = await kernel.watch(resolve(path), recursive, Comlink.proxy(notify));
      return Comlink.proxy({ close: () => kernel.unwatch(id) });
    },
  };
}

/** A file's name as Node gives it: as text, as bytes, or its bytes in another encoding. */
function encodeName(name: string, encoding: string | null | undefined): string | Uint8Array {
  if (encoding === undefined || encoding === null) return name;
  const bytes = toBytes(name, 'utf8');
  return encoding === 'buffer' ? bytes : fromBytes(bytes, encoding);
}

function asWatchOptions(options: unknown): { recursive?: boolean; encoding?: string } {
  if (typeof options === 'string') return { encoding: options };
  return typeof options === 'object' && options !== null ? options : {};
}

export function transferred(bytes: Uint8Array): Uint8Array {
  return Comlink.transfer(bytes, [bytes.buffer]);
}
