/** `process.env`: the variables of this thread, or those it has in common with others (`SHARE_ENV`). */
import { ownDescriptor } from './own-descriptor.ts';

/** Where the variables are that threads have in common. */
export interface EnvironmentLink {
  /** Changes with every change by any thread. */
  readonly version: number;
  read(): readonly string[];
  /** null deletes it. */
  write(name: string, value: string | null): void;
}

export class Environment {
  #variables: Record<string, string> = {};
  #link: EnvironmentLink | null = null;
  #seen = 0;
  /** Is told of each change of `TZ`; undefined when it is not set. */
  onTimeZone: ((zone: string | undefined) => void) | null = null;

  /** Is told when a value is set that is none of a string, a number and a boolean. */
  onOddValue: (() => void) | null = null;

  get isShared(): boolean {
    return this.#link !== null;
  }

  /** The variables as they are now; to be changed with `set` and `delete` alone. */
  get variables(): Record<string, string> {
    if (this.#link !== null && this.#link.version !== this.#seen) this.#reload(this.#link);
    return this.#variables;
  }

  entries(): string[] {
    return Object.entries(this.variables).map(([name, value]) => `${name}=${value}`);
  }

  add(entries: readonly string[]): void {
    Object.assign(this.#variables, environmentOf(entries));
    if (this.#variables['TZ'] !== undefined) this.onTimeZone?.(this.#variables['TZ']);
  }

  /** As setenv(3): a name that is empty or has an equals sign is ignored. */
  set(name: string, value: string): void {
    if (name === '' || name.includes('=')) return;
    this.variables[name] = value;
    this.#link?.write(name, value);
    if (name === 'TZ') this.onTimeZone?.(value);
  }

  delete(name: string): void {
    if (!Object.hasOwn(this.variables, name)) return;
    delete this.#variables[name];
    this.#link?.write(name, null);
    if (name === 'TZ') this.onTimeZone?.(undefined);
  }

  share(link: EnvironmentLink): void {
    this.#link = link;
    this.#reload(link);
  }

  /** In place: it is the target of a proxy, which must tell the truth about it. */
  #reload(link: EnvironmentLink): void {
    this.#seen = link.version;
    for (const name of Object.keys(this.#variables)) delete this.#variables[name];
    this.add(link.read());
  }
}

const PLAIN: ReadonlySet<string> = new Set(['string', 'number', 'boolean']);

/** `process.env` over them: values are strings, symbols are refused. */
export function createEnvironmentObject(ProxyOfHost: ProxyConstructor, environment: Environment): unknown {
  const textOf = (value: unknown): string => {
    if (!PLAIN.has(typeof value)) environment.onOddValue?.();
    return String(value);
  };
  // The target is what `variables` returns; asking for it brings it up to date.
  const proxy: unknown = new ProxyOfHost(environment.variables, {
    get: (_target, name) => Reflect.get(environment.variables, name) as unknown,
    has: (_target, name) => Reflect.has(environment.variables, name),
    ownKeys: () => Reflect.ownKeys(environment.variables),
    getOwnPropertyDescriptor: (_target, name) => ownDescriptor(environment.variables, name),
    deleteProperty(_target, name) {
      if (typeof name === 'string') environment.delete(name);
      return true;
    },
    set(_target, name, value, receiver) {
      // An object whose prototype this is gets a property of its own.
      if (receiver !== proxy) return Reflect.set(Object.create(null) as object, name, value, receiver);
      if (typeof name === 'symbol' || typeof value === 'symbol') {
        throw new TypeError('Cannot convert a Symbol value to a string');
      }
      environment.set(name, textOf(value));
      return true;
    },
    defineProperty(_target, name, descriptor) {
      checkDefinition(descriptor);
      if (typeof name === 'string') environment.set(name, textOf(descriptor.value));
      return true;
    },
  });
  return proxy;
}

function checkDefinition(descriptor: PropertyDescriptor): void {
  if ('get' in descriptor || 'set' in descriptor) {
    throw invalidDefinition("'process.env' does not accept an accessor(getter/setter) descriptor");
  }
  if (!('value' in descriptor) || !descriptor.configurable || !descriptor.writable || !descriptor.enumerable) {
    throw invalidDefinition("'process.env' only accepts a configurable, writable, and enumerable data descriptor");
  }
}

function invalidDefinition(message: string): TypeError {
  return Object.assign(new TypeError(message), { code: 'ERR_INVALID_OBJECT_DEFINE_PROPERTY' });
}

/** The entries `NAME=value` as an object. */
function environmentOf(entries: readonly string[]): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const entry of entries) {
    const equals = entry.indexOf('=', 1);
    if (equals > 0) variables[entry.slice(0, equals)] = entry.slice(equals + 1);
  }
  return variables;
}
