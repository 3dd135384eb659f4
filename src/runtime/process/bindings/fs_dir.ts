import { SystemError } from '../../kernel/syscalls.ts';
import type { BindingFactory } from '../context.ts';
import { createOperations } from '../files/operation.ts';
import { encodeName, pathFrom } from '../files/values.ts';
import { handleClasses, symbolNamed } from '../streams/handle-wrap.ts';

/** `internalBinding('fs_dir')`: directories, entry by entry. */
export const fsDir: BindingFactory = (context) => {
  const { AsyncWrap } = handleClasses(context);
  const { define } = createOperations(context, symbolNamed(context, 'fs_use_promises_symbol'));
  const { sys } = context;

  class DirHandle extends AsyncWrap {
    readonly #names: string[];
    readonly #types: number[];
    #next = 0;
    constructor(path: string) {
      super('DIRHANDLE');
      const { names, types } = sys.call('readdir', path);
      this.#names = names;
      this.#types = types;
    }
    /** Names and types in turn, at most `size` entries; null at the end. */
    take(encoding: unknown, size: number): unknown[] | null {
      const end = Math.min(this.#next + size, this.#names.length);
      const result: unknown[] = [];
      for (; this.#next < end; this.#next++) {
        result.push(encodeName(context, this.#names[this.#next] ?? '', encoding), this.#types[this.#next]);
      }
      return result.length === 0 ? null : result;
    }
    read(encoding: unknown, size: number, request?: object): unknown {
      return read(this, encoding, size, request);
    }
    close(request?: object): unknown {
      return close(this, request);
    }
  }

  const read = define({
    requestAt: 3,
    syscall: 'scandir',
    perform: ([handle, encoding, size]) => (handle as DirHandle).take(encoding, Number(size)),
  });
  const close = define({ requestAt: 1, syscall: 'closedir', perform: () => undefined });
  const opendir = define({
    requestAt: 2,
    syscall: 'opendir',
    paths: (args) => [pathFrom(args[0])],
    perform: ([path]) => new DirHandle(pathFrom(path)),
  });
  /** Its errors do not name the path. */
  const opendirSync = (path: unknown): DirHandle => {
    try {
      return new DirHandle(pathFrom(path));
    } catch (error) {
      if (!(error instanceof SystemError)) throw error;
      throw context.createErrnoError(error.code, 'opendir');
    }
  };
  return { ...context.described('fs_dir'), DirHandle, opendir, opendirSync };
};
