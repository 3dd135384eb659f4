/** The browser's own functions, captured before Node's globals take their names; and the browser's globals, taken away. */
import type { HostGlobals } from './context.ts';

export function captureHost(): HostGlobals {
  const scope = globalThis;
  const { performance } = scope;
  return {
    ...boundFunctions(scope),
    now: performance.now.bind(performance),
    timeOrigin: performance.timeOrigin,
    MessageChannel: scope.MessageChannel,
    MessagePort: scope.MessagePort,
    TextDecoder: scope.TextDecoder,
    TextEncoder: scope.TextEncoder,
    URL: scope.URL,
    URLPattern: Reflect.get(scope, 'URLPattern') as HostGlobals['URLPattern'],
    Proxy: scope.Proxy,
    Promise: scope.Promise,
    crypto: scope.crypto,
    console: scope.console,
    WebAssembly: scope.WebAssembly,
  };
}

function boundFunctions(scope: typeof globalThis) {
  const setTimeout = scope.setTimeout.bind(scope);
  const evaluate = scope.eval;
  const { Function: FunctionConstructor } = scope;
  const { notify, waitAsync } = Atomics;
  const { then } = Promise.prototype;
  const { apply } = Reflect;
  const { addEventListener } = scope.EventTarget.prototype;
  return {
    notify: (cells: Int32Array, index: number) => notify(cells, index),
    waitAsync: (cells: Int32Array, index: number, value: number) => waitAsync(cells, index, value),
    addMessageListener: (port: MessagePort, listener: (event: MessageEvent) => void) =>
      void apply(addEventListener, port, ['message', listener]),
    promiseThen: (promise: Promise<unknown>, callback: () => void) => void apply(then, promise, [callback]),
    setTimeout: (callback: () => void, ms: number) => setTimeout(callback, ms) as unknown as number,
    clearTimeout: scope.clearTimeout.bind(scope) as (id: number) => void,
    queueMicrotask: scope.queueMicrotask.bind(scope),
    structuredClone: scope.structuredClone.bind(scope) as HostGlobals['structuredClone'],
    evaluate: (source: string): unknown => evaluate(source),
    checkBody: (source: string) => void new FunctionConstructor(source),
  };
}

/** What a Worker's global object has and Node's has not. */
const BROWSER_ONLY =
  /^(importScripts|postMessage|on[a-z]+|location|caches|indexedDB|self|name|close|navigator|origin|fonts|scheduler|trustedTypes|cookieStore|isSecureContext|crossOriginIsolated|crossOriginEmbedderPolicy|originAgentCluster|createImageBitmap|reportError|requestAnimationFrame|cancelAnimationFrame|addEventListener|removeEventListener|dispatchEvent|webkit\w+|fetchLater|TEMPORARY|PERSISTENT)$/;

/** Interfaces of the language and of Node; every other capitalised global goes. */
const LANGUAGE =
  /^(Object|Function|Array|Number|Boolean|String|Symbol|BigInt|Math|JSON|Reflect|Proxy|Promise|Date|RegExp|Map|Set|Weak\w+|FinalizationRegistry|Iterator|Intl|Atomics|WebAssembly|NaN|Infinity|ArrayBuffer|SharedArrayBuffer|DataView|(Ui|I)nt(8|16|32)Array|Uint8ClampedArray|Float(16|32|64)Array|Big(Ui|I)nt64Array|(|Aggregate|Eval|Range|Reference|Suppressed|Syntax|Type|URI)Error|AsyncDisposableStack|DisposableStack)$/;

/** Globals of Node that a browser has as well: bootstrap has put Node's own in their place. */
const NODE =
  /^(AbortController|AbortSignal|Blob|BroadcastChannel|Buffer|ByteLengthQueuingStrategy|CloseEvent|CompressionStream|CountQueuingStrategy|Crypto|CryptoKey|CustomEvent|DecompressionStream|DOMException|Event|EventSource|EventTarget|File|FormData|Headers|MessageChannel|MessageEvent|MessagePort|Navigator|Performance|Performance(Entry|Mark|Measure|Observer|ObserverEntryList|ResourceTiming)|Readable\w+|Request|Response|SubtleCrypto|Text\w+Stream|TextDecoder|TextEncoder|Transform\w+|URL|URLSearchParams|URLPattern|WebSocket|Writable\w+)$/;

/** Removes what a browser's Worker has and Node has not. Call it at the end of boot. */
export function hideBrowserGlobals(scope: object): void {
  for (let holder: object | null = scope; holder !== null && holder !== Object.prototype; ) {
    for (const name of Object.getOwnPropertyNames(holder)) {
      if (!isForeign(holder === scope, name)) continue;
      if (!Reflect.deleteProperty(holder, name)) shadow(scope, name);
    }
    holder = Object.getPrototypeOf(holder) as object | null;
  }
}

/** A constant of a browser's interface (TEMPORARY, PERSISTENT) cannot be deleted: an own property keeps it out of `for … in`. */
function shadow(scope: object, name: string): void {
  Object.defineProperty(scope, name, { value: undefined, writable: true, configurable: true, enumerable: false });
}

function isForeign(own: boolean, name: string): boolean {
  if (name === 'constructor') return !own;
  if (BROWSER_ONLY.test(name)) return name !== 'navigator' || !own;
  if (!/^[A-Z]/.test(name)) return !own && name !== 'toString';
  return !LANGUAGE.test(name) && !NODE.test(name);
}
