/** How the indentation of an edit's lines became that of the file's, when it drifted: shifted, scaled, tabs against spaces. */

export interface IndentPair {
  /** Of a line as the edit has it, and as the file has it. */
  readonly edit: string;
  readonly file: string;
}

/** null for an indentation that cannot have come about this way. */
type Reindent = (indent: string) => string | null;

const UNITS = [2, 3, 4, 8];
const RATIOS = [
  [2, 1],
  [1, 2],
  [4, 1],
  [1, 4],
] as const;

/** Every drift that explains all pairs. */
export function explainIndentation(pairs: readonly IndentPair[]): Reindent[] {
  const [first] = pairs;
  if (!first || pairs.every(({ edit, file }) => edit === file)) return [(indent) => indent];
  const family = [...shifts(first), ...UNITS.flatMap(retabs), ...RATIOS.map(scale)];
  return family.filter((reindent) => pairs.every(({ edit, file }) => reindent(edit) === file));
}

function shifts({ edit, file }: IndentPair): Reindent[] {
  if (file.endsWith(edit)) {
    const added = file.slice(0, file.length - edit.length);
    return [(indent) => added + indent];
  }
  if (!edit.endsWith(file)) return [];
  const removed = edit.slice(0, edit.length - file.length);
  return [(indent) => (indent.startsWith(removed) ? indent.slice(removed.length) : null)];
}

function retabs(unit: number): Reindent[] {
  // More than one blank beside the tabs is alignment, which may have been written in several ways.
  const toTabs: Reindent = (indent) =>
    indent.includes('\t') || indent.length % unit > 1
      ? null
      : '\t'.repeat(Math.floor(indent.length / unit)) + ' '.repeat(indent.length % unit);
  const toSpaces: Reindent = (indent) => indent.replaceAll('\t', ' '.repeat(unit));
  return [toTabs, toSpaces];
}

function scale([by, per]: readonly [number, number]): Reindent {
  return (indent) => {
    const length = (indent.length * by) / per;
    // A single blank is no level of indentation.
    return indent.includes('\t') || indent.length % 2 !== 0 || length % 2 !== 0 ? null : ' '.repeat(length);
  };
}
