import type { Edit } from '../../../agent/edit/edit.ts';

/** A file before and after a change that someone, or the generator, made. */
export interface Change {
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

/** An edit as a model might send it, and what it means. */
export interface EditCase {
  readonly id: string;
  readonly format: 'diff' | 'patch' | 'blocks' | 'replace' | 'whole';
  /** What happened to the edit, or to the file, on the way: "none" for an edit as it was made. */
  readonly damage: string;
  readonly files: Readonly<Record<string, string>>;
  readonly edit: Edit;
  /** The files as they were meant to be; null where nobody can tell, so that only a refusal is right. */
  readonly intended: Readonly<Record<string, string>> | null;
}
