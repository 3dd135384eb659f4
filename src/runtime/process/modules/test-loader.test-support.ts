/** A minimal module loader over files on disk, for the tests of the module transform. */
import { readFileSync } from 'node:fs';
import { parse } from 'acorn';
import { linkErrorMessage } from './link-error.ts';
import { linkModule } from './link-module.ts';
import { evaluateModule } from './module-evaluation.ts';
import { type ModuleRecord, SyntheticModule } from './module-record.ts';
import { type ModuleHost, SourceModule } from './source-module.ts';
import { transformModule } from './transform/transform-module.ts';

// biome-ignore lint/security/noGlobalEval: the transformed text is what is under test
const indirectEval = globalThis.eval;

/** Imports a file through the transform, as native `import()` does. */
export async function importTransformed(url: string): Promise<object> {
  const records = new Map<string, ModuleRecord>();
  const host: ModuleHost = {
    compile: (module, { code }) => indirectEval(`${code}\n//# sourceURL=${module.url}`),
    importMeta: (module) => ({ __proto__: null, url: module.url }),
    dynamicImport: (module) => {
      const load = async (specifier: unknown) => importFile(new URL(String(specifier), module.url).href);
      return Object.assign(load, { source: load });
    },
    sourcePhaseError: ({ url }) => new SyntaxError(url),
    linkError: (_, failure) => new SyntaxError(linkErrorMessage(failure)),
    Proxy,
  };

  function recordOf(target: string): ModuleRecord {
    const known = records.get(target);
    if (known) return known;
    const source = readFileSync(new URL(target), 'utf8');
    if (target.endsWith('.json')) {
      const json = new SyntheticModule(target, host, {
        names: ['default'],
        evaluate: () => json.setExport('default', JSON.parse(source)),
      });
      records.set(target, json);
      return json;
    }
    const module = new SourceModule(target, host, { source, transform: transformModule(source, parse) });
    records.set(target, module);
    module.dependencies = module.transform.requests.map((request) => recordOf(new URL(request.specifier, target).href));
    return module;
  }

  async function importFile(target: string): Promise<object> {
    const module = recordOf(target);
    linkModule(module);
    await evaluateModule(module);
    return module.namespace;
  }
  return importFile(url);
}
