/** Counts what runs, of the sources that are compiled while somebody wants to know. A browser gives no coverage to a page: the sources count. */
import type * as acorn from 'acorn';
import type { HostGlobals } from '../context.ts';
import { applyEdits } from '../modules/transform/edits.ts';
import { setInjected } from '../modules/transform/injected-globals.ts';
import { COVERAGE, COVERAGE_LINK, COVERAGE_VALUE } from '../modules/transform/injected-names.ts';
import { sourceUrlOf } from '../modules/transform/magic-comments.ts';
import { blankSourcePhase } from '../modules/transform/source-phase.ts';
import type { Parse } from '../modules/transform/syntax-tree.ts';
import { countSource } from './count-source.ts';
import type { CountedFunction, CounterText } from './counted-source.ts';
import type { CountedText, Coverage, CoverageMode, ScriptResult, SourceToCount } from './coverage.ts';
import { type FunctionCoverage, functionRanges } from './function-ranges.ts';

interface Script {
  url: string;
  shift: number;
  functions: CountedFunction[];
  counters: Float64Array;
  /** Of each function, whether the engine ever compiled it. */
  compiled: boolean[];
}

/** The lower ones are those of Node's own scripts. */
const FIRST_ID = 80;
const IS_FILE = /^(?:\/|file:)/;

export class ScriptCoverage implements Coverage {
  readonly #host: Pick<HostGlobals, 'evaluate' | 'URL'>;
  #mode: CoverageMode | null = null;
  readonly #scripts: Script[] = [];
  /** Of each script: what transformed code counts in. */
  readonly #counters: Record<number, Float64Array> = Object.create(null);
  readonly injected: Readonly<Record<string, unknown>> = {
    [COVERAGE]: this.#counters,
    [COVERAGE_VALUE]: (value: unknown) => value,
    [COVERAGE_LINK]: (counters: Float64Array, counter: number, value: unknown) => {
      if (value !== null && value !== undefined) counters[counter] = (counters[counter] ?? 0) + 1;
      return value;
    },
  };
  #isInstalled = false;

  constructor(host: Pick<HostGlobals, 'evaluate' | 'URL'>) {
    this.#host = host;
  }

  start(mode: CoverageMode): void {
    this.#mode = mode;
  }

  stop(): void {
    this.#mode = null;
  }

  instrument({ source, file, kind, shift = 0 }: SourceToCount, parse: Parse): CountedText | null {
    if (this.#mode === null || !IS_FILE.test(file)) return null;
    let program: acorn.Program;
    try {
      program = parse(blankSourcePhase(source).text, {
        ecmaVersion: 'latest',
        sourceType: kind === 'module' ? 'module' : 'script',
        allowHashBang: true,
        allowReturnOutsideFunction: kind === 'function',
      });
    } catch (error) {
      // Who compiles it will say why.
      if (error instanceof SyntaxError || error instanceof RangeError) return null;
      throw error;
    }
    this.#install();
    const id = this.#scripts.length;
    const { functions, edits, counters } = countSource(program, source, counterText(id), kind === 'script');
    const counts = new Float64Array(counters);
    this.#counters[id] = counts;
    this.#scripts.push({
      url: sourceUrlOf(source, parse) ?? this.#urlOf(file),
      shift,
      functions,
      counters: counts,
      compiled: [],
    });
    const noteRun = () => {
      counts[0] = (counts[0] ?? 0) + 1;
    };
    return { ...applyEdits(source, edits), noteRun };
  }

  take(): ScriptResult[] {
    const results = this.#results(this.#mode ?? { detailed: false, callCount: false });
    for (const { counters } of this.#scripts) counters.fill(0);
    return results;
  }

  bestEffort(): ScriptResult[] {
    return this.#results({ detailed: false, callCount: false });
  }

  #results(mode: CoverageMode): ScriptResult[] {
    const results: ScriptResult[] = [];
    for (const [id, { url, shift, functions, counters, compiled }] of this.#scripts.entries()) {
      const counts = mode.callCount ? counters : counters.map((count) => Math.min(count, 1));
      const told = functionRanges(functions, counts, compiled);
      if (told.length === 0) continue;
      results.push({ scriptId: String(FIRST_ID + id), url, functions: told.map((item) => shown(item, mode, shift)) });
    }
    return results;
  }

  #install(): void {
    if (this.#isInstalled) return;
    this.#isInstalled = true;
    for (const [name, value] of Object.entries(this.injected)) setInjected(this.#host, name, value);
  }

  #urlOf(file: string): string {
    if (!file.startsWith('/')) return file;
    const url = new this.#host.URL('file:///');
    // As in `url.pathToFileURL`: in a path these signs are its own.
    url.pathname = file.replace(/[%\\\n\r\t]/g, encodeURIComponent);
    return url.href;
  }
}

const counterText = (id: number): CounterText => ({
  count: (counter) => `${COVERAGE}[${id}][${counter}]++`,
  valueOpening: `${COVERAGE_VALUE}(`,
  linkOpening: (counter) => `${COVERAGE_LINK}(${COVERAGE}[${id}],${counter},(`,
});

function shown(
  { functionName, ranges, isBlockCoverage }: FunctionCoverage,
  mode: CoverageMode,
  shift: number,
): FunctionCoverage {
  const kept = mode.detailed ? ranges : ranges.slice(0, 1);
  return {
    functionName,
    ranges: kept.map(({ startOffset, endOffset, count }) => ({
      startOffset: Math.max(0, startOffset - shift),
      endOffset: endOffset - shift,
      count,
    })),
    isBlockCoverage: isBlockCoverage && mode.detailed,
  };
}
