/** What the module loaders ask of the file system. */
import { S_IFDIR, S_IFMT, S_IFREG } from '../../kernel/file-modes.ts';
import { SystemError } from '../../kernel/syscalls.ts';
import { resolvePath } from '../../shell/paths.ts';
import type { ProcessContext } from '../context.ts';
import type { BindingFunction } from './operation.ts';
import { pathFrom } from './values.ts';

const NOT_FOUND = -2;
const WASM_MAGIC = [0x00, 0x61, 0x73, 0x6d];
/** The files that `main` may mean, in order; then what a folder without `main` may hold. */
const MAIN_ENDINGS = ['', '.js', '.json', '.node', '/index.js', '/index.json', '/index.node'];
const INDEX_ENDINGS = ['.js', '.json', '.node'];

export function moduleFunctions(context: ProcessContext): Record<string, BindingFunction> {
  const { sys } = context;
  /** 0 where nothing can be reached, links that lead in a circle among it. */
  const kindOf = (path: string): number => {
    try {
      const stat = sys.call('statOrNull', path, true);
      return stat === null ? 0 : stat.mode & S_IFMT;
    } catch (error) {
      if (error instanceof SystemError) return 0;
      throw error;
    }
  };
  const isFile = (path: string) => kindOf(path) === S_IFREG;
  return {
    existsSync: (path) => sys.exists(pathFrom(path)),
    /** 0 a file, 1 a folder, negative when there is nothing. */
    internalModuleStat: (path) => {
      const kind = kindOf(pathFrom(path));
      if (kind === 0) return NOT_FOUND;
      return kind === S_IFDIR ? 1 : 0;
    },
    /** 1 for WebAssembly, 0 for everything else. */
    getFormatOfExtensionlessFile: (path) => {
      if (!isFile(pathFrom(path))) return 0;
      const content = sys.call('readFile', pathFrom(path));
      return WASM_MAGIC.every((byte, index) => content[index] === byte) ? 1 : 0;
    },
    legacyMainResolve: (folder, main, base) => {
      const prefix = `${pathFrom(folder).replace(/\/+$/, '')}/`;
      const named = typeof main === 'string' ? resolvePath(prefix, main) : null;
      if (named !== null) {
        const found = MAIN_ENDINGS.findIndex((ending) => isFile(named + ending));
        if (found >= 0) return found;
      }
      const index = INDEX_ENDINGS.findIndex((ending) => isFile(`${prefix}index${ending}`));
      if (index >= 0) return MAIN_ENDINGS.length + index;
      const missing = named ?? `${prefix}index.js`;
      const importer =
        typeof base === 'string' && base.startsWith('file:') ? new context.host.URL(base).pathname : base;
      throw Object.assign(new Error(`Cannot find package '${missing}' imported from ${String(importer)}`), {
        code: 'ERR_MODULE_NOT_FOUND',
      });
    },
  };
}
