import type { CountedText, SourceToCount } from '../block-coverage/coverage.ts';
import type { ProcessContext } from '../context.ts';
import type { ProcessCore } from '../core.ts';
import { sourceUrlComment } from '../failures/source-name.ts';
import { fromCaller } from '../modules/caller-stack.ts';
import { attachArrow, decorateStack, decorateWhenFatal } from '../modules/decorate.ts';
import { findSyntaxProblem, formatArrow } from '../modules/syntax-error.ts';
import { setInjected } from '../modules/transform/injected-globals.ts';
import { transformScriptSource } from '../modules/transform/known-transforms.ts';
import { sourceMapUrlOf, sourceUrlOf } from '../modules/transform/magic-comments.ts';
import { parserOf } from '../modules/transform/parser.ts';
import { acceptsCachedData, createCachedData } from './cached-data.ts';
import { checkText } from './compile-function.ts';
import type { Importer } from './evaluated-text.ts';
import { ScriptTimedOut, type ScriptTimers } from './loop-guard.ts';
import { markThrow } from './mark-throw.ts';
import { VM_GUARD, VM_TICK } from './names.ts';
import { type PreparedScript, prepareScript, type ScriptSettings } from './prepare-script.ts';
import { createProcessScope } from './process-scope.ts';
import { RecentTexts } from './recent-texts.ts';
import { type Shift, shiftBy, shifted, unshifted } from './shift.ts';
import { vmContextOf } from './vm-context.ts';

/** What may have to persist, or to be kept from an eval's own scope: else the text runs as it is. */
const DECLARES = /\b(?:let|const|class|using)\b|use strict/;
/** A script's variables and functions cannot be deleted, those of an eval can: where one tries, they are made before. */
const DELETES = /\b(?:var|function)\b[\s\S]*\bdelete\b/;
const TIMEOUT = 'ERR_SCRIPT_EXECUTION_TIMEOUT';
/** Scripts of the command line: no other script of their kind follows. */
const COMMAND_LINE = /^\[(?:eval|stdin)\]/;
/** The script of a thread that has no other. */
const OF_THREAD = /^\[worker eval\]/;

const IMPORTS = /\bimport\b/;
const prepared = new RecentTexts<PreparedScript | undefined>();

/** The class that `vm.Script` extends. */
export function createScriptClass(context: ProcessCore, timers: ScriptTimers, importer: Importer) {
  const hostDefinedOption = context.privateSymbols['host_defined_option_symbol'] as symbol;
  const processScope = createProcessScope(context);

  class ContextifyScript {
    readonly #source: string;
    readonly #file: string;
    readonly #importer: string;
    readonly #shift: Shift;
    readonly #prepared = new Map<string, PreparedScript>();
    #transform: { code: string; segments?: number[]; before?: number[] | undefined } | null = null;
    readonly #counted: CountedText | null;
    /** It is one expression (what wraps a module is): it declares nothing, and returns from nothing. */
    #isExpression = false;

    /** (code, filename, lineOffset, columnOffset, cachedData, produceCachedData, parsingContext, id) */
    constructor(code: unknown, file = 'evalmachine.<anonymous>', ...rest: unknown[]) {
      const [lineOffset, columnOffset, cachedData, produceCachedData, , option] = rest;
      const referrer = typeof option === 'symbol' ? option : Symbol(file);
      this.#shift = shiftBy(lineOffset, columnOffset);
      this.#source = shifted(String(code), this.#shift);
      this.#file = file;
      this.#importer = importer(referrer, file);
      const { lines, columns } = this.#shift;
      const toCount: SourceToCount = { source: this.#source, file, kind: 'script', shift: lines + columns };
      this.#counted = context.coverage.instrument(toCount, parserOf(context));
      try {
        this.#check();
      } catch (error) {
        fromCaller(error, ContextifyScript as never);
        if (error instanceof Error) decorateStack(context, error);
        throw error;
      }
      const parse = parserOf(context);
      const facts = { sourceMapURL: sourceMapUrlOf(this.#source, parse), sourceURL: sourceUrlOf(this.#source, parse) };
      Object.assign(this, facts, this.#cacheFacts(cachedData, produceCachedData === true));
      (this as Record<symbol, unknown>)[hostDefinedOption] = referrer;
    }

    #cacheFacts(data: unknown, produces: boolean): object {
      if (data !== undefined) return { cachedDataRejected: !acceptsCachedData(context, this.#source, data) };
      if (!produces) return {};
      return { cachedDataProduced: true, cachedData: createCachedData(context, this.#source) };
    }

    /** Compiles without running: as the body of a function, which alone would allow `return`. */
    #check(): void {
      const { code } = this.#plain();
      const source = this.#source;
      const file = this.#file;
      checkText(context, { text: code, source, file, kind: 'script', shift: this.#shift });
      this.#isExpression = isExpression(context.host.evaluate, code);
      if (this.#isExpression || !/\breturn\b/.test(source)) return;
      const problem = findSyntaxProblem(source, 'script', { parse: parserOf(context), compile: () => undefined });
      if (!problem?.message.startsWith("'return' outside of function")) return;
      const error = new SyntaxError('Illegal return statement');
      const arrow = formatArrow(file, ...unshifted(source, problem, this.#shift));
      attachArrow(context, error, arrow);
      throw error;
    }

    /** The text as it runs in the process's global scope when it declares nothing there; registers it for stacks. */
    #plain(): { code: string } {
      this.#transform ??= this.#transformed();
      const { code, segments, before } = this.#transform;
      context.sourceRegistry.register(this.#file, this.#source, segments && { code, segments, before });
      return this.#transform;
    }

    #transformed(): { code: string; segments?: number[]; before?: number[] | undefined } {
      const counted = this.#counted;
      const source = counted?.code ?? this.#source;
      const edited = transformScriptSource(context, { source, importer: this.#importer, isOwn: counted !== null });
      return edited ? { ...edited, before: counted?.segments } : (counted ?? { code: source });
    }

    #prepare(inContext: boolean, guarded: boolean): PreparedScript | undefined {
      const key = `${inContext} ${guarded}`;
      const script =
        this.#prepared.get(key) ??
        this.#prepareText(this.#counted?.code ?? this.#source, { importer: this.#importer, inContext, guarded });
      if (!script) return undefined;
      this.#prepared.set(key, script);
      context.sourceRegistry.register(this.#file, this.#source, { ...script, before: this.#counted?.segments });
      return script;
    }

    #prepareText(source: string, settings: ScriptSettings): PreparedScript | undefined {
      const { importer, inContext, guarded } = settings;
      // Each script has an importer of its own.
      const variant = `${inContext} ${guarded} ${IMPORTS.test(source) ? importer : ''}`;
      return prepared.get(source, variant, () => prepareScript(source, settings, parserOf(context)));
    }

    /** (contextified object, timeout, displayErrors, breakOnSigint, breakOnFirstLine) */
    runInContext(contextObject: object | null | undefined, timeout = -1, displayErrors = false): unknown {
      if (displayErrors && timeout <= 0 && !contextObject && COMMAND_LINE.test(this.#file)) {
        decorateWhenFatal(true);
        const result = this.#runOutermost();
        decorateWhenFatal(false);
        return result;
      }
      const timedOut = () => fromCaller(timeoutError(timeout), ContextifyScript.prototype.runInContext);
      try {
        if (timeout <= 0 && !contextObject && OF_THREAD.test(this.#file)) return this.#runOutermost();
        if (timeout <= 0) return this.#run(contextObject, false);
        return timers.limit(timeout, () => this.#run(contextObject, true), timedOut);
      } catch (error) {
        const isOver = error instanceof ScriptTimedOut || isTimeout(error);
        if (displayErrors && !isOver) markThrow(context, error, { file: this.#file, shift: this.#shift });
        throw error;
      }
    }

    /** The whole stack is short there: each of the runtime's own frames would be missed. */
    #runOutermost(): unknown {
      return context.callSites.withRoom(() => this.#run(undefined, false));
    }

    #run(contextObject: object | null | undefined, guarded: boolean): unknown {
      if (guarded && !contextObject) installGuards(context, timers);
      this.#counted?.noteRun();
      const suffix = sourceUrlComment(this.#file);
      const vmContext = contextObject ? vmContextOf(contextObject) : undefined;
      const persists = DECLARES.test(this.#source) && !COMMAND_LINE.test(this.#file);
      const declares = !this.#isExpression && (persists || DELETES.test(this.#source));
      const script = vmContext || guarded || declares ? this.#prepare(vmContext !== undefined, guarded) : undefined;
      if (!script) return context.host.evaluate(this.#plain().code + suffix);
      return (vmContext ?? processScope).run(script, script.code + suffix);
    }

    createCachedData(): unknown {
      return createCachedData(context, this.#source);
    }
  }
  return ContextifyScript;
}

/** Of a text that compiles as it is. Compiling it once more takes a fraction of the time of parsing it. */
function isExpression(evaluate: (text: string) => unknown, code: string): boolean {
  // Other texts seldom begin like one.
  if (!/^\s*\(/.test(code)) return false;
  try {
    evaluate(`(function(){return (${code.replace(/;\s*$/, '')}\n)})`);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

function timeoutError(timeout: number): Error {
  const error = new Error(`Script execution timed out after ${timeout}ms`);
  return Object.assign(error, { code: TIMEOUT });
}

/** The time of a script within this one was over. */
const isTimeout = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === TIMEOUT;

function installGuards(context: ProcessContext, { tick, guard }: ScriptTimers): void {
  for (const [name, value] of [
    [VM_TICK, tick],
    [VM_GUARD, guard],
  ] as const) {
    setInjected(context.host, name, value);
  }
}
