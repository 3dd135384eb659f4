import type { BindingFactory, ProcessContext } from '../context.ts';

/** `wasmStreamingCallback` of internal/wasm_web_api: reads the response, and feeds the state. */
type StreamingCallback = (state: WasmStream, source: unknown) => void;
type Promised<T> = {
  promise: Promise<T>;
  resolve: (value: T | PromiseLike<T>) => void;
  reject: (reason: unknown) => void;
};

/** `internalBinding('wasm_web_api')`: WebAssembly from a Response of Node's own `fetch`. */
export const wasmWebApi: BindingFactory = (context) => ({
  setImplementation: (callback: StreamingCallback) => adaptWebAssembly(context, callback),
});

/** What the browser has beyond Node (its promise integration). */
const BROWSER_ONLY = ['Suspending', 'promising', 'SuspendError'];

function adaptWebAssembly(context: ProcessContext, callback: StreamingCallback): void {
  const target = context.host.WebAssembly;
  for (const name of BROWSER_ONLY) Reflect.deleteProperty(target, name);
  const { compile, instantiate } = target as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
  if (!compile || !instantiate) return;
  const stream = (source: unknown, name: string, build: (bytes: Uint8Array) => Promise<unknown>) => {
    const result: Promised<unknown> = context.host.Promise.withResolvers();
    callback(new WasmStream(result, (bytes) => keepAlive(context, renameErrors(build(bytes), name))), source);
    return keepAlive(context, result.promise);
  };
  const replacements = {
    compile: (bytes: unknown, ...rest: unknown[]) => keepAlive(context, compile.call(target, bytes, ...rest)),
    instantiate: (bytes: unknown, ...rest: unknown[]) => keepAlive(context, instantiate.call(target, bytes, ...rest)),
    compileStreaming: (source: unknown) => stream(source, 'compileStreaming', (bytes) => compile.call(target, bytes)),
    instantiateStreaming: (source: unknown, ...imports: unknown[]) =>
      stream(source, 'instantiateStreaming', (bytes) => instantiate.call(target, bytes, ...imports)),
  };
  for (const [name, value] of Object.entries(replacements)) {
    Object.defineProperty(target, name, { value, writable: true, enumerable: true, configurable: true });
  }
}

/** The browser compiles in another thread: the process waits for it. */
function keepAlive<T>({ loop }: ProcessContext, promise: Promise<T>): Promise<T> {
  loop.ref();
  const release = () => loop.unref();
  promise.then(release, release);
  return promise;
}

function renameErrors<T>(promise: Promise<T>, name: string): Promise<T> {
  return promise.catch((error: unknown) => {
    if (error instanceof Error) error.message = error.message.replace(/^WebAssembly\.\w+\(\)/, `WebAssembly.${name}()`);
    throw error;
  });
}

/** The bytes that arrive; compiled when they are complete. */
class WasmStream {
  readonly #chunks: Uint8Array[] = [];
  readonly #result: Promised<unknown>;
  readonly #build: (bytes: Uint8Array) => Promise<unknown>;

  constructor(result: Promised<unknown>, build: (bytes: Uint8Array) => Promise<unknown>) {
    this.#result = result;
    this.#build = build;
  }

  push(chunk: ArrayBuffer | ArrayBufferView): void {
    const view = ArrayBuffer.isView(chunk)
      ? new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength)
      : new Uint8Array(chunk);
    this.#chunks.push(view.slice());
  }

  finish(): void {
    const bytes = new Uint8Array(this.#chunks.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const chunk of this.#chunks) {
      bytes.set(chunk, at);
      at += chunk.length;
    }
    this.#result.resolve(this.#build(bytes));
  }

  abort(error: unknown): void {
    this.#result.reject(error);
  }

  /** The engine names the code by its hash: a URL cannot be given to it. */
  setURL(_url: string): undefined {
    return undefined;
  }
}
