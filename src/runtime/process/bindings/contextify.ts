import type { BindingFactory, GuestFunction, ProcessContext } from '../context.ts';
import { asNative, fromCaller } from '../modules/caller-stack.ts';
import { attachArrow, decorateStack, markThrow } from '../modules/decorate.ts';
import { dynamicImportFor } from '../modules/dynamic-import.ts';
import { DYNAMIC_IMPORT, IMPORT_FROM_SCRIPT } from '../modules/injected-names.ts';
import { transformFunctionBody } from '../modules/large-sources.ts';
import { sourceMapUrlOf, sourceUrlOf } from '../modules/magic-comments.ts';
import { parserOf } from '../modules/parser.ts';
import { findSyntaxProblem, formatArrow, isModuleSyntaxError, mayBeModuleError } from '../modules/syntax-error.ts';
import { transformScript } from '../modules/transform-script.ts';
import { type ContextObject, createContextObject, runInContextObject } from '../modules/vm-context.ts';

const CJS_PARAMETERS = ['exports', 'require', 'module', '__filename', '__dirname'];

interface FunctionRequest {
  source: string;
  file: string;
  parameters: readonly string[];
  /** Who `import()` is called by. */
  referrer: symbol;
}

/** `internalBinding('contextify')`: compiling scripts and functions, and `vm` contexts. */
export const contextify: BindingFactory = (context) => {
  const defaultReferrer = context.perIsolateSymbols['vm_dynamic_import_default_internal'] as symbol;
  const hostDefinedOption = context.privateSymbols['host_defined_option_symbol'] as symbol;
  const decorate = (error: unknown): void => {
    if (error instanceof SyntaxError) decorateStack(context, error);
  };
  const compileCjs = (source: string, file: string): GuestFunction =>
    compileFunction(context, { source, file, parameters: CJS_PARAMETERS, referrer: defaultReferrer });

  return {
    ...context.described('contextify'),
    ContextifyScript: createScriptClass(context),
    makeContext: (object: unknown) => createContextObject(context, object),
    compileFunction: asNative(
      'compileFunction',
      (source: string, file: string, ...rest: unknown[]) => {
        const [lineOffset, columnOffset, , , parsingContext, , parameters, option] = rest;
        if (parsingContext) throw new Error('This sandbox cannot compile functions in a vm context yet.');
        const referrer = typeof option === 'symbol' ? option : defaultReferrer;
        const compiled = compileFunction(context, {
          source: shifted(source, lineOffset, columnOffset),
          file,
          parameters: (parameters as string[] | undefined) ?? [],
          referrer,
        });
        (compiled as unknown as Record<symbol, unknown>)[hostDefinedOption] = referrer;
        return {
          function: compiled,
          sourceURL: sourceUrlOf(source, parserOf(context)),
          sourceMapURL: sourceMapUrlOf(source, parserOf(context)),
        };
      },
      decorate,
    ),
    compileFunctionForCJSLoader: asNative(
      'compileFunctionForCJSLoader',
      (...args: LoaderArguments) => {
        const [source, file, , detectModule] = args;
        const facts = {
          sourceMapURL: sourceMapUrlOf(source, parserOf(context)),
          sourceURL: sourceUrlOf(source, parserOf(context)),
        };
        try {
          return { cachedDataRejected: false, canParseAsESM: false, ...facts, function: compileCjs(source, file) };
        } catch (error) {
          if (!detectModule) warnOfModule(context, file, error);
          if (!detectModule || !isModuleError(context, source, error)) throw error;
          return { cachedDataRejected: false, canParseAsESM: true, ...facts, function: undefined };
        }
      },
      decorate,
    ),
    containsModuleSyntax(source: string, file: string): boolean {
      try {
        compileCjs(source, file);
        return false;
      } catch (error) {
        return isModuleError(context, source, error);
      }
    },
    // JavaScript that runs cannot be interrupted here: Ctrl-C then has its default action.
    startSigintWatchdog: () => true,
    stopSigintWatchdog: () => false,
    watchdogHasPendingSigint: () => false,
  };
};

type LoaderArguments = [source: string, file: string, isSea: boolean, detectModule: boolean];

/** Beyond this an offset is a number to play with, not a place in a file. */
const LARGEST_OFFSET = 1_000_000;

/** The source at the place that the caller says it has: blank lines and columns before it. */
function shifted(source: string, lines: unknown, columns: unknown): string {
  const count = (value: unknown) => (typeof value === 'number' && value > 0 && value <= LARGEST_OFFSET ? value : 0);
  return '\n'.repeat(count(lines)) + ' '.repeat(count(columns)) + source;
}

function warnOfModule(context: ProcessContext, file: string, error: unknown): void {
  if (!(error instanceof SyntaxError) || !isModuleSyntaxError(error.message)) return;
  context.emitWarningSync(
    `Failed to load the ES module: ${file}. Make sure to set "type": "module" in the nearest package.json file or use the .mjs extension.`,
  );
}

function isModuleError(context: ProcessContext, source: string, error: unknown): boolean {
  if (!(error instanceof SyntaxError)) return false;
  if (isModuleSyntaxError(error.message)) return true;
  if (!mayBeModuleError(error.message, source)) return false;
  return (
    findSyntaxProblem(source, 'module', { parse: parserOf(context), evaluate: context.host.evaluate }) === undefined
  );
}

/** Compiles; a SyntaxError carries V8's message and Node's mark of the place. */
function compileFunction(context: ProcessContext, request: FunctionRequest): GuestFunction {
  const { source, file, parameters } = request;
  const transform = transformFunctionBody(context, source, parserOf(context));
  const importing = transform?.usesDynamicImport === true;
  const prefix = `${importing ? `(function(${DYNAMIC_IMPORT}){return ` : ''}(function (${parameters.join(', ')}) {`;
  const text = `${prefix}${transform?.code ?? source}\n})${importing ? '})' : ''}\n//# sourceURL=${file}`;
  const compiled = evaluateText(context, { text, source, file, kind: 'function' });
  context.sourceRegistry.register(file, source, transform ?? undefined, prefix.length);
  if (!importing) return compiled as GuestFunction;
  const bind = compiled as (dynamicImport: unknown) => GuestFunction;
  return bind(dynamicImportFor(context, request.referrer, file));
}

interface EvaluationRequest {
  text: string;
  source: string;
  file: string;
  kind: 'function' | 'script';
}

function evaluateText(context: ProcessContext, { text, source, file, kind }: EvaluationRequest): unknown {
  try {
    return context.host.evaluate(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw describeSyntaxError(context, { error, source, file, kind });
    throw error;
  }
}

function describeSyntaxError(
  context: ProcessContext,
  { error, source, file, kind }: { error: SyntaxError; source: string; file: string; kind: 'function' | 'script' },
): SyntaxError {
  const problem = findSyntaxProblem(source, kind, { parse: parserOf(context), evaluate: context.host.evaluate });
  context.sourceRegistry.register(file, source);
  if (!problem) return error;
  const described = new SyntaxError(problem.message);
  const line = source.split('\n')[problem.line] ?? '';
  attachArrow(context, described, formatArrow(file, line, problem));
  return described;
}

function createScriptClass(context: ProcessContext) {
  const hostDefinedOption = context.privateSymbols['host_defined_option_symbol'] as symbol;
  const importScript = scriptImports(context);

  class ContextifyScript {
    readonly #code: string;
    readonly #source: string;
    readonly #file: string;

    /** (code, filename, lineOffset, columnOffset, cachedData, produceCachedData, parsingContext, id) */
    constructor(code: unknown, file = 'evalmachine.<anonymous>', ...rest: unknown[]) {
      const [lineOffset, columnOffset, cachedData, , , option] = rest;
      const referrer = typeof option === 'symbol' ? option : Symbol(file);
      this.#source = shifted(String(code), lineOffset, columnOffset);
      this.#file = file;
      const importer = `${IMPORT_FROM_SCRIPT}(${importScript(referrer, file)})`;
      const transform = transformScript(this.#source, { isFunctionBody: false, importer }, parserOf(context));
      this.#code = transform?.code ?? this.#source;
      try {
        this.#check();
      } catch (error) {
        fromCaller(error, ContextifyScript as never);
        if (error instanceof Error) decorateStack(context, error);
        throw error;
      }
      context.sourceRegistry.register(file, this.#source, transform ?? undefined);
      const facts = {
        sourceMapURL: sourceMapUrlOf(this.#source, parserOf(context)),
        sourceURL: sourceUrlOf(this.#source, parserOf(context)),
      };
      Object.assign(this, facts, cachedData === undefined ? {} : { cachedDataRejected: true });
      (this as Record<symbol, unknown>)[hostDefinedOption] = referrer;
    }

    /** Compiles without running: as the body of a function, which alone would allow `return`. */
    #check(): void {
      const source = this.#source;
      const file = this.#file;
      evaluateText(context, { text: `(function(){${this.#code}\n})`, source, file, kind: 'script' });
      if (!/\breturn\b/.test(source)) return;
      const problem = findSyntaxProblem(source, 'script', { parse: parserOf(context), evaluate: () => undefined });
      if (!problem?.message.startsWith("'return' outside of function")) return;
      const error = new SyntaxError('Illegal return statement');
      const arrow = formatArrow(file, source.split('\n')[problem.line] ?? '', problem);
      attachArrow(context, error, arrow);
      throw error;
    }

    runInContext(contextObject: ContextObject | null | undefined, _timeout?: number, displayErrors = false): unknown {
      const text = `${this.#code}\n//# sourceURL=${this.#file}`;
      try {
        if (contextObject) return runInContextObject(context, contextObject, text);
        return context.host.evaluate(text);
      } catch (error) {
        if (displayErrors) markThrow(context, error, this.#file);
        throw error;
      }
    }

    /** There is no code cache to give away. */
    createCachedData(): unknown {
      const { Buffer } = context.require('buffer') as { Buffer: { alloc(size: number): unknown } };
      return Buffer.alloc(0);
    }
  }
  return ContextifyScript;
}

/** Numbers the scripts that may call `import()`, and puts the function that they call on the global object. */
function scriptImports(context: ProcessContext): (referrer: symbol, file: string) => number {
  const imports: ReturnType<typeof dynamicImportFor>[] = [];
  Object.defineProperty(context.global, IMPORT_FROM_SCRIPT, {
    configurable: true,
    enumerable: false,
    value: (id: number) => imports[id],
  });
  return (referrer, file) => imports.push(dynamicImportFor(context, referrer, file)) - 1;
}
