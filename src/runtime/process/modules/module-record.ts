/**
 * Modules as the specification has them (ECMA-262, 16.2.1.6): what all kinds have in common, and those whose exports are
 * set by a function. Modules with a source are in `source-module.ts`, linking in `link-module.ts`, evaluation in
 * `module-evaluation.ts`.
 */
import { createNamespace } from './namespace.ts';

export type ModuleStatus =
  | 'unlinked'
  | 'linking'
  | 'linked'
  | 'evaluating'
  | 'evaluating-async'
  | 'evaluated'
  | 'errored';

/** What every record needs of the process it lives in. */
export interface RecordHost {
  readonly Proxy: ProxyConstructor;
}

/** The binding that an exported name stands for; `name` null is the module's namespace. */
export interface ResolvedBinding {
  module: ModuleRecord;
  name: string | null;
}
export type Resolution = ResolvedBinding | 'ambiguous' | null;
export type Getter = () => unknown;

export abstract class ModuleRecord {
  status: ModuleStatus = 'unlinked';
  error: unknown;
  /** What `import source` of it gives: the compiled module of WebAssembly; undefined for all others. */
  sourceObject: unknown;
  #names: object | undefined;
  #namespace: object | undefined;

  readonly url: string;
  protected readonly host: RecordHost;

  constructor(url: string, host: RecordHost) {
    this.url = url;
    this.host = host;
  }

  abstract exportedNames(visited?: Set<ModuleRecord>): string[];
  abstract resolveExport(name: string, visited?: ResolvedBinding[]): Resolution;
  /** The getter of a binding of this module; undefined before the module is started. */
  abstract getterOf(name: string): Getter | undefined;
  abstract isConstant(name: string): boolean;

  /** An object with an accessor for each name that resolves; importers read through it. */
  get names(): object {
    this.#names ??= this.#createNames();
    return this.#names;
  }

  get namespace(): object {
    this.#namespace ??= createNamespace(this.names, this.host.Proxy);
    return this.#namespace;
  }

  #createNames(): object {
    const names: object = Object.create(null);
    for (const name of this.exportedNames()) {
      const resolution = this.resolveExport(name);
      if (resolution === null || resolution === 'ambiguous') continue;
      Object.defineProperty(names, name, { get: bindingGetter(resolution), set: refuseAssignment, enumerable: true });
    }
    return names;
  }
}

function bindingGetter({ module, name }: ResolvedBinding): Getter {
  if (name === null) return () => module.namespace;
  const getter = module.getterOf(name);
  if (getter) return getter;
  return () => {
    const started = module.getterOf(name);
    if (!started) throw new ReferenceError(`Cannot access '${name}' before initialization`);
    return started();
  };
}

function refuseAssignment(): never {
  throw new TypeError('Assignment to constant variable.');
}

/** A module whose exports are set by a function. */
export class SyntheticModule extends ModuleRecord {
  readonly options: { names: readonly string[]; evaluate: () => void };
  readonly #values = new Map<string, unknown>();
  /** What gives values that were not asked for yet. */
  readonly #late = new Map<string, Getter>();
  readonly #watchers: { name: string; set: (value: unknown) => void }[] = [];
  readonly #names: string[];

  constructor(url: string, host: RecordHost, options: { names: readonly string[]; evaluate: () => void }) {
    super(url, host);
    this.options = options;
    this.#names = [...new Set(options.names)];
    for (const name of this.#names) this.#values.set(name, undefined);
  }

  override exportedNames(): string[] {
    return this.#names;
  }

  override resolveExport(name: string): Resolution {
    return this.#values.has(name) ? { module: this, name } : null;
  }

  override getterOf(name: string): Getter {
    return () => {
      const late = this.#late.get(name);
      if (late) this.setExport(name, late());
      return this.#values.get(name);
    };
  }

  /**
   * Built-in modules may set their named exports again (`syncBuiltinESMExports`), and so may modules that a program has made with `vm`;
   * those of files never do.
   */
  override isConstant(name: string): boolean {
    return (name === 'default' && this.url.startsWith('node:')) || /^(file|data):/.test(this.url);
  }

  /** Throws a ReferenceError for a name that was not declared. */
  setExport(name: string, value: unknown): void {
    if (!this.#values.has(name)) throw new ReferenceError(`Export '${name}' is not defined in module`);
    this.#late.delete(name);
    this.#values.set(name, value);
    for (const watcher of this.#watchers) if (watcher.name === name) watcher.set(value);
  }

  /** Likewise, with a value that is found when somebody asks for it. */
  setLateExport(name: string, find: Getter): void {
    if (this.#watchers.some((watcher) => watcher.name === name)) this.setExport(name, find());
    else this.#late.set(name, find);
  }

  /** Calls `set` with each new value of an export. */
  watch(name: string, set: (value: unknown) => void): void {
    this.#watchers.push({ name, set });
  }
}
