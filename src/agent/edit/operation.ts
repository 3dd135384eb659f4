import type { Replacement, WholeFile } from './edit.ts';

/** What an edit of any format comes to, for one file. */
export type Operation =
  | { readonly kind: 'replace'; readonly path: string; readonly replacements: readonly Replacement[] }
  | { readonly kind: 'write'; readonly path: string; readonly file: WholeFile };
