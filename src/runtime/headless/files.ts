/** The client's `fs`: paths are relative to its working directory. */
import * as Comlink from 'comlink';
import type { FileEntry, KernelClient } from '../kernel/client/client-interface.ts';
import { dataArgument, encodingArgument, flagOption, objectArgument, pathArgument } from './arguments.ts';
import { fromBytes, toBytes } from './encoding.ts';
import type { FileInterface } from './protocol.ts';
import type { ClientWatchers } from './watchers.ts';

export function createFiles(
  kernel: Comlink.Remote<KernelClient>,
  watchers: ClientWatchers,
  resolveText: (path: string) => string,
): FileInterface {
  const resolve = (path: unknown, name?: string) => resolveText(pathArgument(path, name));
  return {
    readFile: async (path, options) => {
      const encoding = encodingArgument(options);
      // An unknown one is told before the file is looked for.
      if (encoding !== null) fromBytes(new Uint8Array(0), encoding);
      const bytes = await kernel.readFile(resolve(path));
      return encoding === null ? transferred(bytes) : fromBytes(bytes, encoding);
    },
    writeFile: async (path, data, options) => {
      const place = resolve(path);
      await kernel.writeFile(place, dataArgument(data, encodingArgument(options)));
    },
    readdir: async (path, options) => {
      const encoding = encodingArgument(options);
      const named = (name: string) => encodeName(name, encoding);
      named('');
      const { withFileTypes = false, recursive = false } = typeof options === 'object' ? (options ?? {}) : {};
      const entries = await readFolders(kernel, resolve(path), recursive);
      if (withFileTypes) return entries.map(({ name, type }) => ({ name: named(name), 'Symbol(type)': type }));
      return entries.map(({ prefix, name }) => named(prefix + name));
    },
    mkdir: async (path, options) => {
      // A mode may stand in place of the options.
      const recursive = typeof options === 'object' && options !== null && flagOption(options, 'recursive');
      return kernel.mkdir(resolve(path), recursive);
    },
    rm: async (path, options) => {
      const given = objectArgument(options);
      const [recursive, force] = [flagOption(given, 'recursive'), flagOption(given, 'force')];
      return kernel.rm(resolve(path), { recursive, force });
    },
    rename: async (from, to) => kernel.rename(resolve(from, 'oldPath'), resolve(to, 'newPath')),
    watch: async (path, options, listener) => {
      const { recursive = false } = typeof options === 'object' ? ((options ?? {}) as { recursive?: boolean }) : {};
      const encoding = encodingArgument(options);
      // An unknown one is told now, not with the first change.
      encodeName('', encoding);
      // The kernel tells the next event when the client has had this one.
      const notify = async (type: string, name: string) => listener?.(type, encodeName(name, encoding));
      const close = await watchers.add({ path: resolve(path), recursive, notify });
      return Comlink.proxy({ close });
    },
  };
}

interface FoundEntry extends FileEntry {
  /** "" or "folder/": where it is, seen from where the search began. */
  readonly prefix: string;
}

async function readFolders(
  kernel: Comlink.Remote<KernelClient>,
  path: string,
  recursive: boolean,
): Promise<FoundEntry[]> {
  const found: FoundEntry[] = [];
  const folders = [''];
  for (const prefix of folders) {
    for (const entry of await kernel.readdir(prefix === '' ? path : `${path}/${prefix}`)) {
      found.push({ ...entry, prefix });
      if (recursive && entry.type === 2) folders.push(`${prefix}${entry.name}/`);
    }
  }
  return found;
}

/** A file's name as Node gives it: as text, as bytes, or its bytes in another encoding. */
function encodeName(name: string, encoding: string | null): string | Uint8Array {
  if (encoding === null) return name;
  const bytes = toBytes(name, 'utf8');
  return encoding === 'buffer' ? bytes : fromBytes(bytes, encoding);
}

export function transferred(bytes: Uint8Array): Uint8Array {
  return Comlink.transfer(bytes, [bytes.buffer]);
}
