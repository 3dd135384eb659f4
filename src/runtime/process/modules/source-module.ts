/** Modules with a source: what they export, and how their text is started (ECMA-262, 16.2.1.7). */
import { compileModule } from './compile-module.ts';
import type { DynamicImport } from './dynamic-import.ts';
import { ImportedModule } from './imported-module.ts';
import type { LinkFailure } from './link-error.ts';
import {
  type Getter,
  ModuleRecord,
  type RecordHost,
  type Resolution,
  type ResolvedBinding,
  SyntheticModule,
} from './module-record.ts';
import { originalOffset } from './transform/edits.ts';
import type { IndirectExport, ModuleText, ModuleTransform } from './transform/module-transform.ts';

/** What a module with a source needs of the process it lives in. */
export interface ModuleHost extends RecordHost {
  /** Compiles the text and returns what it evaluates to; `transform.source` is what its author wrote. */
  compile(module: SourceModule, compiled: { code: string; segments: number[] }): unknown;
  importMeta(module: SourceModule): object;
  /** `import()` of the module. */
  dynamicImport(module: SourceModule): DynamicImport;
  /** The error of `import source` of a module that has no source. */
  sourcePhaseError(module: ModuleRecord): Error;
  /** The error of an import that cannot be resolved. */
  linkError(module: SourceModule, failure: LinkFailure): Error;
}

export type ModuleFunction = (
  imports: readonly { names: object; namespace: object }[],
  exports: (getters: Record<string, Getter>) => void,
  meta: object | undefined,
  dynamicImport: DynamicImport,
  start?: Promise<void>,
  waiting?: (offset: number, value: unknown) => unknown,
) => unknown;

export class SourceModule extends ModuleRecord {
  dependencies: readonly ModuleRecord[] = [];
  /** Runs the module, once. A promise, with top-level await. */
  run: () => unknown = () => undefined;
  /** Offset of the top-level await that was last begun. */
  awaitOffset: number | undefined;
  #getters: Record<string, Getter> | undefined;
  /** Names of its own exports, and whether they are constant. */
  readonly #locals: ReadonlyMap<string, boolean>;
  /** By the name it exports them as. */
  readonly #indirect: ReadonlyMap<string, IndirectExport>;

  readonly text: ModuleText;

  readonly #host: ModuleHost;

  constructor(url: string, host: ModuleHost, text: ModuleText) {
    super(url, host);
    this.#host = host;
    this.text = text;
    const { localExports, indirectExports } = text.transform;
    this.#locals = new Map(localExports.map(({ exported, constant }) => [exported, constant]));
    this.#indirect = new Map(indirectExports.map((item) => [item.exported, item]));
  }

  get transform(): ModuleTransform {
    return this.text.transform;
  }

  override getterOf(name: string): Getter | undefined {
    return this.#getters?.[name];
  }

  override isConstant(name: string): boolean {
    return this.#locals.get(name) === true;
  }

  override exportedNames(visited = new Set<ModuleRecord>()): string[] {
    if (visited.has(this)) return [];
    visited.add(this);
    const names = new Set<string>();
    for (const name of this.#locals.keys()) names.add(name);
    for (const name of this.#indirect.keys()) names.add(name);
    for (const request of this.transform.starExports) {
      for (const name of this.dependency(request).exportedNames(visited)) if (name !== 'default') names.add(name);
    }
    return [...names];
  }

  override resolveExport(name: string, visited: ResolvedBinding[] = []): Resolution {
    if (this.#locals.has(name)) return { module: this, name };
    const indirect = this.#indirect.get(name);
    // Of a long list of `export *` most modules end here: only those that lead on are looked up in what was visited.
    if (!indirect && (name === 'default' || this.transform.starExports.length === 0)) return null;
    if (visited.some((seen) => seen.module === this && seen.name === name)) return null;
    visited.push({ module: this, name });
    if (indirect) {
      const dependency = this.dependency(indirect.request);
      if (indirect.imported === null) return { module: dependency, name: null };
      return dependency.resolveExport(indirect.imported, visited);
    }
    return this.#resolveStar(name, visited);
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

  /** The dependencies that run before the module: those of `import source` do not. */
  get evaluatedDependencies(): readonly ModuleRecord[] {
    const { requests } = this.transform;
    return this.dependencies.filter((_, request) => requests[request]?.phase !== 'source');
  }

  get isLinked(): boolean {
    return this.dependencies.length === this.transform.requests.length;
  }

  dependency(request: number): ModuleRecord {
    const dependency = this.dependencies[request];
    if (!dependency) throw linkFailure(`request for '${this.specifier(request)}' is from a module not been linked`);
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
      const indirect = next.#indirect.get(wanted);
      if (!indirect || indirect.imported === null) return undefined;
      visited.push({ module: next, name: wanted });
      at = next;
      via = indirect.request;
      wanted = indirect.imported;
    }
  }

  /** Resolves every import; throws the host's error for the first that cannot be. */
  checkImports(): void {
    const { imports, indirectExports, requests } = this.transform;
    for (const [request, { phase }] of requests.entries()) {
      const dependency = this.dependency(request);
      if (phase === 'source' && dependency.sourceObject === undefined) throw this.#host.sourcePhaseError(dependency);
    }
    // V8 takes the imports by their local names.
    const sorted = imports.slice().sort((a, b) => (a.local < b.local ? -1 : 1));
    for (const item of [...sorted, ...indirectExports]) {
      if (item.imported === null) continue;
      const resolution = this.dependency(item.request).resolveExport(item.imported);
      if (resolution !== null && resolution !== 'ambiguous') continue;
      const circular = this.#circularRequest(item.request, item.imported);
      throw this.#host.linkError(this, {
        reason: resolution ?? (circular === undefined ? 'missing' : 'circular'),
        specifier: circular ?? this.specifier(item.request),
        name: item.imported,
        span: item,
      });
    }
  }

  /** Compiles the module; a cyclic one is started, as far as its function declarations. */
  prepare(cyclic: boolean): void {
    const { source, counted } = this.text;
    const linkage = { cyclic, ...this.#changingImports() };
    const compiled = compileModule(counted?.code ?? source, this.transform, linkage);
    const compiledFunction = this.#host.compile(this, compiled) as ModuleFunction;
    const { promise: start, resolve: begin } = Promise.withResolvers<void>();
    // Bound, not wrapped: the frames of wrappers would show in the limited stacks of the module.
    const enter = compiledFunction.bind(
      undefined,
      this.transform.requests.map((_, request) => new ImportedModule(this, request)),
      (getters) => {
        this.#getters = getters;
      },
      this.transform.usesImportMeta ? this.#host.importMeta(this) : undefined,
      this.#host.dynamicImport(this),
      start,
      (offset, value) => {
        this.awaitOffset = counted ? originalOffset(counted.segments, offset) : offset;
        return value;
      },
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

export const linkFailure = (message: string): Error =>
  Object.assign(new Error(message), { code: 'ERR_VM_MODULE_LINK_FAILURE' });
