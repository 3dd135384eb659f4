/** What a scan of code finds. */
import type { CodeValues } from './code-values.ts';

/** How much it matters. `tamper`: with what judges the work. */
export type CodeRisk = 'tamper' | 'secret' | 'protected' | 'network' | 'program' | 'evaluates' | 'exit' | 'note';

export interface CodeFinding {
  /** From 1. */
  readonly line: number;
  readonly kind: CodeRisk;
  /** "starts a program". */
  readonly risk: string;
  /** The line. */
  readonly code: string;
  /** The command that it starts, for sh, where that can be told. */
  readonly command?: string;
}

export interface ScanOptions {
  /** How often the text stands in evaluated text. */
  readonly depth?: number;
  /** Relative to the project's folder. */
  readonly path: string;
  /** Why a path may not be written; null when it may. */
  readonly refuseWrite: (path: string) => string | null;
}

export type Found = Omit<CodeFinding, 'line' | 'code'>;
export interface ScanContext extends ScanOptions {
  readonly values: CodeValues;
  /** Inside a handler of the process's end. */
  readonly atExit: boolean;
  /** Its value is awaited right there. */
  readonly awaited: boolean;
  /** What is found in text that the code evaluates. */
  readonly scanText: (text: string) => readonly Found[];
}
