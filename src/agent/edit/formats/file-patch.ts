import type { Hunk } from '../hunk.ts';

/** One file of a unified diff, as its headers tell it. Names are as written but for quotes and timestamps. */
export interface FilePatch {
  oldName: string | null;
  newName: string | null;
  /** Headed by "diff --git". */
  isGit: boolean;
  /** The names of that line begin with "a/" and "b/", or with others of a letter. */
  hasPrefix: boolean;
  /** What both names of that line have behind prefixes that differ: the path, unless the file is moved. */
  tail: string | null;
  /** Its "---" and "+++" lines were read. */
  isNamed: boolean;
  isNew: boolean;
  isDeleted: boolean;
  isBinary: boolean;
  /** The file's mode changes, which files here do not have. */
  hasMode: boolean;
  moved: { kind: 'rename' | 'copy'; from: string; to: string } | null;
  /** Abbreviated blob hashes before and after. */
  index: { before: string; after: string } | null;
  hunks: Hunk[];
}

export const emptyFilePatch = (): FilePatch => ({
  oldName: null,
  newName: null,
  isGit: false,
  hasPrefix: true,
  tail: null,
  isNamed: false,
  isNew: false,
  isDeleted: false,
  isBinary: false,
  hasMode: false,
  moved: null,
  index: null,
  hunks: [],
});
