/** The base classes of libuv's handles: AsyncWrap (an async id) and HandleWrap (keeps the loop alive, closes). */
import { activeResources } from '../active-resources.ts';
import type { ProcessContext } from '../context.ts';

const classesOf = new WeakMap<ProcessContext, HandleClasses>();

export type HandleClasses = ReturnType<typeof defineHandleClasses>;

/** The classes of this process; the same ones for every binding, as `instanceof` expects. */
export function handleClasses(context: ProcessContext): HandleClasses {
  let classes = classesOf.get(context);
  if (classes === undefined) {
    classes = defineHandleClasses(context);
    classesOf.set(context, classes);
  }
  return classes;
}

function defineHandleClasses(context: ProcessContext) {
  const { asyncContext, loop } = context;
  const { handles } = activeResources(context);

  class AsyncWrap {
    /** The name of its provider, as async_hooks reports it; without one it is registered later, by `asyncContext.register`. */
    constructor(provider?: string) {
      if (provider !== undefined) asyncContext.register(this, provider);
    }
    getAsyncId(): number {
      return asyncContext.idOf(this);
    }
    asyncReset(): void {
      asyncContext.register(this, this.constructor.name.toUpperCase());
    }
    getProviderType(): number {
      return 0;
    }
  }

  class HandleWrap extends AsyncWrap {
    readonly #provider: string;
    #active = false;
    #referenced = true;
    #closed = false;
    /** Its close has been told of: until then it counts as referenced. */
    #gone = false;

    constructor(provider?: string) {
      super(provider);
      this.#provider = provider ?? 'MESSAGEPORT';
      this.#list();
    }

    ref(): void {
      if (this.#referenced || this.#closed) return;
      this.#referenced = true;
      this.#list();
      if (this.#active) loop.ref();
    }
    unref(): void {
      if (!this.#referenced || this.#closed) return;
      this.#referenced = false;
      handles.delete(this);
      if (this.#active) loop.unref();
    }
    hasRef(): boolean {
      return this.#referenced && !this.#gone;
    }
    close(callback?: unknown): void {
      if (this.#closed) return;
      this.deactivate();
      this.#closed = true;
      this.release();
      const onClose = symbolNamed(context, 'handle_onclose');
      const properties = this as unknown as Record<symbol, unknown>;
      if (typeof callback === 'function') properties[onClose] = callback;
      loop.ref();
      loop.enqueueClosing(() => {
        handles.delete(this);
        this.#gone = true;
        loop.unref();
        const listener = properties[onClose];
        if (typeof listener === 'function') asyncContext.runIn(this, () => listener.call(this));
        asyncContext.destroy(this);
      });
    }

    protected get isClosed(): boolean {
      return this.#closed;
    }
    /** From now on the handle keeps the loop alive (while it is referenced). */
    protected activate(): void {
      if (this.#active || this.#closed) return;
      this.#active = true;
      if (this.#referenced) loop.ref();
    }
    protected deactivate(): void {
      if (!this.#active) return;
      this.#active = false;
      if (this.#referenced) loop.unref();
    }
    /** A thread is none of libuv's handles. */
    #list(): void {
      if (this.#provider !== 'WORKER') handles.set(this, this.#provider);
    }
    /** Gives back what the handle holds in the kernel; called once, by `close`. */
    protected release(): void {
      this.deactivate();
    }
  }

  return { AsyncWrap, HandleWrap };
}

/** One of the symbols that Node's library and its bindings share ("owner_symbol"). */
export function symbolNamed(context: ProcessContext, name: string): symbol {
  const symbol = context.perIsolateSymbols[name];
  if (symbol === undefined) throw new Error(`no symbol ${name}`);
  return symbol;
}

/** uv's negative errno of what a system call threw; what is not an error of a system call is thrown on. */
export function errnoOfError(context: ProcessContext, error: unknown): number {
  const code = error instanceof Error ? (error as Error & { code?: unknown }).code : undefined;
  if (typeof code !== 'string') throw error;
  return context.errnoOf(code);
}

/** The property's value if it is a function of the guest's. */
export function guestMethod(object: object, name: PropertyKey): ((...args: unknown[]) => unknown) | undefined {
  const value: unknown = Reflect.get(object, name);
  return typeof value === 'function' ? (value.bind(object) as (...args: unknown[]) => unknown) : undefined;
}
