/** A line of an edit beside the one of the file that it shows or takes away. */
export interface LinePair {
  readonly edit: string;
  readonly file: string;
  /** The edit takes the line away, and puts others in its place. */
  readonly isReplaced: boolean;
  readonly isRemoved: boolean;
}

export interface LineParts {
  readonly indent: string;
  readonly core: string;
  readonly tail: string;
}

export const isBlank = (line: string): boolean => line.trim() === '';

export function partsOf(line: string): LineParts {
  const indent = /^[ \t]*/.exec(line)?.[0] ?? '';
  const core = line.slice(indent.length).trimEnd();
  return { indent, core, tail: line.slice(indent.length + core.length) };
}
