import { type ModuleRecord, type ResolvedBinding, SyntheticModule } from './module-record.ts';
import type { ModuleTransform } from './transform/module-transform.ts';

/** The module whose request it is. */
interface Importer {
  readonly transform: ModuleTransform;
  dependency(request: number): ModuleRecord;
  bindingOf(request: number, name: string): ResolvedBinding | null;
}

/** One request as compiled code sees it; resolved when it is first read, and then a plain property. */
export class ImportedModule {
  declare readonly names: object;
  declare readonly namespace: object;
  readonly #importer: Importer;
  readonly #request: number;

  constructor(importer: Importer, request: number) {
    this.#importer = importer;
    this.#request = request;
    for (const key of ['names', 'namespace'] as const) {
      Object.defineProperty(this, key, {
        configurable: true,
        get: () => {
          const dependency = importer.dependency(request);
          const isSource = importer.transform.requests[request]?.phase === 'source';
          const value = isSource ? dependency.sourceObject : dependency[key];
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
