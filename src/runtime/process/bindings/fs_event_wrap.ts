import type { WatchEvent } from '../../kernel/syscalls.ts';
import type { BindingFactory } from '../context.ts';
import { encodeName, pathFrom } from '../files/values.ts';
import { errnoOfError, guestMethod, handleClasses } from '../streams/handle-wrap.ts';

/** `internalBinding('fs_event_wrap')`: watching files and folders. */
export const fsEventWrap: BindingFactory = (context) => {
  const { sys, asyncContext } = context;
  const { HandleWrap } = handleClasses(context);

  class FSEvent extends HandleWrap {
    #fd = -1;
    constructor() {
      super('FSEVENTWRAP');
    }
    get initialized(): boolean {
      return this.#fd >= 0 && !this.isClosed;
    }
    start(path: unknown, persistent: unknown, recursive: unknown, encoding: unknown): number {
      try {
        this.#fd = sys.call('watch', pathFrom(path), recursive === true);
      } catch (error) {
        return errnoOfError(context, error);
      }
      this.activate();
      if (persistent === false) this.unref();
      this.#listen(encoding);
      return 0;
    }
    #listen(encoding: unknown): void {
      sys.callWith('nextWatchEvent', [this.#fd], (error, event) => {
        if (this.isClosed) return;
        // First: what changes while the program looks at this event is an event of its own.
        if (event) this.#listen(encoding);
        if (event) this.#tell(event, encoding);
        else this.#fail(error);
      });
    }
    #tell({ type, name }: WatchEvent, encoding: unknown): void {
      asyncContext.runIn(this, () => guestMethod(this, 'onchange')?.(0, type, encodeName(context, name, encoding)));
    }
    #fail(error: Error | null): void {
      const status = errnoOfError(context, error);
      asyncContext.runIn(this, () => guestMethod(this, 'onchange')?.(status, null, null));
    }
    protected override release(): void {
      if (this.#fd >= 0) sys.call('close', this.#fd);
      super.release();
    }
  }

  return { ...context.described('fs_event_wrap'), FSEvent };
};
