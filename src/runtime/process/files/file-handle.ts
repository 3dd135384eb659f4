/** The native side of `fs.promises`' FileHandle, and the poller behind `fs.watchFile`. */
import { S_IFMT } from '../../kernel/file-modes.ts';
import { type Stat, SystemError } from '../../kernel/syscalls.ts';
import type { ProcessContext } from '../context.ts';
import { guestMethod, handleClasses } from '../streams/handle-wrap.ts';
import { pathFrom, statArray } from './values.ts';

export function fileHandleClass(context: ProcessContext) {
  const { AsyncWrap } = handleClasses(context);
  const { loop, sys, host } = context;
  class FileHandle extends AsyncWrap {
    #fd: number;
    constructor(fd: number) {
      super('FILEHANDLE');
      this.#fd = fd;
    }
    get fd(): number {
      return this.#fd;
    }
    close(): Promise<void> {
      const fd = this.releaseFD();
      loop.ref();
      return new host.Promise((resolve, reject) => {
        loop.enqueue(() => {
          loop.unref();
          try {
            resolve(sys.call('close', fd));
          } catch (error) {
            if (!(error instanceof SystemError)) throw error;
            reject(context.createErrnoError(error.code, 'close'));
          }
        });
      });
    }
    /** The caller closes the descriptor from now on. */
    releaseFD(): number {
      const fd = this.#fd;
      this.#fd = -1;
      return fd;
    }
    readStart(): never {
      throw new Error('A FileHandle cannot be used as a native stream in this sandbox');
    }
  }
  context.nativeCloneables.register(FileHandle, {
    name: 'FileHandle',
    isCloneable: false,
    contentOf: (handle) => (handle as FileHandle).fd,
    detach: (handle) => void (handle as FileHandle).releaseFD(),
    revive(fd) {
      sys.call('ownDescriptor', fd as number);
      return new FileHandle(fd as number);
    },
  });
  return FileHandle;
}

const STAT_FIELDS = 18;
const NOTHING: Stat = {
  dev: 0,
  mode: 0,
  nlink: 0,
  uid: 0,
  gid: 0,
  rdev: 0,
  blksize: 0,
  ino: 0,
  size: 0,
  blocks: 0,
  atimeMs: 0,
  mtimeMs: 0,
  ctimeMs: 0,
  birthtimeMs: 0,
};

export function statWatcherClass(context: ProcessContext) {
  const { HandleWrap } = handleClasses(context);
  const { loop, sys, host, asyncContext } = context;
  return class StatWatcher extends HandleWrap {
    readonly #bigint: boolean;
    #timer = 0;
    #last: Stat | null = null;
    #first = true;
    constructor(bigint: unknown) {
      super('STATWATCHER');
      this.#bigint = bigint === true;
    }
    start(target: unknown, intervalMs: number): number {
      const path = pathFrom(target);
      this.activate();
      const look = (): Stat | null => sys.call('statOrNull', path, true);
      const compare = (now: Stat | null): void => {
        if (this.isClosed) return;
        this.#compare(now);
        this.#timer = host.setTimeout(() => loop.enqueue(() => compare(look())), intervalMs);
      };
      // What the program does from here on is a change already.
      const first = look();
      loop.enqueue(() => compare(first));
      return 0;
    }
    #compare(now: Stat | null): void {
      const before = this.#last;
      this.#last = now;
      const first = this.#first;
      this.#first = false;
      if (first ? now !== null : isSame(before, now)) return;
      const joined = [statArray(now ?? NOTHING, this.#bigint), statArray(before ?? NOTHING, this.#bigint)];
      const stats = this.#bigint ? new BigInt64Array(2 * STAT_FIELDS) : new Float64Array(2 * STAT_FIELDS);
      joined.forEach((part, index) => {
        Reflect.apply(stats.set, stats, [part, index * STAT_FIELDS]);
      });
      const status = now === null ? context.errnoOf('ENOENT') : 0;
      asyncContext.runIn(this, () => guestMethod(this, 'onchange')?.(status, stats));
    }
    protected override release(): void {
      host.clearTimeout(this.#timer);
      super.release();
    }
  };
}

function isSame(a: Stat | null, b: Stat | null): boolean {
  if (a === null || b === null) return a === b;
  return (
    a.ino === b.ino &&
    a.size === b.size &&
    a.mtimeMs === b.mtimeMs &&
    a.ctimeMs === b.ctimeMs &&
    (a.mode & S_IFMT) === (b.mode & S_IFMT) &&
    a.mode === b.mode
  );
}
