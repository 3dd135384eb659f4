/** How the indentation of an edit's lines became that of the file's, when it drifted: shifted, scaled, tabs against spaces. */

export interface IndentPair {
  /** Of a line as the edit has it, and as the file has it. */
  readonly edit: string;
  readonly file: string;
}

/** null for an indentation that cannot have come about this way. */
type Reindent = (indent: string) => string | null;

const UNITS = [2, 3, 4, 8];
/** Levels of so many blanks that became levels of so many others. */
const LEVELS = [
  [1, 2],
  [2, 1],
  [1, 4],
  [4, 1],
  [2, 4],
  [4, 2],
  [4, 8],
  [8, 4],
  [2, 8],
  [8, 2],
  [2, 3],
  [3, 2],
  [3, 4],
  [4, 3],
] as const;

/** Every drift that explains all pairs. */
export function explainIndentation(given: readonly IndentPair[]): Reindent[] {
  const pairs = [...new Map(given.map((pair) => [`${pair.edit}\n${pair.file}`, pair])).values()];
  const [first] = pairs;
  if (!first || pairs.every(({ edit, file }) => edit === file)) return [(indent) => indent];
  const family = [...shifts(first), ...UNITS.flatMap(retabs), ...LEVELS.map(scale)];
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

/** The single blank beside the levels is that of a comment's stars. */
function scale([from, to]: readonly [number, number]): Reindent {
  return (indent) => {
    const rest = indent.length % from;
    if (indent.includes('\t') || rest > 1) return null;
    return ' '.repeat(((indent.length - rest) / from) * to + rest);
  };
}
