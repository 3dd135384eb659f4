import type { ProcessContext } from '../context.ts';
import { dynamicImportFor } from '../modules/dynamic-import.ts';
import { setInjected } from '../modules/transform/injected-globals.ts';
import { IMPORT_FROM_SCRIPT } from '../modules/transform/injected-names.ts';
import type { Importer } from './evaluated-text.ts';

/** Numbers the scripts that may call `import()`, and gives them the function that they ask for theirs. */
export function createImporter(context: ProcessContext): Importer {
  const imports: ReturnType<typeof dynamicImportFor>[] = [];
  const known = new Map<symbol, Map<string | undefined, string>>();
  setInjected(context.host, IMPORT_FROM_SCRIPT, (id: number) => imports[id]);
  return (referrer, file) => {
    const ofReferrer = known.get(referrer) ?? new Map<string | undefined, string>();
    known.set(referrer, ofReferrer);
    const expression =
      ofReferrer.get(file) ?? `${IMPORT_FROM_SCRIPT}(${imports.push(dynamicImportFor(context, referrer, file)) - 1})`;
    ofReferrer.set(file, expression);
    return expression;
  };
}
