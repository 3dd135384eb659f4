import type { ProcessContext } from '../context.ts';
import type { CoreBindingFactory, ProcessCore } from '../core.ts';
import { writeToStderr } from '../failures/fatal.ts';
import { awaitArrow } from '../failures/unsettled-await.ts';
import { fromCaller } from '../modules/caller-stack.ts';
import { dynamicImportFor, type ImportCallback, PHASE, setImportCallback } from '../modules/dynamic-import.ts';
import { linkModule } from '../modules/link-module.ts';
import { linkError, markOrigin, requireAsyncError, sourcePhaseError } from '../modules/module-errors.ts';
import {
  isGraphAsync,
  ModuleEvaluation,
  pendingEvaluation,
  type Run,
  runEvaluation,
  settleEvaluation,
  stalledModules,
} from '../modules/module-evaluation.ts';
import { type ModuleRecord, type ModuleStatus, SyntheticModule } from '../modules/module-record.ts';
import { createNamespace } from '../modules/namespace.ts';
import { linkFailure, type ModuleHost, SourceModule } from '../modules/source-module.ts';
import { sourceMapUrlOf, sourceUrlOf } from '../modules/transform/magic-comments.ts';
import { parserOf } from '../modules/transform/parser.ts';
import { transformSource } from '../modules/transform/transform-source.ts';
import { recordsOfWraps as records } from '../modules/wrapped-records.ts';
import { evaluateWithin } from '../vm/evaluate-within.ts';
import { type VmContext, vmContextOf } from '../vm/vm-context.ts';

const STATUS: Record<ModuleStatus, number> = {
  unlinked: 0,
  linking: 1,
  linked: 2,
  evaluating: 3,
  'evaluating-async': 4,
  evaluated: 4,
  errored: 5,
};

type MetaCallback = (symbol: symbol, meta: object, wrap: object) => void;

/** `internalBinding('module_wrap')`: ES modules, over the source transform. */
export const moduleWrap: CoreBindingFactory = (context) => {
  const ModuleWrap = createModuleWrap(context);
  return {
    ...context.described('module_wrap'),
    ModuleWrap,
    setImportModuleDynamicallyCallback: (callback: ImportCallback) => setImportCallback(context, callback),
    setInitializeImportMetaObjectCallback: (callback: MetaCallback) => metaCallbacks.set(context, callback),
    createRequiredModuleFacade: (wrap: { getNamespace(): object }) => requiredFacade(context, wrap.getNamespace()),
    throwIfPromiseRejected: () => undefined,
  };
};

const metaCallbacks = new WeakMap<ProcessContext, MetaCallback>();

/** What `require()` of a module gives when it has a default export: its namespace, and `__esModule`. */
function requiredFacade(context: ProcessContext, namespace: object): object {
  const names: object = Object.create(null);
  for (const name of Object.keys(namespace)) {
    Object.defineProperty(names, name, { enumerable: true, get: () => (namespace as Record<string, unknown>)[name] });
  }
  Object.defineProperty(names, '__esModule', { enumerable: true, value: true });
  return createNamespace(names, context.host.Proxy);
}

function createModuleWrap(context: ProcessCore) {
  const hostDefinedOption = context.privateSymbols['host_defined_option_symbol'] as symbol;
  const importedCjs = context.perIsolateSymbols['imported_cjs_symbol'] as symbol;
  const wraps = new WeakMap<ModuleRecord, object>();
  const vmContexts = new WeakMap<ModuleRecord, VmContext>();
  const evaluations = new WeakMap<ModuleRecord, ModuleEvaluation>();
  const referrers = new WeakMap<ModuleRecord, symbol>();

  const host: ModuleHost = {
    Proxy: context.host.Proxy,
    compile(module, compiled) {
      const { source, counted } = module.text;
      context.sourceRegistry.register(module.url, source, { ...compiled, before: counted?.segments });
      const objects = vmContexts.get(module)?.surroundings ?? [];
      return evaluateWithin(context.host, objects, { expression: compiled.code, file: module.url });
    },
    importMeta(module) {
      const meta: object = Object.create(null);
      const referrer = referrers.get(module);
      const wrap = wraps.get(module);
      if (referrer && wrap) metaCallbacks.get(context)?.(referrer, meta, wrap);
      return meta;
    },
    dynamicImport: (module) => dynamicImportFor(context, referrers.get(module) ?? Symbol(module.url), module.url),
    sourcePhaseError,
    linkError: (module, failure) => linkError(context, module, failure),
  };

  /** A record of the wrap; throws as the engine would for another receiver. */
  function recordOf(wrap: object): ModuleRecord {
    const record = records.get(wrap);
    if (!record) throw new TypeError('Illegal invocation');
    return record;
  }

  function endedEvaluation(record: ModuleRecord): ModuleEvaluation {
    const started = evaluations.get(record);
    evaluations.delete(record);
    if (started) return started;
    const evaluation = new ModuleEvaluation(record);
    runEvaluation(evaluation);
    return evaluation;
  }

  function linkedRecord(wrap: object): ModuleRecord {
    const record = recordOf(wrap);
    if (STATUS[record.status] < STATUS.linked) {
      throw Object.assign(new Error('Module is not instantiated'), { code: 'ERR_MODULE_NOT_INSTANTIATED' });
    }
    return record;
  }

  function createSource(url: string, source: string, vmContext: VmContext | undefined): SourceModule {
    try {
      const text = transformSource(context, { url, source, inContext: vmContext !== undefined });
      const record = new SourceModule(url, host, text);
      if (vmContext) vmContexts.set(record, vmContext);
      return record;
    } catch (error) {
      throw fromCaller(error, ModuleWrap as never);
    }
  }

  class ModuleWrap {
    declare readonly url: string;

    /** (url, context, source, lineOffset, columnOffset, id or cached data) or (url, context, export names, steps, CommonJS module). */
    constructor(url: string, vmObject: unknown, ...[source, second, third, option]: unknown[]) {
      const isSynthetic = Array.isArray(source);
      const record = isSynthetic
        ? new SyntheticModule(url, host, {
            names: source as string[],
            evaluate: (second as (this: unknown) => void).bind(this),
          })
        : createSource(url, String(source), vmContextOf(vmObject));
      records.set(this, record);
      wraps.set(record, this);
      const id = typeof option === 'symbol' ? option : Symbol(url);
      referrers.set(record, id);
      (this as Record<symbol, unknown>)[hostDefinedOption] = id;
      Object.defineProperty(this, 'hasAsyncGraph', {
        configurable: true,
        get: () => isGraphAsync(linkedRecord(this)),
      });
      const facts =
        record instanceof SourceModule
          ? {
              hasTopLevelAwait: record.transform.hasTopLevelAwait,
              sourceURL: sourceUrlOf(record.text.source, parserOf(context)),
              sourceMapURL: sourceMapUrlOf(record.text.source, parserOf(context)),
            }
          : {};
      Object.assign(this, facts, { synthetic: isSynthetic, url });
      if (isSynthetic && typeof third === 'object') (this as Record<symbol, unknown>)[importedCjs] = third;
    }

    getModuleRequests(): object[] {
      const record = recordOf(this);
      if (!(record instanceof SourceModule)) return [];
      return record.transform.requests.map(({ specifier, attributes, phase }) =>
        Object.freeze(
          nullPrototype({
            specifier,
            attributes: Object.freeze(nullPrototype({ ...attributes })),
            phase: PHASE[phase],
          }),
        ),
      );
    }

    link(wrapsOfRequests: ArrayLike<object>): void {
      const record = recordOf(this);
      if (record instanceof SourceModule) record.dependencies = Array.from(wrapsOfRequests, recordOf);
    }

    instantiate(): void {
      try {
        const record = recordOf(this);
        if (record instanceof SourceModule && !record.isLinked) throw linkFailure('module is not linked');
        linkModule(record);
      } catch (error) {
        throw markOrigin(context, fromCaller(error, ModuleWrap.prototype.instantiate));
      }
    }

    /** Begins an evaluation: the function to call first, if any. Node's library calls these functions, see `library/patches.ts`. */
    startEvaluation(): Run | undefined {
      const record = recordOf(this);
      if (pendingEvaluation(record)) return undefined;
      const evaluation = new ModuleEvaluation(record);
      evaluations.set(record, evaluation);
      return evaluation.start();
    }

    resumeEvaluation(result: unknown): Run | undefined {
      return evaluations.get(recordOf(this))?.resume(result);
    }

    failEvaluation(error: unknown): Run | undefined {
      return evaluations.get(recordOf(this))?.fail(error);
    }

    /** The promise of an evaluation, which was started or is run here. */
    evaluate(): Promise<void> {
      context.loop.noteModuleRun();
      const record = recordOf(this);
      return pendingEvaluation(record) ?? settleEvaluation(record, endedEvaluation(record));
    }

    /** Likewise; the files are for the message about top-level await. */
    evaluateSync(file?: string, parentFile?: string): object {
      const record = recordOf(this);
      const { error } = endedEvaluation(record);
      if (error) throw markOrigin(context, error.value);
      if (!isGraphAsync(record)) return record.namespace;
      for (const stalled of stalledModules(record)) {
        writeToStderr(context, `Error: unexpected top-level await at ${awaitArrow(context, stalled)}`);
      }
      throw fromCaller(requireAsyncError(file, parentFile), ModuleWrap.prototype.evaluateSync);
    }

    setExport(name: string, value: unknown): void {
      const record = recordOf(this);
      if (record instanceof SyntheticModule) record.setExport(name, value);
    }

    /** Of a module of Node's library, see `library/patches.ts`. */
    setLateExport(name: string, find: () => unknown): void {
      const record = recordOf(this);
      if (record instanceof SyntheticModule) record.setLateExport(name, find);
    }

    getNamespace(): object {
      return linkedRecord(this).namespace;
    }

    getStatus(): number {
      return STATUS[recordOf(this).status];
    }

    getError(): unknown {
      return recordOf(this).error;
    }

    getModuleSourceObject(): unknown {
      const record = recordOf(this);
      if (record.sourceObject !== undefined) return record.sourceObject;
      throw fromCaller(sourcePhaseError(record), ModuleWrap.prototype.getModuleSourceObject);
    }

    setModuleSourceObject(source: unknown): void {
      recordOf(this).sourceObject = source;
    }

    /** There is no code cache to give away. */
    createCachedData(): unknown {
      const { Buffer } = context.require('buffer') as { Buffer: { alloc(size: number): unknown } };
      return Buffer.alloc(0);
    }
  }
  return ModuleWrap;
}

function nullPrototype(values: object): object {
  return Object.assign(Object.create(null) as object, values);
}
