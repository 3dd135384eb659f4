/**
 * A module as the specification has it: export resolution and linking (ECMA-262, 16.2.1.6). Evaluation is in
 * `module-evaluation.ts`.
 */

import { compileModule } from './compile-module.ts';
import { createNamespace } from './namespace.ts';
import type { ModuleTransform, Span } from './transform-module.ts';

export type ModuleStatus =
  | 'unlinked'
  | 'linking'
  | 'linked'
  | 'evaluating'
  | 'evaluating-async'
  | 'evaluated'
  | 'errored';

/** What a record needs of the process it lives in. */
export interface ModuleHost {
  /** Compiles the text and returns what it evaluates to; `transform.source` is what its author wrote. */
  compile(module: SourceModule, compiled: { code: string; segments: number[] }): unknown;
  importMeta(module: SourceModule): object;
  /** `import()` of the module. */
  dynamicImport(module: SourceModule): (specifier: unknown, options?: unknown) => Promise<unknown>;
  /** The error of an import that cannot be resolved. */
  linkError(module: SourceModule, failure: LinkFailure): Error;
  readonly Proxy: ProxyConstructor;
}

export interface LinkFailure {
  reason: 'missing' | 'ambiguous' | 'circular';
  specifier: string;
  name: string;
  span: Span;
}

/** V8's words for it. */
export function linkErrorMessage({ reason, specifier, name }: LinkFailure): string {
  switch (reason) {
    case 'missing':
      return `The requested module '${specifier}' does not provide an export named '${name}'`;
    case 'ambiguous':
      return `The requested module '${specifier}' contains conflicting star exports for name '${name}'`;
    case 'circular':
      return `Detected cycle while resolving name '${name}' in '${specifier}'`;
  }
}

/** The binding that an exported name stands for; `name` null is the module's namespace. */
export interface ResolvedBinding {
  module: ModuleRecord;
  name: string | null;
}
type Resolution = ResolvedBinding | 'ambiguous' | null;
type Getter = () => unknown;

export abstract class ModuleRecord {
  status: ModuleStatus = 'unlinked';
  error: unknown;
  #names: object | undefined;
  #namespace: object | undefined;

  readonly url: string;
  protected readonly host: ModuleHost;

  constructor(url: string, host: ModuleHost) {
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
  readonly #watchers: { name: string; set: (value: unknown) => void }[] = [];
  readonly #names: string[];

  constructor(url: string, host: ModuleHost, options: { names: readonly string[]; evaluate: () => void }) {
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
    return () => this.#values.get(name);
  }

  /** Built-in modules may set their named exports again (`syncBuiltinESMExports`). */
  override isConstant(name: string): boolean {
    return name === 'default' || !this.url.startsWith('node:');
  }

  /** Throws a ReferenceError for a name that was not declared. */
  setExport(name: string, value: unknown): void {
    if (!this.#values.has(name)) throw new ReferenceError(`Export '${name}' is not defined in module`);
    this.#values.set(name, value);
    for (const watcher of this.#watchers) if (watcher.name === name) watcher.set(value);
  }

  /** Calls `set` with each new value of an export. */
  watch(name: string, set: (value: unknown) => void): void {
    this.#watchers.push({ name, set });
  }
}

export type ModuleFunction = (
  imports: readonly { names: object; namespace: object }[],
  exports: (getters: Record<string, Getter>) => void,
  meta: object | undefined,
  dynamicImport: (specifier: unknown, options?: unknown) => Promise<unknown>,
  start?: Promise<void>,
) => unknown;

export class SourceModule extends ModuleRecord {
  dependencies: readonly ModuleRecord[] = [];
  /** Runs the module, once. A promise, with top-level await. */
  run: () => unknown = () => undefined;
  #getters: Record<string, Getter> | undefined;
  readonly #constants: ReadonlySet<string>;

  readonly text: { source: string; transform: ModuleTransform };

  constructor(url: string, host: ModuleHost, text: { source: string; transform: ModuleTransform }) {
    super(url, host);
    this.text = text;
    this.#constants = new Set(this.text.transform.localExports.flatMap((item) => (item.constant ? item.exported : [])));
  }

  get transform(): ModuleTransform {
    return this.text.transform;
  }

  override getterOf(name: string): Getter | undefined {
    return this.#getters?.[name];
  }

  override isConstant(name: string): boolean {
    return this.#constants.has(name);
  }

  override exportedNames(visited = new Set<ModuleRecord>()): string[] {
    if (visited.has(this)) return [];
    visited.add(this);
    const names = new Set<string>();
    for (const { exported } of this.transform.localExports) names.add(exported);
    for (const { exported } of this.transform.indirectExports) names.add(exported);
    for (const request of this.transform.starExports) {
      for (const name of this.dependency(request).exportedNames(visited)) if (name !== 'default') names.add(name);
    }
    return [...names];
  }

  override resolveExport(name: string, visited: ResolvedBinding[] = []): Resolution {
    if (visited.some((seen) => seen.module === this && seen.name === name)) return null;
    visited.push({ module: this, name });
    if (this.transform.localExports.some((item) => item.exported === name)) return { module: this, name };
    const indirect = this.transform.indirectExports.find((item) => item.exported === name);
    if (indirect) {
      const dependency = this.dependency(indirect.request);
      if (indirect.imported === null) return { module: dependency, name: null };
      return dependency.resolveExport(indirect.imported, visited);
    }
    return name === 'default' ? null : this.#resolveStar(name, visited);
  }

  #resolveStar(name: string, visited: ResolvedBinding[]): Resolution {
    let found: ResolvedBinding | null = null;
    for (const request of this.transform.starExports) {
      const resolution = this.dependency(request).resolveExport(name, visited);
      if (resolution === 'ambiguous') return resolution;
      if (resolution === null) continue;
      if (found && (found.module !== resolution.module || found.name !== resolution.name)) return 'ambiguous';
      found = resolution;
    }
    return found;
  }

  dependency(request: number): ModuleRecord {
    const dependency = this.dependencies[request];
    if (!dependency) throw new Error(`request for '${this.specifier(request)}' is not yet fulfilled`);
    return dependency;
  }

  specifier(request: number): string {
    return this.transform.requests[request]?.specifier ?? '';
  }

  /** The specifier at which following a re-exported name comes back to where it was. */
  #circularRequest(request: number, name: string): string | undefined {
    const visited: ResolvedBinding[] = [{ module: this, name }];
    let at: SourceModule = this;
    let via = request;
    let wanted = name;
    for (;;) {
      const next = at.dependency(via);
      if (visited.some((seen) => seen.module === next && seen.name === wanted)) return at.specifier(via);
      if (!(next instanceof SourceModule)) return undefined;
      const indirect = next.transform.indirectExports.find((item) => item.exported === wanted);
      if (!indirect || indirect.imported === null) return undefined;
      visited.push({ module: next, name: wanted });
      at = next;
      via = indirect.request;
      wanted = indirect.imported;
    }
  }

  /** Resolves every import; throws the host's error for the first that cannot be. */
  checkImports(): void {
    const { imports, indirectExports } = this.transform;
    // V8 takes the imports by their local names.
    const sorted = imports.slice().sort((a, b) => (a.local < b.local ? -1 : 1));
    for (const item of [...sorted, ...indirectExports]) {
      if (item.imported === null) continue;
      const resolution = this.dependency(item.request).resolveExport(item.imported);
      if (resolution !== null && resolution !== 'ambiguous') continue;
      const circular = this.#circularRequest(item.request, item.imported);
      throw this.host.linkError(this, {
        reason: resolution ?? (circular === undefined ? 'missing' : 'circular'),
        specifier: circular ?? this.specifier(item.request),
        name: item.imported,
        span: item,
      });
    }
  }

  /** Compiles the module; a cyclic one is started, as far as its function declarations. */
  prepare(cyclic: boolean): void {
    const compiled = compileModule(this.text.source, this.transform, { cyclic, ...this.#changingImports() });
    const compiledFunction = this.host.compile(this, compiled) as ModuleFunction;
    const { promise: start, resolve: begin } = Promise.withResolvers<void>();
    // Bound, not wrapped: the frames of wrappers would show in the limited stacks of the module.
    const enter = compiledFunction.bind(
      undefined,
      this.transform.requests.map((_, request) => new ImportedModule(this, request)),
      (getters) => {
        this.#getters = getters;
      },
      this.transform.usesImportMeta ? this.host.importMeta(this) : undefined,
      this.host.dynamicImport(this),
      start,
    );
    if (!cyclic) {
      this.run = enter;
    } else if (this.transform.hasTopLevelAwait) {
      const finished = enter();
      this.run = () => {
        begin();
        return finished;
      };
    } else {
      const generator = enter() as Generator;
      generator.next();
      this.run = generator.next.bind(generator);
    }
  }

  #changingImports(): { live: Set<string>; watchable: Set<string> } {
    const live = new Set<string>();
    const watchable = new Set<string>();
    for (const { local, imported, request } of this.transform.imports) {
      const binding = imported === null ? null : this.bindingOf(request, imported);
      if (!binding || binding.name === null || binding.module.isConstant(binding.name)) continue;
      live.add(local);
      if (binding.module instanceof SyntheticModule) watchable.add(local);
    }
    return { live, watchable };
  }

  /** What an import that was checked stands for. */
  bindingOf(request: number, name: string): ResolvedBinding | null {
    const resolution = this.dependency(request).resolveExport(name);
    return resolution === 'ambiguous' ? null : resolution;
  }
}

/** One request as compiled code sees it; resolved when it is first read, and then a plain property. */
class ImportedModule {
  declare readonly names: object;
  declare readonly namespace: object;
  readonly #importer: SourceModule;
  readonly #request: number;

  constructor(importer: SourceModule, request: number) {
    this.#importer = importer;
    this.#request = request;
    for (const key of ['names', 'namespace'] as const) {
      Object.defineProperty(this, key, {
        configurable: true,
        get: () => {
          const value = importer.dependency(request)[key];
          Object.defineProperty(this, key, { value });
          return value;
        },
      });
    }
  }

  watch(name: string, set: (value: unknown) => void): void {
    const binding = this.#importer.bindingOf(this.#request, name);
    if (binding?.module instanceof SyntheticModule && binding.name !== null) binding.module.watch(binding.name, set);
  }
}

/** Links a module and everything it imports. On failure, what was not linked before is unlinked again. */
export function linkModule(root: ModuleRecord): void {
  const stack: SourceModule[] = [];
  const order = new Map<ModuleRecord, { index: number; ancestor: number }>();
  try {
    linkDepthFirst(root, stack, order);
  } catch (error) {
    for (const module of stack) module.status = 'unlinked';
    throw error;
  }
}

function linkDepthFirst(
  module: ModuleRecord,
  stack: SourceModule[],
  order: Map<ModuleRecord, { index: number; ancestor: number }>,
): void {
  if (module.status !== 'unlinked') return;
  if (!(module instanceof SourceModule)) {
    module.status = 'linked';
    return;
  }
  module.status = 'linking';
  const position = { index: order.size, ancestor: order.size };
  order.set(module, position);
  stack.push(module);
  for (const dependency of module.dependencies) {
    linkDepthFirst(dependency, stack, order);
    if (dependency.status !== 'linking') continue;
    position.ancestor = Math.min(position.ancestor, order.get(dependency)?.ancestor ?? position.ancestor);
  }
  module.checkImports();
  if (position.ancestor !== position.index) return;
  const component = stack.slice(stack.indexOf(module));
  const cyclic = component.length > 1 || module.dependencies.includes(module);
  for (const member of component.reverse()) member.prepare(cyclic);
  for (const member of component) member.status = 'linked';
  stack.length -= component.length;
}
