/**
 * Async ids, resources and the context frame that travels with callbacks and promises. Browsers have no promise hooks:
 * `Promise.prototype.then` carries the context, and transformed code carries it over `await`.
 */
import type { AsyncContext, GuestFunction, HostGlobals, ResourceOrigin } from '../context.ts';
import { setInjected } from '../modules/transform/injected-globals.ts';
import { AWAITED_VALUE, CAPTURE_CONTEXT, RESTORE_CONTEXT } from '../modules/transform/injected-names.ts';
import { isObject } from './is-object.ts';

/** Indexes into {@link AsyncState.hookFields}; the binding's `constants` say the same. */
const HOOK = { init: 0, before: 1, after: 2, destroy: 3, check: 6, stackLength: 7 } as const;
/** Indexes into {@link AsyncState.idFields}. */
const ID = { execution: 0, trigger: 1, counter: 2, defaultTrigger: 3 } as const;
const STACK_DEPTH = 8192;

export interface AsyncHooks {
  init?: (id: number, type: string, trigger: number, resource: object) => void;
  before?: (id: number) => void;
  after?: (id: number) => void;
  destroy?: (id: number) => void;
}

interface Registration {
  id: number;
  trigger: number;
  frame: unknown;
  /** What hooks see of it. */
  shown: object;
  isDestroyed: boolean;
}

/** What was current at some moment. */
interface Snapshot {
  frame: unknown;
  id: number;
  trigger: number;
  resource: object | undefined;
  /** `id` is that of a promise of which hooks were told: they are told of its callback, too. */
  hooked?: true;
}

/** Those of the guest. */
type Proxies = Pick<WeakMap<object, unknown>, 'has'>;

const NOTHING: Snapshot = { frame: undefined, id: 0, trigger: 0, resource: undefined };

export class AsyncState implements AsyncContext {
  readonly hookFields = new Uint32Array(9);
  readonly idFields = new Float64Array(4);
  readonly idStack = new Float64Array(2 * STACK_DEPTH);
  readonly resources: (object | undefined)[] = [];
  hooks: AsyncHooks = {};
  /** Promise hooks of async_hooks: called with each promise that is chained. */
  promiseInit: ((promise: object, parent: unknown) => void) | undefined;
  readonly #registered = new WeakMap<object, Registration>();
  readonly #promiseFrames = new WeakMap<object, unknown>();
  #destroyed: number[] = [];
  /** Calls it in a later turn of the loop, if there is one. */
  later: (callback: () => void) => void = () => undefined;
  readonly #idSymbol: symbol;
  readonly #triggerSymbol: symbol;
  #frame: unknown;
  /** Nothing is carried until someone needs it. */
  #inUse = false;

  /** The symbols under which Node's library keeps a resource's own ids. */
  constructor(idSymbol: symbol, triggerSymbol: symbol) {
    this.#idSymbol = idSymbol;
    this.#triggerSymbol = triggerSymbol;
    this.hookFields[HOOK.check] = 1;
    this.idFields[ID.counter] = 1;
    this.idFields[ID.defaultTrigger] = -1;
  }

  /** What was registered before is no more: it begins anew. */
  register(resource: object, type: string, origin?: ResourceOrigin): number {
    this.destroy(resource);
    const { id, trigger: current } = this.#nextIds();
    const trigger = (origin?.trigger && this.#registered.get(origin.trigger)?.id) ?? current;
    const wanted = origin?.shown;
    const shown = isObject(wanted) ? wanted : resource;
    this.#registered.set(resource, { id, trigger, frame: this.#frame, shown, isDestroyed: false });
    if (this.hookFields[HOOK.init]) this.hooks.init?.(id, type, trigger, shown);
    return id;
  }

  destroy(resource: object): void {
    const registration = this.#registered.get(resource);
    if (registration === undefined || registration.isDestroyed) return;
    registration.isDestroyed = true;
    this.queueDestroy(registration.id);
  }

  /** Hooks are told in a later turn, of all that are no more by then. */
  queueDestroy(id: number): void {
    if (!this.hookFields[HOOK.destroy] || this.#destroyed.push(id) > 1) return;
    this.later(() => {
      for (const gone of this.#destroyed.splice(0)) this.hooks.destroy?.(gone);
    });
  }

  #nextIds(): { id: number; trigger: number } {
    const chosen = this.idFields[ID.defaultTrigger] ?? -1;
    return { id: ++this.lastId, trigger: chosen >= 0 ? chosen : (this.idFields[ID.execution] ?? 0) };
  }

  /** The last id that was given to a resource. */
  get lastId(): number {
    return this.idFields[ID.counter] ?? 0;
  }

  set lastId(id: number) {
    this.idFields[ID.counter] = id;
  }

  /** Gives one of Node's own resources the ids that it would have, were it made now, and emits `init`. */
  renumber(resource: object, type: string): void {
    const { id, trigger } = this.#nextIds();
    Object.assign(resource, { [this.#idSymbol]: id, [this.#triggerSymbol]: trigger });
    if (this.hookFields[HOOK.init]) this.hooks.init?.(id, type, trigger, resource);
  }

  idOf(resource: object): number {
    return this.#registered.get(resource)?.id ?? -1;
  }

  /** Errors of the callback are thrown on, and told of in its context: that ends with this turn of the loop then, or with `leave`. */
  enter(resource: object, callback: () => void): void {
    const registration = this.#registered.get(resource);
    if (registration === undefined) {
      callback();
      return;
    }
    const outer = this.#frame;
    this.push(registration.id, registration.trigger, registration.shown);
    this.#frame = registration.frame;
    if (this.hookFields[HOOK.before]) this.hooks.before?.(registration.id);
    callback();
    if (this.hookFields[HOOK.after]) this.hooks.after?.(registration.id);
    this.leave(resource, outer);
  }

  /** Ends the context of the resource: `outer` was the frame before it. */
  leave(resource: object, outer: unknown): void {
    if (this.#registered.has(resource) && this.hookFields[HOOK.stackLength]) this.pop(this.idOf(resource));
    this.#frame = outer;
  }

  runIn(resource: object, callback: () => void): void {
    this.enter(resource, callback);
  }

  runWithin(resource: object, callback: () => void): void {
    this.enter(resource, callback);
  }

  causeBy<T>(resource: object, callback: () => T): T {
    const outer = this.idFields[ID.defaultTrigger] ?? -1;
    const frame = this.#frame;
    this.idFields[ID.defaultTrigger] = this.idOf(resource);
    this.#frame = undefined;
    try {
      return callback();
    } finally {
      this.idFields[ID.defaultTrigger] = outer;
      this.#frame = frame;
    }
  }

  complete(request: object, callback: () => void): void {
    this.enter(request, callback);
    this.destroy(request);
  }

  completeLast(request: object, callback: () => void): void {
    this.complete(request, callback);
  }

  getFrame(): unknown {
    return this.#frame;
  }

  setFrame(frame: unknown): void {
    this.#frame = frame;
    if (frame !== undefined) this.#inUse = true;
  }

  setPromiseHooks(init: ((promise: object, parent: unknown) => void) | undefined): void {
    this.promiseInit = init;
    if (init !== undefined) this.#inUse = true;
  }

  /** A promise was made by `Promise.resolve` or `Promise.reject`: should it be an unhandled rejection, this is its context. */
  notePromise(promise: object): void {
    if (!this.#inUse) return;
    this.keepFrame(promise);
    if (Reflect.get(promise, this.#idSymbol) === undefined) this.promiseInit?.(promise, undefined);
  }

  /** Should the promise be an unhandled rejection, this is its context. */
  keepFrame(promise: object): void {
    if (this.#frame !== undefined) this.#promiseFrames.set(promise, this.#frame);
  }

  frameOfPromise(promise: object): unknown {
    return this.#promiseFrames.get(promise);
  }

  push(id: number, trigger: number, resource: object | undefined): void {
    const depth = this.hookFields[HOOK.stackLength] ?? 0;
    this.resources[depth] = resource;
    this.idStack[2 * depth] = this.idFields[ID.execution] ?? 0;
    this.idStack[2 * depth + 1] = this.idFields[ID.trigger] ?? 0;
    this.hookFields[HOOK.stackLength] = depth + 1;
    this.idFields[ID.execution] = id;
    this.idFields[ID.trigger] = trigger;
  }

  /** True while something is left on the stack. */
  pop(_id: number): boolean {
    const depth = this.hookFields[HOOK.stackLength] ?? 0;
    if (depth === 0) return false;
    this.idFields[ID.execution] = this.idStack[2 * depth - 2] ?? 0;
    this.idFields[ID.trigger] = this.idStack[2 * depth - 1] ?? 0;
    // Not through `length`, which would give its memory back when the last one goes.
    if (this.resources.length === depth) this.resources.pop();
    else this.resources.length = depth - 1;
    this.hookFields[HOOK.stackLength] = depth - 1;
    return depth > 1;
  }

  clearStack(): void {
    this.hookFields[HOOK.stackLength] = 0;
    this.idFields[ID.execution] = 0;
    this.idFields[ID.trigger] = 0;
    this.resources.length = 0;
  }

  /** A turn of the loop starts without a context. */
  reset(): void {
    if (this.#inUse) this.restore(NOTHING);
  }

  capture(): Snapshot | undefined {
    if (!this.#inUse) return undefined;
    if (this.promiseInit !== undefined) return this.#captureWithHooks(this.promiseInit);
    return {
      frame: this.#frame,
      id: this.idFields[ID.execution] ?? 0,
      trigger: this.idFields[ID.trigger] ?? 0,
      resource: this.resources[(this.hookFields[HOOK.stackLength] ?? 0) - 1],
    };
  }

  #captureWithHooks(init: (promise: object, parent: unknown) => void): Snapshot {
    const resource: Record<symbol, unknown> = {};
    init(resource, undefined);
    const id = Number(resource[this.#idSymbol] ?? 0);
    return { frame: this.#frame, id, trigger: Number(resource[this.#triggerSymbol] ?? 0), resource, hooked: true };
  }

  /** Calls what a promise was given, in its context. */
  callIn<Value>(snapshot: Snapshot, callback: (value: Value) => unknown, value: Value): unknown {
    this.restore(snapshot);
    if (!snapshot.hooked) return callback(value);
    const { hookFields, hooks } = this;
    if (hookFields[HOOK.before]) hooks.before?.(snapshot.id);
    try {
      return callback(value);
    } finally {
      if (hookFields[HOOK.after]) hooks.after?.(snapshot.id);
    }
  }

  restore(snapshot: Snapshot | undefined): void {
    if (!this.#inUse) return;
    const { frame, id, trigger, resource } = snapshot ?? NOTHING;
    this.#frame = frame;
    this.#keepOne(resource);
    this.idFields[ID.execution] = id;
    this.idFields[ID.trigger] = trigger;
  }

  /** The stack holds nothing but the resource, over the root; it is empty without one. */
  #keepOne(resource: object | undefined): void {
    const { resources, hookFields, idStack } = this;
    while (resources.length > 1) resources.pop();
    if (resource !== undefined) resources[0] = resource;
    else if (resources.length > 0) resources.pop();
    hookFields[HOOK.stackLength] = resource === undefined ? 0 : 1;
    idStack[0] = 0;
    idStack[1] = 0;
  }
}

/**
 * Gives transformed code the two functions that it calls, and makes `then` carry the context. Must run
 * before Node's primordials copy `then`.
 */
export function installContextPropagation(host: HostGlobals, state: AsyncState, proxies: Proxies): void {
  let awaited: unknown;
  setInjected(host, CAPTURE_CONTEXT, (value: unknown) => {
    const snapshot = state.capture();
    awaited = snapshot === undefined ? value : withContextOfThenable(state, proxies, value, snapshot);
    return snapshot;
  });
  setInjected(host, AWAITED_VALUE, () => {
    const value = awaited;
    awaited = undefined;
    return value;
  });
  setInjected(host, RESTORE_CONTEXT, (value: unknown, snapshot: Snapshot | undefined) => {
    state.restore(snapshot);
    return Unasked.valueOf(value);
  });
  const then = Promise.prototype.then;
  const wrap = (callback: unknown, snapshot: Snapshot) =>
    typeof callback === 'function' && !isResolver(callback)
      ? (value: unknown) => state.callIn(snapshot, callback as (value: unknown) => unknown, value)
      : callback;
  const replacement = {
    // biome-ignore lint/suspicious/noThenProperty: it replaces Promise.prototype.then.
    then(this: Promise<unknown>, onFulfilled: unknown, onRejected: unknown) {
      const snapshot = state.capture();
      if (snapshot === undefined) return then.call(this, onFulfilled as never, onRejected as never);
      const chained = then.call(this, wrap(onFulfilled, snapshot) as never, wrap(onRejected, snapshot) as never);
      state.keepFrame(chained);
      return chained;
    },
  };
  const native = Promise.prototype.finally;
  const settling = {
    // What the engine gives to `then` for it looks like a resolving function, which is not wrapped.
    finally(this: Promise<unknown>, onFinally: unknown) {
      const snapshot = typeof onFinally === 'function' ? state.capture() : undefined;
      if (snapshot === undefined) return native.call(this, onFinally as never);
      return native.call(this, () => state.callIn(snapshot, () => (onFinally as () => unknown)(), undefined));
    },
  };
  for (const [name, value] of Object.entries({ ...replacement, ...settling })) {
    Object.defineProperty(Promise.prototype, name, { configurable: true, writable: true, enumerable: false, value });
  }
}

/** What has been asked for its `then` and has none: the engine need not ask again. */
class Unasked {
  readonly #value: object;

  constructor(value: object) {
    this.#value = value;
  }

  /** The value itself, whether it was asked or not. */
  static valueOf(value: unknown): unknown {
    return isObject(value) && #value in value ? value.#value : value;
  }
}
// A guest's `then` on the prototype of all objects is not meant.
Object.setPrototypeOf(Unasked.prototype, null);

/** An object with a `then` of its own is asked in a microtask, which knows no context: the object in its stead restores it first. */
function withContextOfThenable(state: AsyncState, proxies: Proxies, value: unknown, snapshot: Snapshot): unknown {
  // A proxy is asked for its `then` alone.
  if (!isObject(value) || (!proxies.has(value) && value instanceof Promise)) return value;
  const { then } = value;
  if (typeof then !== 'function') return new Unasked(value);
  return {
    // biome-ignore lint/suspicious/noThenProperty: it stands for a thenable.
    then(resolve: unknown, reject: unknown) {
      state.restore(snapshot);
      return Reflect.apply(then, value, [resolve, reject]);
    },
  };
}

const sourceOf = Function.prototype.toString;

/** The engine's own resolving functions need no context, and wrapping them would cost. */
function isResolver(callback: GuestFunction | object): boolean {
  const candidate = callback as { name?: unknown };
  return (
    candidate.name === '' &&
    !Object.hasOwn(callback, 'prototype') &&
    sourceOf.call(callback as () => void) === 'function () { [native code] }'
  );
}
