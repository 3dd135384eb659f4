import type { GuestFunction, ProcessContext } from '../context.ts';
import type { CoreBindingFactory } from '../core.ts';
import { noteFunctionText } from '../engine/function-texts.ts';
import { asNative } from '../modules/caller-stack.ts';
import { decorateStack } from '../modules/decorate.ts';
import { isModuleSyntaxError, mayBeModuleError, parses } from '../modules/syntax-error.ts';
import { sourceMapUrlOf, sourceUrlOf } from '../modules/transform/magic-comments.ts';
import { parserOf } from '../modules/transform/parser.ts';
import { acceptsCachedData, createCachedData } from '../vm/cached-data.ts';
import { compileFunction } from '../vm/compile-function.ts';
import type { ContextObject } from '../vm/context-globals.ts';
import { createScriptClass } from '../vm/contextify-script.ts';
import { installEvaluatedText } from '../vm/evaluated-text.ts';
import { ScriptTimers } from '../vm/loop-guard.ts';
import { createOwnFunctions } from '../vm/own-functions.ts';
import { createImporter } from '../vm/script-imports.ts';
import { shiftBy, shifted } from '../vm/shift.ts';
import { type ContextSettings, VmContext, vmContextOf } from '../vm/vm-context.ts';

const CJS_PARAMETERS = ['exports', 'require', 'module', '__filename', '__dirname'];

/** `internalBinding('contextify')`: compiling scripts and functions, and `vm` contexts. */
export const contextify: CoreBindingFactory = (context) => {
  const defaultReferrer = context.perIsolateSymbols['vm_dynamic_import_default_internal'] as symbol;
  const hostDefinedOption = context.privateSymbols['host_defined_option_symbol'] as symbol;
  const timers = new ScriptTimers(context.host.now);
  const importer = createImporter(context);
  installEvaluatedText(context, importer);
  const decorate = (error: unknown): void => {
    if (error instanceof SyntaxError) decorateStack(context, error);
  };
  const compileCjs = (source: string, file: string): GuestFunction =>
    compileFunction(context, { source, file, parameters: CJS_PARAMETERS, referrer: defaultReferrer });

  return {
    ...context.described('contextify'),
    ContextifyScript: createScriptClass(context, timers, importer),
    makeContext(object: unknown, ...rest: unknown[]) {
      const referrer = typeof rest[5] === 'symbol' ? rest[5] : defaultReferrer;
      const made = makeContext(context, object, {
        timers,
        caller: () => context.callSites.current(1)[0],
        strings: rest[2] !== false,
        importer: importer(referrer, undefined),
      });
      (made as Record<symbol, unknown>)[hostDefinedOption] = referrer;
      return made;
    },
    isContextObject: (object: unknown) => vmContextOf(object) !== undefined,
    compileFunction: asNative(
      'compileFunction',
      (source: string, file: string, ...rest: unknown[]) => {
        const [lineOffset, columnOffset, cachedData, producesData, parsingContext, extensions, parameters, option] =
          rest;
        const referrer = typeof option === 'symbol' ? option : defaultReferrer;
        const shift = shiftBy(lineOffset, columnOffset);
        const compiled = compileFunction(context, {
          source: shifted(source, shift),
          shift,
          file,
          parameters: (parameters as string[] | undefined) ?? [],
          referrer,
          vmContext: vmContextOf(parsingContext),
          extensions: ((extensions as (object | null)[] | undefined) ?? []).map(Object),
        });
        noteFunctionText(
          compiled,
          `function (${((parameters as string[] | undefined) ?? []).join(', ')}) {\n${source}\n}`,
        );
        (compiled as unknown as Record<symbol, unknown>)[hostDefinedOption] = referrer;
        return {
          function: compiled,
          sourceURL: sourceUrlOf(source, parserOf(context)),
          sourceMapURL: sourceMapUrlOf(source, parserOf(context)),
          ...(cachedData === undefined ? {} : { cachedDataRejected: !acceptsCachedData(context, source, cachedData) }),
          ...(producesData ? { cachedDataProduced: true, cachedData: createCachedData(context, source) } : {}),
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
          if (!isModuleError(context, source, error)) throw error;
          if (!detectModule) {
            warnOfModule(context, file);
            throw error;
          }
          return { cachedDataRejected: false, canParseAsESM: true, ...facts, function: undefined };
        }
      },
      decorate,
    ),
    /** With `bare`, the text has none of the variables of a CommonJS module. */
    containsModuleSyntax(source: string, file: string, _resource?: unknown, bare?: unknown): boolean {
      try {
        if (bare === undefined) compileCjs(source, file);
        else compileFunction(context, { source, file, parameters: [], referrer: defaultReferrer });
        return false;
      } catch (error) {
        return isModuleError(context, source, error);
      }
    },
    measureMemory: () =>
      context.host.Promise.reject(
        Object.assign(new Error('A browser does not tell how much memory a context has'), {
          code: 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM',
        }),
      ),
    // JavaScript that runs cannot be interrupted here: Ctrl-C then has its default action.
    startSigintWatchdog: () => true,
    stopSigintWatchdog: () => false,
    watchdogHasPendingSigint: () => false,
  };
};

type LoaderArguments = [source: string, file: string, isSea: boolean, detectModule: boolean];

/** Anything but an object (`vm.constants.DONT_CONTEXTIFY`) gives a context whose global object is an ordinary one. */
function makeContext(
  context: ProcessContext,
  value: unknown,
  { importer, ...settings }: Omit<ContextSettings, 'createFunctions'> & { importer: string },
): object {
  const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function';
  const made = new VmContext(context, isObject ? (value as ContextObject) : undefined, {
    ...settings,
    createFunctions: (vmContext) => createOwnFunctions(context, vmContext, { importer, strings: settings.strings }),
  });
  return made.layers.object;
}

function warnOfModule(context: ProcessContext, file: string): void {
  context.emitWarningSync(
    `Failed to load the ES module: ${file}. Make sure to set "type": "module" in the nearest package.json file or use the .mjs extension.`,
  );
}

function isModuleError(context: ProcessContext, source: string, error: unknown): boolean {
  if (!(error instanceof SyntaxError)) return false;
  if (isModuleSyntaxError(error.message)) return true;
  return mayBeModuleError(error.message, source) && parses(source, 'module', parserOf(context));
}
