import type { ProcessContext } from '../context.ts';

/** `importModuleDynamicallyCallback` of internal/modules/esm/utils. */
export type ImportCallback = (
  referrer: symbol,
  specifier: string,
  phase: number,
  attributes: Record<string, string>,
  referrerName: string | undefined,
) => Promise<unknown>;

type ImportCall = (specifier: unknown, options?: unknown) => Promise<unknown>;

/** `import(x)`, and `import.source(x)` as its property. */
export interface DynamicImport extends ImportCall {
  readonly source: ImportCall;
}

/** `kSourcePhase` and `kEvaluationPhase` of module_wrap. */
export const PHASE = { source: 1, evaluation: 2 } as const;

// The guest may replace it.
const { defineProperty } = Object;

const callbacks = new WeakMap<ProcessContext, ImportCallback>();

export function setImportCallback(context: ProcessContext, callback: ImportCallback): void {
  callbacks.set(context, callback);
}

/** What `import()` means in code with this referrer. Never throws: the promise is rejected. */
export function dynamicImportFor(
  context: ProcessContext,
  referrer: symbol,
  referrerName: string | undefined,
): DynamicImport {
  const importer =
    (phase: number): ImportCall =>
    (specifier, options) => {
      try {
        const callback = callbacks.get(context);
        if (!callback) throw new Error('import() is not available before the module loader is');
        return callback(referrer, `${specifier}`, phase, attributesOf(options), referrerName);
      } catch (error) {
        return context.host.Promise.reject(error);
      }
    };
  // It is no assignment: the guest may have defined a setter on Object.prototype.
  const source = { __proto__: null, value: importer(PHASE.source) };
  return defineProperty(importer(PHASE.evaluation), 'source', source) as DynamicImport;
}

function attributesOf(options: unknown): Record<string, string> {
  const attributes: Record<string, string> = Object.create(null);
  if (options === undefined) return attributes;
  if (typeof options !== 'object' || options === null) {
    throw new TypeError('The second argument of import() must be an object');
  }
  const given = (options as { with?: unknown }).with;
  if (given === undefined) return attributes;
  if (typeof given !== 'object' || given === null) {
    throw new TypeError("The 'with' option must be an object");
  }
  for (const [key, value] of Object.entries(given)) {
    if (typeof value !== 'string') throw new TypeError('Import attribute value must be a string');
    attributes[key] = value;
  }
  return attributes;
}
