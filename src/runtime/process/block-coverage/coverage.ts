/** What a process counts of its sources, as the rest of it sees that. */
import type { Edited } from '../modules/transform/edits.ts';
import type { Parse } from '../modules/transform/syntax-tree.ts';
import type { FunctionCoverage } from './function-ranges.ts';

export interface ScriptResult {
  scriptId: string;
  url: string;
  functions: FunctionCoverage[];
}

export interface CoverageMode {
  /** Blocks count, not only functions. */
  detailed: boolean;
  /** How often; else only whether. */
  callCount: boolean;
}

export interface CountedText extends Edited {
  /** For a text whose own statements cannot count that it runs. */
  noteRun(): void;
}

export interface SourceToCount {
  source: string;
  /** A path or an URL. */
  file: string;
  kind: 'function' | 'module' | 'script';
  /** So many characters at its start are not its author's. */
  shift?: number;
}

export interface Coverage {
  /** By name, what a text that counts uses: `../modules/transform/injected-names.ts`. */
  readonly injected: Readonly<Record<string, unknown>>;
  /** What is compiled from now on counts. */
  start(mode: CoverageMode): void;
  stop(): void;
  /** The text with counters; null where nobody wants to know, or where it does not parse. */
  instrument(text: SourceToCount, parse: Parse): CountedText | null;
  /** What ran since it was asked last. */
  take(): ScriptResult[];
  /** What is known without having been asked for. */
  bestEffort(): ScriptResult[];
}

/** What a process that runs with `NODE_V8_COVERAGE` writes: a file of JSON in the folder of that name. */
export interface CoverageOutput {
  /** Node's library sets both before the program runs. */
  folder: string;
  sourceMaps: (() => unknown) | null;
  /** To be called at the launch. */
  startIfWanted(): void;
  take(): void;
  stop(): void;
  /** The process ends. */
  end(): void;
}
