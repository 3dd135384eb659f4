import type { FileChange } from '../../session/files.ts';

/** `find` stands exactly once in the file, character for character, and gives way to `replace`. */
export interface Replacement {
  readonly path: string;
  readonly find: string;
  readonly replace: string;
}

export interface WholeFile {
  readonly path: string;
  readonly content: string;
  /** The content came out of a fenced block, which always ends in a line break: a file without a final one stays without. */
  readonly fenced?: boolean;
}

/** An edit as a model wrote it, in one of the formats (`../prompts/edit-formats.ts` shows each). */
export type Edit =
  | { readonly format: 'replace'; readonly replacements: readonly Replacement[] }
  /** `<<<<<<< SEARCH`, `=======`, `>>>>>>> REPLACE`, each below the path of its file. */
  | { readonly format: 'blocks'; readonly text: string }
  /** Unified diff. `path` names the file where the diff has no header. */
  | { readonly format: 'diff'; readonly text: string; readonly path?: string }
  /** From `*** Begin Patch` to `*** End Patch`. */
  | { readonly format: 'patch'; readonly text: string }
  | { readonly format: 'whole'; readonly files: readonly WholeFile[] };

export type EditFormat = Edit['format'];

/** All of the edit, or none of it. `error` and `notes` are sentences that the model reads. */
export type EditResult =
  | { readonly ok: true; readonly changes: readonly FileChange[]; readonly notes: readonly string[] }
  | { readonly ok: false; readonly error: string };
