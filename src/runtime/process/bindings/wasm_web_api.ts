import { joinBytes } from '../../kernel/join-bytes.ts';
import type { BindingFactory, ProcessContext } from '../context.ts';
import { keepCompiledModules } from '../engine/kept-modules.ts';

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
  const { Instance } = target;
  const Module = keepCompiledModules(context);
  const stream = (source: unknown, build: (bytes: Uint8Array<ArrayBuffer>) => unknown) => {
    const result: Promised<unknown> = context.host.Promise.withResolvers();
    callback(new WasmStream(result, build), source);
    return keepAlive(context, result.promise);
  };
  const build = (bytes: BufferSource, imports: WebAssembly.Imports | undefined) => {
    const module = new Module(bytes);
    return { module, instance: new Instance(module, imports) };
  };
  const replacements = {
    compile: (bytes: BufferSource) => later(context, 'compile', bytes, (copy) => new Module(copy)),
    instantiate: (source: BufferSource | WebAssembly.Module, ...[imports]: [WebAssembly.Imports?]) =>
      source instanceof Module
        ? later(context, 'instantiate', null, () => new Instance(source, imports))
        : later(context, 'instantiate', source, (copy) => build(copy, imports)),
    compileStreaming: (source: unknown) =>
      stream(source, (bytes) => later(context, 'compileStreaming', bytes, (copy) => new Module(copy))),
    instantiateStreaming: (source: unknown, ...[imports]: [WebAssembly.Imports?]) =>
      stream(source, (bytes) => later(context, 'instantiateStreaming', bytes, (copy) => build(copy, imports))),
  };
  for (const [name, value] of Object.entries(replacements)) {
    Object.defineProperty(target, name, { value, writable: true, enumerable: true, configurable: true });
  }
}

/**
 * Compiles in a later turn of the loop, in this thread: what the browser compiles in another was seen never to answer on a busy
 * machine. The bytes are copied at once, as the caller may change them.
 */
function later<Result>(
  { host, loop }: ProcessContext,
  name: string,
  source: BufferSource | null,
  build: (copy: BufferSource) => Result,
): Promise<Result> {
  return new host.Promise((resolve, reject) => {
    const copy = isBytes(source) ? copyOf(source) : source;
    loop.enqueue(() => {
      try {
        resolve(build(copy as BufferSource));
      } catch (error) {
        if (error instanceof Error)
          error.message = error.message.replace(/^WebAssembly\.\w+\(\)/, `WebAssembly.${name}()`);
        reject(error);
      }
    });
  });
}

const isBytes = (source: unknown): source is BufferSource =>
  ArrayBuffer.isView(source) || source instanceof ArrayBuffer;

const copyOf = (source: BufferSource): Uint8Array<ArrayBuffer> =>
  ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength).slice()
    : new Uint8Array(source).slice();

/** The process waits for it. */
function keepAlive<T>({ loop }: ProcessContext, promise: Promise<T>): Promise<T> {
  loop.ref();
  const release = () => loop.unref();
  promise.then(release, release);
  return promise;
}

/** The bytes that arrive; compiled when they are complete. */
class WasmStream {
  readonly #chunks: Uint8Array[] = [];
  readonly #result: Promised<unknown>;
  readonly #build: (bytes: Uint8Array<ArrayBuffer>) => unknown;

  constructor(result: Promised<unknown>, build: (bytes: Uint8Array<ArrayBuffer>) => unknown) {
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
    this.#result.resolve(this.#build(joinBytes(this.#chunks)));
  }

  abort(error: unknown): void {
    this.#result.reject(error);
  }

  /** The engine names the code by its hash: a URL cannot be given to it. */
  setURL(_url: string): undefined {
    return undefined;
  }
}
