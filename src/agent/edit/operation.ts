import type { Replacement, WholeFile } from './edit.ts';
import type { Hunk } from './hunk.ts';

/** What an edit of any format comes to, for one file. Paths are as the project has them. */
export type Operation =
  | { readonly kind: 'replace'; readonly path: string; readonly replacements: readonly Replacement[] }
  | {
      readonly kind: 'hunks';
      readonly path: string;
      readonly hunks: readonly Hunk[];
      /** Git's blob hashes before and after, abbreviated. */
      readonly index: { readonly before: string; readonly after: string } | null;
    }
  /** Whatever the file held before. */
  | { readonly kind: 'write'; readonly path: string; readonly file: WholeFile }
  /** Stays as it is: its mode changes, which files here do not have. */
  | { readonly kind: 'keep'; readonly path: string }
  /** The file must not be there. */
  | { readonly kind: 'create'; readonly path: string; readonly content: string }
  /** `hunk` null: whatever it holds. */
  | { readonly kind: 'delete'; readonly path: string; readonly hunk: Hunk | null }
  /** Changes at the same time are operations of their own, on the old path. */
  | { readonly kind: 'move'; readonly path: string; readonly to: string }
  /** `hunks` change the copy alone. */
  | { readonly kind: 'copy'; readonly path: string; readonly to: string; readonly hunks: HunksOperation | null };

export type HunksOperation = Extract<Operation, { kind: 'hunks' }>;
