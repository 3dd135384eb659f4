/** Files and changes as data: what trees are made of. */

/** Bytes that are not valid UTF-8. */
export interface BinaryContent {
  readonly base64: string;
}

/** A file's content: text whenever its bytes are valid UTF-8 (a byte order mark is kept), so that encoding it gives the bytes back. */
export type Content = string | BinaryContent;

/** Relative POSIX path ("src/a.js", no leading "./") -> content. */
export type Files = Readonly<Record<string, Content>>;

/** One file's change; `null` removes it. */
export interface FileChange {
  readonly path: string;
  readonly content: Content | null;
}
