/**
 * Stacks as Node shows them: V8's call sites without the runtime's own frames, with the columns of what the user wrote.
 */

import type { SourceRegistry } from '../context.ts';
import { isObject } from '../engine/is-object.ts';
import { lineAt } from '../modules/lines.ts';
import { type EvaluatedName, evaluatedName } from './eval-origin.ts';
import type { Position } from './position.ts';
import { givenName } from './source-name.ts';
import { findThrow } from './throw-place.ts';

/** So many callers may stand between the place where an error is made and its `throw`. */
const ORIGIN_FRAMES = 4;

/** The library's constructors of errors, which are called by the place that is shown. */
const PER_CONTEXT = 'node:internal/per_context/';

/** What is a file's, or of Node's library: neither the runtime's nor the name of evaluated text. */
const FILE_NAME = /^(?:\/|file:|node:)/;

/** The runtime's frames between a call and what looks at its stack, and one of the caller's. */
const FRAMES_OF_A_CALL = 8;

// The global one notes what it makes, for `util.types.isProxy`.
const { Proxy: UnnotedProxy } = globalThis;

type PrepareStack = (scope: object, error: object, sites: readonly NodeJS.CallSite[]) => unknown;
type Formatter = (error: object, sites: readonly NodeJS.CallSite[]) => unknown;
type CaptureStack = (target: object) => void;

/** So many frames of the runtime stand in a stack at most, where they are reckoned with. */
const ROOM = 16;

/** True for a script of the runtime itself. */
export const isRuntimeScript = (name: string): boolean =>
  /^(blob:|fixpoint:|https?:\/\/[^/]+\/(?:runtime|@fs|src)\/)/.test(name);

/** Null where there is none, and where the program's own formatter throws: the error stays the one that it was. */
export function stackOf(error: object): string | null {
  try {
    const { stack } = error as { stack?: unknown };
    return typeof stack === 'string' ? stack : null;
  } catch {
    return null;
  }
}

/** What stands for a global object: natively, its functions are named without it. */
export const globalReceivers = new WeakSet<object>();

/** The names of evaluated text, which its sites do not tell. */
const evaluatedFiles = new WeakMap<NodeJS.CallSite, string>();

export class CallSites {
  readonly #registry: SourceRegistry;
  readonly #scope: object;
  readonly #origins = new WeakMap<object, Position[]>();
  readonly #formatted = new WeakSet<object>();
  readonly #throws = new WeakMap<object, Position>();
  readonly #error: ErrorConstructor = Error;
  readonly #described = new Map<string, string>();
  /** While there is: the guest's own limit. */
  #room: { limit: number } | null = null;
  /** The limits at which errors were made that had room. */
  readonly #limits = new WeakMap<object, number>();
  /** The limit when there was last room for whatever was made meanwhile: somewhat longer stacks were probably taken then. */
  #looseLimit = Number.POSITIVE_INFINITY;
  /** Takes the raw sites of the next stack, instead of formatting it. */
  #tap: ((sites: readonly NodeJS.CallSite[]) => void) | null = null;
  #formatting = false;
  #prepare: PrepareStack | null = null;

  constructor(scope: object, registry: SourceRegistry) {
    this.#scope = scope;
    this.#registry = registry;
  }

  /** Node's `prepareStackTraceCallback`. */
  setPrepare(prepare: PrepareStack): void {
    this.#prepare = prepare;
  }

  /**
   * From now on every stack is made here; a guest may still set `Error.prepareStackTrace`, which Node then calls. The engine and the
   * guest read the same property, so what the guest finds is not the function that it set, but one that does the same.
   */
  install(): void {
    const standsFor = new WeakMap<object, unknown>();
    const standIn = (own: Formatter, stood: unknown): Formatter => {
      // In the middle of formatting it is a guest's formatter that calls the one which it found here.
      const found: Formatter = (error, sites) => (this.#formatting ? own(error, sites) : this.#format(error, sites));
      standsFor.set(found, stood);
      return found;
    };
    // Node's, which knows of source maps and of names that have their code already.
    const nodes = this.#error.prepareStackTrace;
    const standard = standIn((error, sites) => nodes(error as Error, [...sites]), undefined);
    let userDefined: unknown;
    let found: unknown = standard;
    const accessor = {
      configurable: true,
      enumerable: false,
      get: () => (this.#formatting ? userDefined : found),
      set(value: unknown) {
        const isFunction = typeof value === 'function';
        const isStandIn = isFunction && standsFor.has(value);
        if (isFunction && !isStandIn) putBehind();
        userDefined = isStandIn ? standsFor.get(value) : value;
        found = isStandIn ? value : isFunction ? standIn(value as Formatter, value) : standard;
      },
    };
    const error = this.#error;
    const own = (): unknown => Object.defineProperty(error, 'prepareStackTrace', accessor);
    own();
    // Behind it once a guest has set its own, which it may delete: then the engine would show the runtime's frames.
    const behind = {
      configurable: true,
      enumerable: false,
      get: () => (this.#formatting ? undefined : standard),
      set(value: unknown) {
        own();
        accessor.set(value);
      },
    };
    const putBehind = (): void => {
      const base = Object.getPrototypeOf(error) as object;
      if (Object.hasOwn(base, 'prepareStackTrace')) return;
      Object.setPrototypeOf(error, Object.create(base, { prepareStackTrace: behind }));
    };
  }

  /** Where the error was made, and where that was called from; empty when it has no stack of the guest. */
  originsOf(error: object): Position[] {
    // Reading `stack` formats it, which remembers the origin.
    if (Object.hasOwn(error, 'stack')) stackOf(error);
    return this.#origins.get(error) ?? [];
  }

  /** Whether somebody has read the stack: from then on V8 knows its text alone. */
  isFormatted(error: unknown): boolean {
    return this.#formatted.has(error as object);
  }

  /** The place that V8 tells of a value which nobody throws now: where it was made, else where it is asked (`Exception::CreateMessage`). */
  messagePlace(value: unknown, isFormatted = this.isFormatted(value)): Position | undefined {
    const made = isObject(value) ? this.originsOf(value)[0] : undefined;
    return isFormatted ? (this.#currentPosition() ?? made) : (made ?? this.#currentPosition());
  }

  #currentPosition(): Position | undefined {
    return placeOf(this.current(1)[0]);
  }

  /** Node's library throws an error whose own stack starts elsewhere: the caller's line is the place of the throw. */
  noteThrow<T>(error: T): T {
    const place = isObject(error) ? this.#currentPosition() : undefined;
    if (place === undefined) return error;
    const text = lineAt(this.#registry.sourceOf(place.file) ?? '', place.line - 1) ?? '';
    this.#throws.set(error as object, { ...place, column: text.search(/\S/) + 1 });
    return error;
  }

  /** Where the error was probably thrown, by what it tells of its making and by the sources; undefined when it has no stack of the guest. */
  throwPlace(error: object): Position | undefined {
    const origins = this.originsOf(error);
    const found = this.#throws.get(error) ?? findThrow(origins, (file) => this.#registry.sourceOf(file));
    return found ?? origins.find(({ file }) => !file.startsWith(PER_CONTEXT)) ?? origins[0];
  }

  /** Room for frames of the runtime among those of the guest in the stacks of errors that are made while `callback` runs. */
  withRoom<Result>(callback: () => Result): Result {
    const limit = this.#error.stackTraceLimit;
    // It may be frozen, or no number; at 0 nobody wants a stack now.
    if (
      this.#room !== null ||
      typeof limit !== 'number' ||
      limit === 0 ||
      !Reflect.set(this.#error, 'stackTraceLimit', limit + ROOM)
    ) {
      return callback();
    }
    this.#room = { limit };
    this.#looseLimit = limit;
    try {
      return callback();
    } finally {
      // What the guest has set since stays.
      if (this.#error.stackTraceLimit === limit + ROOM) Reflect.set(this.#error, 'stackTraceLimit', limit);
      this.#room = null;
    }
  }

  /** An error of the runtime's own making, in whose stack are as many frames of the guest as in any. */
  makeWithRoom<Made>(make: () => Made): Made {
    const limit: unknown = this.#room?.limit ?? this.#error.stackTraceLimit;
    const loose = this.#looseLimit;
    const made = this.withRoom(make);
    if (!isObject(made) || typeof limit !== 'number' || limit === 0) return made;
    this.#limits.set(made, limit);
    this.#looseLimit = loose;
    return made;
  }

  /** The guest's frames of the running code, innermost first; not those that wait for it (`at async f`). */
  current(limit: number): NodeJS.CallSite[] {
    // Frames cost: most stacks have few of the runtime's own between the guest's.
    for (let room = 4; ; room *= 4) {
      const raw = this.#rawSites(limit + room);
      const sites = this.clean(raw.filter(isRunning), limit);
      if (sites.length === limit || raw.length < limit + room) return sites;
    }
  }

  /** What `describe` says of the guest's innermost frame; asked once a place, because lines and columns take long to find. */
  describeCurrent(describe: (site: NodeJS.CallSite | undefined) => string): string {
    const raw = this.#rawSites(FRAMES_OF_A_CALL);
    const index = firstOfGuest(raw);
    const site = raw[index];
    const name = site && scriptOf(site);
    if (!site || !name) return describe(this.current(1)[0]);
    const key = `${name}:${(site as NodeJS.CallSite & { getPosition(): number }).getPosition()}`;
    const known = this.#described.get(key) ?? describe(this.clean(raw.slice(index), 1)[0]);
    this.#described.set(key, known);
    return known;
  }

  /** Where the function of the guest that runs now was called: the second of `current`, without what else a call site tells. */
  callerPlace(): Position | undefined {
    const raw = this.#rawSites(FRAMES_OF_A_CALL);
    const index = firstOfGuest(raw);
    const [callee, caller] = [raw[index], raw[index + 1]];
    const file = caller === undefined ? '' : givenName(scriptOf(caller));
    const isPlain = callee !== undefined && scriptOf(callee) !== '' && FILE_NAME.test(file);
    if (!isPlain || caller === undefined || !isRunning(caller)) return placeOf(this.current(2)[1]);
    const line = caller.getLineNumber() ?? 1;
    return { file, line, column: this.#registry.originalColumn(file, line, caller.getColumnNumber() ?? 1) };
  }

  #rawSites(limit: number): readonly NodeJS.CallSite[] {
    const outer = this.#error.stackTraceLimit;
    let raw: readonly NodeJS.CallSite[] = [];
    this.#tap = (sites) => {
      raw = sites;
    };
    try {
      Reflect.set(this.#error, 'stackTraceLimit', limit);
      const target: { stack?: unknown } = {};
      (this.#error.captureStackTrace as CaptureStack)(target);
      void target.stack;
    } finally {
      this.#tap = null;
      Reflect.set(this.#error, 'stackTraceLimit', outer);
    }
    return raw;
  }

  #format(error: object, raw: readonly NodeJS.CallSite[]): unknown {
    if (this.#tap !== null) {
      this.#tap(raw);
      return '';
    }
    const sites = this.clean(raw, this.#limitOf(error, raw.length));
    this.#formatted.add(error);
    this.#rememberOrigin(error, sites.slice(0, ORIGIN_FRAMES));
    if (this.#prepare === null) return plainStack(error, sites);
    const outer = this.#formatting;
    this.#formatting = true;
    try {
      return this.#prepare(this.#scope, error, sites);
    } finally {
      this.#formatting = outer;
    }
  }

  /** How many frames the guest may see of a stack. The engine made it no longer than the limit was then, which may be another by now. */
  #limitOf(error: object, length: number): number {
    const current = this.#error.stackTraceLimit;
    if (this.#room && current === this.#room.limit + ROOM) return Math.max(0, this.#room.limit);
    const own = this.#limits.get(error);
    if (own !== undefined) return Math.max(0, own);
    const isLoose = length > this.#looseLimit && length <= this.#looseLimit + ROOM;
    return isLoose ? Math.max(0, this.#looseLimit, typeof current === 'number' ? current : 0) : length;
  }

  #rememberOrigin(error: object, sites: readonly NodeJS.CallSite[]): void {
    if (this.#origins.has(error)) return;
    const positions = sites.flatMap((site) => {
      const file = evaluatedFiles.get(site) ?? site.getScriptNameOrSourceURL();
      return file ? [{ file, line: site.getLineNumber() ?? 1, column: site.getColumnNumber() ?? 1 }] : [];
    });
    if (positions.length > 0) this.#origins.set(error, positions);
  }

  /** Drops the runtime's frames and corrects columns; the innermost so many. */
  clean(raw: readonly NodeJS.CallSite[], most = raw.length): NodeJS.CallSite[] {
    const sites: NodeJS.CallSite[] = [];
    for (let index = 0; index < raw.length && sites.length < most; index++) {
      const site = raw[index];
      if (site === undefined) continue;
      // Node's V8 does not know who waits for a thenable, the browser's newer one does.
      if (site.isAsync() && isThen(sites.at(-1))) break;
      const name = site.getScriptNameOrSourceURL?.();
      if (name && isRuntimeScript(name)) continue;
      if (!name) {
        if (!isGlue(site, raw[index + 1])) sites.push(site);
        continue;
      }
      const file = givenName(name);
      if (file.startsWith('wasm:')) {
        sites.push(site);
        continue;
      }
      const line = site.getLineNumber() ?? 1;
      const compiledColumn = site.getColumnNumber() ?? 1;
      // The getter of an export: natively the import is the variable itself.
      if (isExportGetter(site) && this.#registry.isInFront(file, line, compiledColumn)) continue;
      const column = this.#registry.originalColumn(file, line, compiledColumn);
      const evaluated = evaluatedName(file);
      if (evaluated === undefined) {
        sites.push(guestSite(site, file, column));
      } else {
        const made = evaluatedSite(site, evaluated, column);
        evaluatedFiles.set(made, file);
        sites.push(made);
      }
    }
    return sites;
  }
}

/** What Node's `Error.prepareStackTrace` gives when nobody has set it. */
const plainStack = (error: object, sites: readonly NodeJS.CallSite[]): string =>
  [String(error), ...sites.map(String)].join('\n    at ');

/**
 * Whether the engine has called it as the `then` of a thenable: it has that name, or `this` has such a method. In strict code `this`
 * is hidden: there a function without a name is taken for one that a getter has given, if it was called on an object.
 */
function isThen(site: NodeJS.CallSite | undefined): boolean {
  if (site === undefined || site.isAsync()) return false;
  const name = nameOf(site);
  if (name === 'then') return true;
  if (site.isToplevel()) return false;
  const receiver = site.getThis();
  return isObject(receiver) ? 'then' in receiver : name === null && site.getTypeName() === 'Object';
}

const nameOf = (site: NodeJS.CallSite | undefined): string | null => site?.getFunctionName() ?? null;

const scriptOf = (site: NodeJS.CallSite): string => site.getScriptNameOrSourceURL?.() ?? '';

const firstOfGuest = (raw: readonly NodeJS.CallSite[]): number =>
  raw.findIndex((site) => !isRuntimeScript(scriptOf(site)));

/** Code of an `eval` has none. */
function placeOf(site: NodeJS.CallSite | undefined): Position | undefined {
  const file = site?.getScriptNameOrSourceURL();
  if (site === undefined || !file) return undefined;
  return { file, line: site.getLineNumber() ?? 1, column: site.getColumnNumber() ?? 1 };
}

const isRunning = (site: NodeJS.CallSite): boolean => !site.isAsync();

/** Frames between the runtime and the guest: `eval` itself, and `next` of a generator that the runtime drives. */
function isGlue(site: NodeJS.CallSite, below: NodeJS.CallSite | undefined): boolean {
  const name = site.getFunctionName();
  const caller = below?.getScriptNameOrSourceURL?.();
  // The function itself, not the code that the guest gave it; a guest's own call of it by another name is shown natively, too.
  if (name === 'eval') return !site.isEval() && (!caller || isRuntimeScript(caller));
  if (name !== 'next') return false;
  return (
    !caller ||
    isRuntimeScript(caller) ||
    /^node:internal\/(timers|process\/task_queues|modules\/esm\/module_job|vm\/module)$/.test(caller)
  );
}

/** Or another function that is called as one. */
const isExportGetter = (site: NodeJS.CallSite): boolean =>
  site.getTypeName() === 'Object' || site.getFunctionName() === 'default';

/** By this name programs tell that something is a call site; a browser's newer engine says `Object`. */
function CallSite(): never {
  throw new Error('Not supported');
}

/** The engine names so the code that `eval` was given and its functions without a name; a function may have the name itself. */
function isNameless(site: NodeJS.CallSite): boolean {
  if (site.getFunctionName() !== 'eval') return false;
  const called: unknown = site.getFunction();
  // The engine hides a strict function, but not the property that its receiver has it under.
  if (typeof called !== 'function') return site.getMethodName() !== 'eval';
  return Object.getOwnPropertyDescriptor(called, 'name')?.value !== 'eval';
}

/** A call site that was compiled by `eval`, as if it had been compiled as a file. */
function guestSite(site: NodeJS.CallSite, file: string, column: number): NodeJS.CallSite {
  const overrides: Partial<Record<string, () => unknown>> = {
    getColumnNumber: () => column,
    getFileName: () => file,
    getScriptNameOrSourceURL: () => file,
    getFunctionName: () => (isNameless(site) ? null : site.getFunctionName()),
    isEval: () => false,
    getEvalOrigin: () => undefined,
    toString: () => describeSite(site, `${file || '<anonymous>'}:${site.getLineNumber()}:${column}`),
  };
  return withOverrides(site, overrides);
}

/** A call site of text that the guest gave to `eval` or `Function`. */
function evaluatedSite(site: NodeJS.CallSite, { origin, isOwn }: EvaluatedName, column: number): NodeJS.CallSite {
  const place = `${site.getLineNumber()}:${column}`;
  return withOverrides(site, {
    getColumnNumber: () => column,
    getFileName: () => undefined,
    getScriptNameOrSourceURL: () => (isOwn ? origin : undefined),
    getEvalOrigin: () => origin,
    toString: () => {
      const text = String(site);
      const location = isOwn ? `${origin}:${place}` : `${origin}, <anonymous>:${place}`;
      const open = text.lastIndexOf(' (');
      return open < 0
        ? `${text.startsWith('async ') ? 'async ' : ''}${location}`
        : `${text.slice(0, open)} (${location})`;
    },
  });
}

function withOverrides(site: NodeJS.CallSite, overrides: Partial<Record<string, () => unknown>>): NodeJS.CallSite {
  return new UnnotedProxy(site, {
    get(target, key) {
      if (key === 'constructor') return CallSite;
      const override = typeof key === 'string' ? overrides[key] : undefined;
      if (override !== undefined) return override;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

function isOfGlobal(site: NodeJS.CallSite): boolean {
  const receiver: unknown = site.getThis();
  return typeof receiver === 'object' && receiver !== null && globalReceivers.has(receiver);
}

function describeSite(site: NodeJS.CallSite, location: string): string {
  const text = String(site);
  const open = text.lastIndexOf(' (');
  const isAsync = text.startsWith('async ');
  if (open < 0 || !text.endsWith(')')) return `${isAsync ? 'async ' : ''}${location}`;
  let name = text.slice(0, open);
  if (isNameless(site)) {
    // A context's global object is a proxy: its scripts are called on it.
    if (name === 'eval' || name === 'Proxy.eval') return location;
    if (name === 'async eval') return `async ${location}`;
    name = name.replace(/eval(?: \[as (.+)\])?$/, (_match, alias: string | undefined) => alias ?? '<anonymous>');
  }
  // The engine of the browser words these names of Node's own differently from Node's; and a module's namespace is a proxy here.
  const guestName = name
    .replace(/^Module\._extensions\.\./, 'Object..')
    .replace(/^((?:async )?)Proxy\./, isOfGlobal(site) ? '$1' : '$1Module.')
    .replace(/^exports\.emitMessage$/, 'MessagePort.<anonymous>');
  return `${guestName} (${location})`;
}
