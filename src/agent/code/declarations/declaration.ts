export type DeclarationKind =
  | 'function'
  | 'class'
  | 'method'
  | 'property'
  | 'variable'
  | 'type'
  | 'import'
  | 're-export'
  | 'suite'
  | 'test';

/** A name that a file gives to something. */
export interface Declaration {
  readonly name: string;
  /** The class, object, function or suite that it belongs to. */
  readonly owner: string | null;
  readonly kind: DeclarationKind;
  /** First and last line. */
  readonly from: number;
  readonly to: number;
  /** As the source begins it, in one line: "async function total(cart, rate = 1)". */
  readonly signature: string;
  readonly exported: boolean;
  /** How many functions it stands in. */
  readonly depth: number;
  /** Lines of the innermost function that it stands in; 0 outside of functions. */
  readonly within: number;
  /** What an import or re-export names. */
  readonly source?: string;
}

export interface FileDeclarations {
  readonly declarations: readonly Declaration[];
  readonly lines: number;
  /** Why the file could not be parsed: its declarations were then found by patterns. */
  readonly problem: string | null;
}
