/** What is known of a module from its text alone. */
import type { Edit, Edited } from './edits.ts';
import type { ImportReference } from './import-references.ts';

export interface ModuleRequest {
  specifier: string;
  phase: 'source' | 'evaluation';
  attributes: Record<string, string>;
}

/** A place in the text, for messages. */
export interface Span {
  start: number;
  end: number;
}

export interface ImportedName extends Span {
  request: number;
  /** The other module's name for it; null is its namespace, or its source where that is requested. */
  imported: string | null;
  local: string;
}

export interface IndirectExport extends Span {
  exported: string;
  request: number;
  /** null is the other module's namespace. */
  imported: string | null;
}

export interface LocalExport {
  exported: string;
  local: string;
  /** Nothing assigns to the binding once its declaration has run. */
  constant: boolean;
}

export interface ModuleTransform {
  requests: ModuleRequest[];
  imports: ImportedName[];
  localExports: LocalExport[];
  indirectExports: IndirectExport[];
  /** Requests of `export * from`. */
  starExports: number[];
  hasTopLevelAwait: boolean;
  usesImportMeta: boolean;
  /** `export default function () {}` needs its name set. */
  namelessDefault: boolean;
  edits: Edit[];
  references: ImportReference[];
}

/** A module's text, and what becomes of it. */
export interface ModuleText {
  /** What its author wrote. */
  source: string;
  transform: ModuleTransform;
  /** The text that was transformed, where it counts what runs. */
  counted?: Edited;
}
